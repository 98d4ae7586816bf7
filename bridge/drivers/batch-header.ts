// SPDX-License-Identifier: MIT
// The header of a batch that a splitter has checked already.
import { viewOf } from "../layout/batch.ts";
import { timeMsOf } from "../layout/record.ts";
import { read32, read64 } from "../model/words.ts";
import { BATCH_HEADER_BYTES, type BatchHeader } from "../model/batch.ts";

/** Reads a checked batch's header; costs the same for any number of samples. */
export function headerOf(record: Uint8Array): BatchHeader {
  return {
    stream: streamOf(record),
    schema: read32(record, 12),
    epoch: viewOf(record).getBigUint64(16, true),
    first: read64(record, 24),
    count: read32(record, 32),
    size: read32(record, 36),
    flags: record[5] ?? 0,
  };
}

/** The stream of a checked batch. */
export function streamOf(record: Uint8Array): number {
  return read32(record, 8);
}

/** The time of a checked batch's newest sample, ms since 1970 UTC. */
export function newestTimeMs(record: Uint8Array): number {
  const at = BATCH_HEADER_BYTES + 8 * (read32(record, 32) - 1);
  return timeMsOf(read32(record, at), read32(record, at + 4) | 0);
}
