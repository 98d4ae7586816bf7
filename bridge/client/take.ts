// SPDX-License-Identifier: MIT
// Collects samples of a channel until there are enough.
import { BridgeError } from "../model/errors.ts";
import type { Columns, Loss } from "../model/values.ts";
import type { Batch } from "./batch.ts";
import type { RequestOptions } from "./options.ts";

/** So many samples, or the samples of so many ms of the producer's time. */
export type TakeAmount = number | { readonly ms: number };

export interface TakeOptions extends RequestOptions {
  /** Gives up: `take()` rejects with `cancelled`. */
  readonly signal?: AbortSignal | undefined;
}

/** Samples of one life of a producer, in order. */
export interface Taken<V, C> {
  readonly count: number;
  readonly epoch: bigint;
  /** Typed arrays by field path, `count` samples each. */
  readonly columns: C;
  /** ms since 1970 UTC, with a fraction. */
  readonly times: Float64Array;
  /** ns since 1970 UTC. */
  readonly timesNs: BigInt64Array;
  readonly sequences: Float64Array;
  /** What is missing between the samples; empty when they are consecutive. */
  readonly lost: readonly Loss[];
  /** The samples as objects. */
  values(): V[];
}
