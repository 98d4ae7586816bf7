// SPDX-License-Identifier: MIT
// What a stream can be thinned to, checked for both codecs.
import { BridgeError } from "../../model/errors.ts";
import type { Layout } from "../../model/schema.ts";
import { BATCH_HEADER_BYTES, MAX_RECORD_BYTES } from "../../model/batch.ts";
import { indicesOf, leafAt } from "../column.ts";

/** At most one sample in each `periodNs`: of those whose time is closer than that to the one kept last, before it or behind, none is kept. For batches of any kind. */
export interface RateThinning {
  readonly kind: "rate";
  readonly periodNs: number;
}

/**
 * What a plot needs whose columns are `columnNs` wide and begin at multiples of that. Of each column are kept: the first and the last sample,
 * so that lines connect; and for each element of each number, enum and bool among `paths` the first sample that holds the
 * least value and the first that holds the greatest. NaN is neither, so a column that has nothing but NaN is its first and last.
 */
export interface ExtremesThinning {
  readonly kind: "extremes";
  readonly layout: Layout;
  readonly paths: readonly string[];
  readonly columnNs: number;
}

export type Thinning = RateThinning | ExtremesThinning;

/** Thins one stream, batch by batch. Synchronous; holds at most the candidates of one column, which fit a batch. */
export interface Thinner {
  /**
   * Takes the next batch of the stream and gives what is kept: no batch, or one (several only where one would be larger than a batch may be), which list
   * their sequences where these are not consecutive; the batch itself where all of it is kept. `extremes` gives a column when a sample of another
   * one comes. Throws `bad_record`, and for `extremes` `invalid_argument` for a batch of another stream, layout or epoch than what is
   * held (call `flush` first) or one that does not follow it.
   */
  push(batch: Uint8Array): readonly Uint8Array[];
  /** Gives what is held, at the end of the stream or of an epoch, or when a reader shall see the column that is not over yet. */
  flush(): readonly Uint8Array[];
}

/** The leaves of a checked thinning that are numbers. Throws `invalid_argument`, `unknown_field`, `message_too_large`. */
export function extremeLeaves({ layout, paths }: ExtremesThinning): readonly number[] {
  const numbers = indicesOf(layout, [...new Set(paths)]).filter((index) => leafAt(layout, index).capacity === 0);
  const series = numbers.reduce((sum, index) => sum + leafAt(layout, index).count, 0);
  const most = Math.floor((MAX_RECORD_BYTES - BATCH_HEADER_BYTES) / (layout.size + 16));
  if (numbers.length > 0 && 2 + 2 * series > most) {
    throw new BridgeError(
      "message_too_large",
      "thinning: the extremes of so many fields are more than a batch may hold",
    );
  }
  return numbers;
}

/** Throws `invalid_argument` unless it is a whole number of nanoseconds above 0. */
export function checkNs(ns: number): number {
  if (Number.isSafeInteger(ns) && ns > 0) return ns;
  throw new BridgeError("invalid_argument", `${String(ns)} is not a whole number of nanoseconds above 0`);
}
