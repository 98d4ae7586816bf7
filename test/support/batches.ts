// SPDX-License-Identifier: MIT
// Makes batch records (docs/batch-format.md) for tests, independent of the code under test.
import type { Schema } from "../../bridge/model/schema.ts";

/** A struct of 16 bytes: `value` f64, `count` i64. */
export const READING_SCHEMA: Schema = {
  v: 1,
  endian: "le",
  types: {
    reading: {
      k: "struct",
      size: 16,
      hash: "0000000000000000",
      f: [
        { n: "value", t: "f64", o: 0, u: "V" },
        { n: "count", t: "i64", o: 8 },
      ],
    },
  },
  messages: [{ name: "reading", role: "channel", type: "reading" }],
};

/** Another life's struct of the same size with other fields: `wide` u32[4]. */
export const OTHER_SCHEMA: Schema = {
  v: 1,
  endian: "le",
  types: {
    reading: { k: "struct", size: 16, hash: "0000000000000000", f: [{ n: "wide", t: "u32", o: 0, d: [4] }] },
  },
  messages: [{ name: "reading", role: "channel", type: "reading" }],
};

export interface BatchSpec {
  readonly stream: number;
  readonly schema: number;
  readonly epoch: bigint;
  readonly sequences: readonly number[];
  /** ns of the first sample; the others follow a millisecond apart. */
  readonly timeNs?: bigint;
}

/** A batch of `reading` structs whose value is the sequence, or what `valueOf` makes of it, and whose count is its negative. */
export function readingBatch(
  spec: BatchSpec,
  valueOf: (sequence: number) => number = (sequence) => sequence,
): Uint8Array {
  return batch(spec, 16, (view, at, sequence) => {
    view.setFloat64(at, valueOf(sequence), true);
    view.setBigInt64(at + 8, BigInt(-sequence), true);
  });
}

/** A batch of JSON texts or other payloads. */
export function payloadBatch(spec: BatchSpec, payloads: readonly string[]): Uint8Array {
  const bytes = payloads.map((payload) => Buffer.from(payload));
  const head = header(spec, 0, 2);
  const lengths = Buffer.alloc(align8(bytes.length * 4));
  bytes.forEach((payload, i) => lengths.writeUInt32LE(payload.length, i * 4));
  return finish(Buffer.concat([head, lengths, ...bytes]));
}

/** A gap record. */
export function gap(
  stream: number,
  epoch: bigint,
  from: number,
  to: number,
  count: number,
  reason: number,
): Uint8Array {
  const record = Buffer.alloc(48);
  record.writeUInt32LE(48, 0);
  record.writeUInt8(2, 4);
  record.writeUInt32LE(stream, 8);
  record.writeUInt32LE(reason, 12);
  record.writeBigUInt64LE(epoch, 16);
  record.writeBigUInt64LE(BigInt(from), 24);
  record.writeBigUInt64LE(BigInt(to), 32);
  record.writeBigUInt64LE(BigInt(count), 40);
  return record;
}

/** Numbers from `from` up to and with `to`. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

function batch(
  spec: BatchSpec,
  size: number,
  write: (view: DataView, at: number, sequence: number) => void,
): Uint8Array {
  const head = header(spec, size, 0);
  const structs = new Uint8Array(size * spec.sequences.length);
  const view = new DataView(structs.buffer);
  spec.sequences.forEach((sequence, i) => {
    write(view, i * size, sequence);
  });
  return finish(Buffer.concat([head, structs]));
}

function header(
  { stream, schema, epoch, sequences, timeNs = 1_700_000_000_000_000_000n }: BatchSpec,
  size: number,
  kind: number,
): Buffer {
  const first = sequences[0] ?? 0;
  const listed = sequences.some((sequence, i) => sequence !== first + i);
  const record = Buffer.alloc(40 + sequences.length * (listed ? 16 : 8));
  record.writeUInt8(1, 4);
  record.writeUInt8(kind | (listed ? 1 : 0), 5);
  record.writeUInt32LE(stream, 8);
  record.writeUInt32LE(schema, 12);
  record.writeBigUInt64LE(epoch, 16);
  record.writeBigUInt64LE(BigInt(first), 24);
  record.writeUInt32LE(sequences.length, 32);
  record.writeUInt32LE(size, 36);
  sequences.forEach((sequence, i) => {
    record.writeBigInt64LE(timeNs + BigInt(i) * 1_000_000n, 40 + i * 8);
    if (listed) record.writeBigUInt64LE(BigInt(sequence), 40 + sequences.length * 8 + i * 8);
  });
  return record;
}

function finish(record: Buffer): Uint8Array {
  const padded = Buffer.concat([record, Buffer.alloc(align8(record.length) - record.length)]);
  padded.writeUInt32LE(padded.length, 0);
  return new Uint8Array(padded);
}

function align8(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
