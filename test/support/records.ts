// SPDX-License-Identifier: MIT
// Writes batches and gaps byte by byte from docs/batch-format.md, independent of the product's own code.

/** What a batch says of itself. */
export interface BatchSpec {
  readonly stream: number;
  readonly schema?: number;
  readonly epoch?: bigint;
  readonly first: number;
  /** One struct, or one payload of a variable batch, for each sample. */
  readonly samples: readonly Uint8Array[];
  readonly variable?: boolean;
  /** ns of the first sample; the next ones follow 1 ms apart. */
  readonly time?: bigint;
  /** Listed instead of counted. */
  readonly sequences?: readonly number[];
}

const pad8 = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** A batch record. */
export function batchRecord(spec: BatchSpec): Uint8Array {
  const { stream, schema = 0, epoch = 7n, first, samples, variable = false, time = 0n, sequences } = spec;
  const count = samples.length;
  const listBytes = sequences === undefined ? 0 : 8 * count;
  const lengthsBytes = variable ? pad8(4 * count) : 0;
  const payloadBytes = samples.reduce((sum, sample) => sum + sample.length, 0);
  const payloadAt = 40 + 8 * count + listBytes + lengthsBytes;
  const record = new Uint8Array(pad8(payloadAt + payloadBytes));
  const view = new DataView(record.buffer);
  view.setUint32(0, record.length, true);
  view.setUint8(4, 1);
  view.setUint8(5, (sequences === undefined ? 0 : 1) | (variable ? 2 : 0));
  view.setUint32(8, stream, true);
  view.setUint32(12, schema, true);
  view.setBigUint64(16, epoch, true);
  view.setBigUint64(24, BigInt(first), true);
  view.setUint32(32, count, true);
  view.setUint32(36, variable ? 0 : (samples[0]?.length ?? 0), true);
  let at = payloadAt;
  samples.forEach((sample, i) => {
    view.setBigInt64(40 + 8 * i, time + BigInt(i) * 1_000_000n, true);
    if (sequences !== undefined) view.setBigUint64(40 + 8 * count + 8 * i, BigInt(sequences[i] ?? 0), true);
    if (variable) view.setUint32(40 + 8 * count + listBytes + 4 * i, sample.length, true);
    record.set(sample, at);
    at += sample.length;
  });
  return record;
}

/** A gap record. */
export function gapRecord(
  stream: number,
  epoch: bigint,
  from: number,
  to: number,
  reason: number,
  count = to - from + 1,
): Uint8Array {
  const record = new Uint8Array(48);
  const view = new DataView(record.buffer);
  view.setUint32(0, 48, true);
  view.setUint8(4, 2);
  view.setUint32(8, stream, true);
  view.setUint32(12, reason, true);
  view.setBigUint64(16, epoch, true);
  view.setBigUint64(24, BigInt(from), true);
  view.setBigUint64(32, BigInt(to), true);
  view.setBigUint64(40, BigInt(count), true);
  return record;
}

/** Structs of one f64 each. */
export function doubles(...values: readonly number[]): Uint8Array[] {
  return values.map((value) => new Uint8Array(new Float64Array([value]).buffer));
}

/** The bytes of a text. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Several records behind each other. */
export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
