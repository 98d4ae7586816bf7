// SPDX-License-Identifier: MIT
// The header of a batch that a splitter has checked already.
import { viewOf } from "../layout/batch.ts";
import { timeMs } from "../layout/record.ts";
import { BATCH_HEADER_BYTES, type BatchHeader } from "../model/batch.ts";

/** Reads a checked batch's header; costs the same for any number of samples. */
export function headerOf(record: Uint8Array): BatchHeader {
  const view = viewOf(record);
  return {
    stream: view.getUint32(8, true),
    schema: view.getUint32(12, true),
    epoch: view.getBigUint64(16, true),
    first: Number(view.getBigUint64(24, true)),
    count: view.getUint32(32, true),
    size: view.getUint32(36, true),
    flags: view.getUint8(5),
  };
}

/** The time of a checked batch's newest sample, ms since 1970 UTC. */
export function newestTimeMs(record: Uint8Array, { count }: BatchHeader): number {
  return timeMs(viewOf(record), BATCH_HEADER_BYTES + 8 * (count - 1));
}
