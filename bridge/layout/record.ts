// SPDX-License-Identifier: MIT
// Records as the rest of the bridge reads them (docs/batch-format.md): headers, times, sequences and payloads of batches, gaps, messages.
import { GAP_BYTES, MAX_RECORD_BYTES, PREFIX_BYTES, RECORD_GAP, type BatchHeader } from "../model/batch.ts";
import { LOSS_REASONS, type Loss } from "../model/values.ts";
import { checkWhole, readBatch, readCount, recordBytes, refuseRecord, viewOf } from "./batch.ts";

export { recordBytes, recordType } from "./batch.ts";

/** Reads a gap. A reason that is not known reads as `unknown`. Throws `bad_record`. */
export function readGap(record: Uint8Array): Loss & { readonly stream: number } {
  const view = checkWhole(record, RECORD_GAP);
  if (record.length !== GAP_BYTES) refuseRecord("is a gap of another length");
  const from = readCount(view, 24, "a gap's first sequence");
  const to = readCount(view, 32, "a gap's last sequence");
  const count = readCount(view, 40, "a gap's count");
  if (to < from || count < 1 || count > to - from + 1) refuseRecord("is a gap whose numbers contradict each other");
  return {
    stream: view.getUint32(8, true),
    epoch: view.getBigUint64(16, true),
    from,
    to,
    count,
    reason: LOSS_REASONS[view.getUint32(12, true)] ?? "unknown",
  };
}

/** Makes a gap record. */
export function writeGap(stream: number, loss: Loss): Uint8Array {
  const record = new Uint8Array(GAP_BYTES);
  const view = viewOf(record);
  view.setUint32(0, GAP_BYTES, true);
  view.setUint8(4, RECORD_GAP);
  view.setUint32(8, stream, true);
  view.setUint32(12, LOSS_REASONS.indexOf(loss.reason), true);
  view.setBigUint64(16, loss.epoch, true);
  view.setBigUint64(24, BigInt(loss.from), true);
  view.setBigUint64(32, BigInt(loss.to), true);
  view.setBigUint64(40, BigInt(loss.count), true);
  return record;
}

/**
 * The records of one message, in order, each starting at a multiple of 8 of its ArrayBuffer. They share the memory of `message` where that is aligned,
 * else one copy of it. Only the lengths are checked: throws `bad_record`.
 */
export function splitMessage(message: Uint8Array): Uint8Array[] {
  const bytes = message.byteOffset % 8 === 0 ? message : message.slice();
  const view = viewOf(bytes);
  const records: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.length - at < PREFIX_BYTES ? 0 : view.getUint32(at, true);
    if (length < PREFIX_BYTES || length % 8 !== 0 || length > MAX_RECORD_BYTES) recordBytes(bytes.subarray(at));
    if (length > bytes.length - at) refuseRecord("ends outside its message");
    // Not subarray: of a Buffer that would again be a Buffer.
    records.push(new Uint8Array(bytes.buffer, bytes.byteOffset + at, length));
    at += length;
  }
  return records;
}

/** The header of a batch. Checks the whole record and throws `bad_record`. */
export function readBatchHeader(record: Uint8Array): BatchHeader {
  return readBatch(record).header;
}

/** The times of a batch in ns: a view of the record where that is aligned, else a copy. Throws `bad_record`. */
export function batchTimes(record: Uint8Array): BigInt64Array {
  const { header, timesAt } = readBatch(record);
  const at = record.byteOffset + timesAt;
  if (at % 8 === 0) return new BigInt64Array(record.buffer, at, header.count);
  return new BigInt64Array(record.slice(timesAt, timesAt + header.count * 8).buffer);
}

/** The times of a batch in ms with their fraction, as everywhere outside batches. Throws `bad_record`. */
export function batchTimesMs(record: Uint8Array): Float64Array {
  const { header, timesAt } = readBatch(record);
  const view = viewOf(record);
  return Float64Array.from({ length: header.count }, (_, i) => timeMs(view, timesAt + i * 8));
}

/** Milliseconds as nanoseconds, to the microsecond, which is more than a clock gives. */
export function nsFromMs(ms: number): bigint {
  return BigInt(Math.round(ms * 1000)) * 1000n;
}

/** Nanoseconds as milliseconds with a fraction, rounded once. */
export function msFromNs(ns: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigInt64(0, ns, true);
  return timeMs(view, 0);
}

/** The i64 of nanoseconds at `offset` as milliseconds: whole ones and the rest are each exact, so that only their sum is rounded. */
export function timeMs(view: DataView, offset: number): number {
  return timeMsOf(view.getUint32(offset, true), view.getInt32(offset + 4, true));
}

/** The same of its two halves. */
export function timeMsOf(low: number, high: number): number {
  // Without a bigint for each sample: 2³² ns are 4294 ms and 967 296 ns.
  const rest = high * 967_296 + low;
  const whole = Math.floor(rest / 1e6);
  return high * 4294 + whole + (rest - whole * 1e6) / 1e6;
}

/** The sequences of a batch, listed or counted. Throws `bad_record`. */
export function batchSequences(record: Uint8Array): Float64Array {
  const { header, sequencesAt } = readBatch(record);
  const view = viewOf(record);
  return Float64Array.from({ length: header.count }, (_, i) =>
    sequencesAt === 0 ? header.first + i : readCount(view, sequencesAt + i * 8, "a sequence"),
  );
}

/** The payloads of a batch of JSON or bytes, as views of the record. Throws `bad_record`, also for a batch of structs. */
export function variablePayloads(record: Uint8Array): Uint8Array[] {
  const { header, lengthsAt, samplesAt } = readBatch(record);
  if (lengthsAt === 0) refuseRecord("is a batch of structs, not of JSON or bytes");
  const view = viewOf(record);
  let at = record.byteOffset + samplesAt;
  return Array.from({ length: header.count }, (_, i) => {
    const length = view.getUint32(lengthsAt + i * 4, true);
    const payload = new Uint8Array(record.buffer, at, length);
    at += length;
    return payload;
  });
}
