// SPDX-License-Identifier: MIT
// A batch with what its sequences span.
import type { Loan } from "./loans.ts";
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

/** The last sequence of a checked batch. */
export function lastSequence(batch: Uint8Array, flags: number, first: number, count: number): number {
  if ((flags & FLAG_SEQUENCES) === 0) return first + count - 1;
  const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
  return Number(view.getBigUint64(BATCH_HEADER_BYTES + 16 * count - 8, true));
}

/** Where structs have their schema, JSON and bytes have their sender. */
export function senderOf(flags: number, schema: number): number {
  return (flags & FLAG_VARIABLE) === 0 ? 0 : schema;
}

/** The span of a checked batch in memory of its own. */
export function spanOf(batch: Uint8Array, readMs: number): Span {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
  const epoch = view.getBigUint64(16, true);
  const first = Number(view.getBigUint64(24, true));
  const count = view.getUint32(32, true);
  const flags = view.getUint8(5);
  const sender = senderOf(flags, view.getUint32(12, true));
  return { batch, epoch, first, last: lastSequence(batch, flags, first, count), count, sender, readMs, loan: null };
}
