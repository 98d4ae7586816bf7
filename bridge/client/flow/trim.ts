// SPDX-License-Identifier: MIT
// Cuts samples off the front of a batch that a reader has already.
import { align8, readBatch, viewOf } from "../../layout/batch.ts";
import { batchSequences } from "../../layout/record.ts";
import { BATCH_HEADER_BYTES } from "../../model/batch.ts";

/** A new record with the samples from sequence `from` on; `from` must not be beyond the last. Throws `bad_record`. */
export function recordFrom(record: Uint8Array, from: number): Uint8Array {
  const { header, timesAt, sequencesAt, lengthsAt, samplesAt, samplesBytes } = readBatch(record);
  const sequences = batchSequences(record);
  const skip = sequences.findIndex((sequence) => sequence >= from);
  const count = header.count - skip;
  const view = viewOf(record);
  let skippedBytes = skip * header.size;
  for (let i = 0; lengthsAt !== 0 && i < skip; i++) skippedBytes += view.getUint32(lengthsAt + i * 4, true);

  const listsBytes = count * 8 * (sequencesAt === 0 ? 1 : 2) + (lengthsAt === 0 ? 0 : align8(count * 4));
  const out = new Uint8Array(align8(BATCH_HEADER_BYTES + listsBytes + samplesBytes - skippedBytes));
  let at = 0;
  const copy = (start: number, bytes: number): void => {
    out.set(record.subarray(start, start + bytes), at);
    at = align8(at + bytes);
  };
  copy(0, BATCH_HEADER_BYTES);
  copy(timesAt + skip * 8, count * 8);
  if (sequencesAt !== 0) copy(sequencesAt + skip * 8, count * 8);
  if (lengthsAt !== 0) copy(lengthsAt + skip * 4, count * 4);
  copy(samplesAt + skippedBytes, samplesBytes - skippedBytes);

  const outView = viewOf(out);
  outView.setUint32(0, out.length, true);
  outView.setBigUint64(24, BigInt(sequences[skip] ?? header.first), true);
  outView.setUint32(32, count, true);
  return out;
}
