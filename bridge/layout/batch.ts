// SPDX-License-Identifier: MIT
// The prefix of a record and the batch record (docs/batch-format.md), checked as a whole before any part is used.
import {
  BATCH_HEADER_BYTES,
  FLAG_SEQUENCES,
  FLAG_VARIABLE,
  MAX_BATCH_COUNT,
  MAX_RECORD_BYTES,
  MAX_SAMPLE_BYTES,
  PREFIX_BYTES,
  RECORD_BATCH,
  type BatchHeader,
} from "../model/batch.ts";
import { BridgeError } from "../model/errors.ts";

/** A checked batch: its header and where its parts start. */
export interface BatchParts {
  readonly header: BatchHeader;
  readonly timesAt: number;
  /** 0: the sequences are consecutive. */
  readonly sequencesAt: number;
  /** 0: the samples are structs. */
  readonly lengthsAt: number;
  /** The first struct or payload. */
  readonly samplesAt: number;
  /** Of all structs or payloads, without padding. */
  readonly samplesBytes: number;
}

/** Throws `bad_record` saying what is wrong. */
export function refuseRecord(what: string): never {
  throw new BridgeError("bad_record", `record: ${what}`);
}

/** A view for reading the little-endian numbers of a record; shares its memory. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A u64 as a number; throws `bad_record` beyond 2⁵³−1. */
export function readCount(view: DataView, offset: number, what: string): number {
  const count = view.getUint32(offset + 4, true) * 4_294_967_296 + view.getUint32(offset, true);
  if (count > Number.MAX_SAFE_INTEGER) refuseRecord(`${what} is beyond 2^53-1`);
  return count;
}

/** The type of a record. Throws `bad_record` for fewer than 8 bytes. */
export function recordType(record: Uint8Array): number {
  if (record.length < PREFIX_BYTES) refuseRecord("is shorter than its prefix");
  return record[4] ?? 0;
}

/** The whole length that a record states in its first 8 bytes; throws `bad_record` unless it is one that may be. */
export function recordBytes(record: Uint8Array): number {
  if (record.length < PREFIX_BYTES) refuseRecord("is shorter than its prefix");
  const bytes = viewOf(record).getUint32(0, true);
  if (bytes < PREFIX_BYTES || bytes % 8 !== 0 || bytes > MAX_RECORD_BYTES) {
    refuseRecord(`states a length of ${String(bytes)} bytes`);
  }
  return bytes;
}

/** Throws `bad_record` unless the bytes are exactly one record of that type. */
export function checkWhole(record: Uint8Array, type: number): DataView {
  if (recordBytes(record) !== record.length) refuseRecord("is not as long as it states");
  if (recordType(record) !== type) refuseRecord(`is of type ${String(recordType(record))}, not ${String(type)}`);
  return viewOf(record);
}

/** Rounds up to a multiple of 8. */
export function align8(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

/** Reads and checks a whole batch; costs time in the number of samples only where sequences or lengths are listed. Throws `bad_record`. */
export function readBatch(record: Uint8Array): BatchParts {
  const view = checkWhole(record, RECORD_BATCH);
  if (record.length < BATCH_HEADER_BYTES) refuseRecord("is a batch without a whole header");
  const header: BatchHeader = {
    stream: view.getUint32(8, true),
    schema: view.getUint32(12, true),
    epoch: view.getBigUint64(16, true),
    first: readCount(view, 24, "a batch's first sequence"),
    count: view.getUint32(32, true),
    size: view.getUint32(36, true),
    flags: view.getUint8(5),
  };
  checkHeader(header);
  const timesAt = BATCH_HEADER_BYTES;
  const timesEnd = timesAt + header.count * 8;
  const listed = (header.flags & FLAG_SEQUENCES) !== 0;
  const fixedEnd = listed ? timesEnd + header.count * 8 : timesEnd;
  const variable = (header.flags & FLAG_VARIABLE) !== 0;
  const samplesAt = variable ? fixedEnd + align8(header.count * 4) : fixedEnd;
  if (samplesAt > record.length) refuseRecord("is a batch that is too short for its samples");
  const samplesBytes = variable ? sumLengths(view, fixedEnd, header.count) : header.count * header.size;
  if (align8(samplesAt + samplesBytes) !== record.length) refuseRecord("is a batch that is not as long as its samples");
  if (listed) checkSequences(view, timesEnd, header);
  return {
    header,
    timesAt,
    sequencesAt: listed ? timesEnd : 0,
    lengthsAt: variable ? fixedEnd : 0,
    samplesAt,
    samplesBytes,
  };
}

function checkHeader({ flags, count, size, first }: BatchHeader): void {
  if ((flags & ~(FLAG_SEQUENCES | FLAG_VARIABLE)) !== 0) refuseRecord("is a batch with unknown flags");
  if (count < 1 || count > MAX_BATCH_COUNT) refuseRecord(`is a batch of ${String(count)} samples`);
  if ((flags & FLAG_VARIABLE) !== 0 ? size !== 0 : size < 1 || size > MAX_SAMPLE_BYTES) {
    refuseRecord(`is a batch of samples of ${String(size)} bytes`);
  }
  if (first > Number.MAX_SAFE_INTEGER - (count - 1)) refuseRecord("is a batch with a sequence beyond 2^53-1");
}

function sumLengths(view: DataView, at: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const length = view.getUint32(at + i * 4, true);
    if (length > MAX_SAMPLE_BYTES) refuseRecord(`holds a payload of ${String(length)} bytes`);
    sum += length;
  }
  return sum;
}

function checkSequences(view: DataView, at: number, header: BatchHeader): void {
  let previous = header.first - 1;
  for (let i = 0; i < header.count; i++) {
    const sequence = readCount(view, at + i * 8, "a sequence");
    if (i === 0 ? sequence !== header.first : sequence <= previous) refuseRecord("lists sequences that do not rise");
    previous = sequence;
  }
}
