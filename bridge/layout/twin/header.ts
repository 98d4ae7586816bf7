// SPDX-License-Identifier: MIT
// The header of a batch that is made from others, and where its parts stand.
import {
  BATCH_HEADER_BYTES,
  FLAG_SEQUENCES,
  FLAG_VARIABLE,
  RECORD_BATCH,
  type BatchHeader,
} from "../../model/batch.ts";
import { align8, viewOf } from "../batch.ts";

/** What a new batch has of its own; stream, schema and epoch are those of another. */
export type OwnHeader = Pick<BatchHeader, "first" | "count" | "size" | "flags">;

/** Where the parts of a batch stand; 0 for those it has not. `bytes` is the length of the record. */
export interface Places {
  readonly timesAt: number;
  readonly sequencesAt: number;
  readonly lengthsAt: number;
  readonly samplesAt: number;
  readonly bytes: number;
}

/** Where the parts of a batch stand whose structs or payloads take so many bytes. */
export function placesOf({ count, flags }: Pick<BatchHeader, "count" | "flags">, samplesBytes: number): Places {
  const timesEnd = BATCH_HEADER_BYTES + count * 8;
  const sequencesEnd = (flags & FLAG_SEQUENCES) === 0 ? timesEnd : timesEnd + count * 8;
  const samplesAt = (flags & FLAG_VARIABLE) === 0 ? sequencesEnd : sequencesEnd + align8(count * 4);
  return {
    timesAt: BATCH_HEADER_BYTES,
    sequencesAt: sequencesEnd === timesEnd ? 0 : timesEnd,
    lengthsAt: samplesAt === sequencesEnd ? 0 : sequencesEnd,
    samplesAt,
    bytes: align8(samplesAt + samplesBytes),
  };
}

/** Writes the header of a batch of `bytes` bytes to the start of `out`. */
export function writeHeader(
  like: Uint8Array,
  { first, count, size, flags }: OwnHeader,
  bytes: number,
  out: Uint8Array,
): void {
  const view = viewOf(out);
  out.set(like.subarray(0, BATCH_HEADER_BYTES));
  view.setUint32(0, bytes, true);
  view.setUint8(4, RECORD_BATCH);
  view.setUint8(5, flags);
  view.setUint16(6, 0);
  view.setBigUint64(24, BigInt(first), true);
  view.setUint32(32, count, true);
  view.setUint32(36, size, true);
}
