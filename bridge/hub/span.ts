// SPDX-License-Identifier: MIT
// A batch with what its sequences span.
import type { Loan } from "./loans.ts";
import { read32, read64 } from "../model/words.ts";
import { BATCH_HEADER_BYTES, FLAG_SEQUENCES, FLAG_VARIABLE } from "../model/batch.ts";

/** A batch on its way through the hub. Nobody changes its bytes. */
export interface Span {
  readonly batch: Uint8Array;
  readonly epoch: bigint;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** Who published it in an open channel; 0: it is of a driver. */
  readonly sender: number;
  /** When the bridge read it, ms since 1970 UTC. */
  readonly readMs: number;
  /** The memory that the batch is in, where that is lent; null: it is the batch's own. */
  readonly loan: Loan | null;
}

/** What of a batch is known besides its bytes: its epoch, too, as to read that would make a bigint. */
export type SpanOrigin = Pick<Span, "epoch" | "readMs">;

/** The sequences of a checked batch. Costs the same for any number of samples, as {@link spanOf} does. */
export function extentOf(batch: Uint8Array): Pick<Span, "first" | "last" | "count"> {
  const first = read64(batch, 24);
  const count = read32(batch, 32);
  const isListed = ((batch[5] ?? 0) & FLAG_SEQUENCES) !== 0;
  const last = isListed ? read64(batch, BATCH_HEADER_BYTES + 16 * count - 8) : first + count - 1;
  return { first, last, count };
}

/** The span of a checked batch. */
export function spanOf(batch: Uint8Array, { epoch, readMs }: SpanOrigin, loan: Loan | null = null): Span {
  const { first, last, count } = extentOf(batch);
  // Where structs have their schema, JSON and bytes have their sender.
  const sender = ((batch[5] ?? 0) & FLAG_VARIABLE) === 0 ? 0 : read32(batch, 12);
  return { batch, epoch, first, last, count, sender, readMs, loan };
}
