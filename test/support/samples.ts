// SPDX-License-Identifier: MIT
// Batches as lists of samples, to say in a test which samples came through; read from the format alone.
import { batchRecord } from "./records.ts";

/** One sample of a batch. */
export interface Sample {
  readonly sequence: number;
  readonly time: bigint;
  readonly bytes: Uint8Array;
}

/** The samples of batch records, in order. */
export function samplesOf(...records: readonly Uint8Array[]): Sample[] {
  return records.flatMap((record) => {
    const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
    const [count, size, flags] = [view.getUint32(32, true), view.getUint32(36, true), view.getUint8(5)];
    const listed = (flags & 1) !== 0;
    const variable = (flags & 2) !== 0;
    const lengthsAt = 40 + count * (listed ? 16 : 8);
    let at = variable ? lengthsAt + Math.ceil(count / 2) * 8 : lengthsAt;
    return Array.from({ length: count }, (_, i): Sample => {
      const bytes = variable ? view.getUint32(lengthsAt + 4 * i, true) : size;
      const from = at;
      at += bytes;
      return {
        sequence:
          Number(listed ? view.getBigUint64(40 + 8 * (count + i), true) : view.getBigUint64(24, true)) +
          (listed ? 0 : i),
        time: view.getBigInt64(40 + 8 * i, true),
        bytes: record.slice(from, at),
      };
    });
  });
}

/** A batch of exactly these samples; their sequences are listed where they are not consecutive. */
export function batchOf(samples: readonly Sample[], { variable = false, schema = 2, epoch = 7n } = {}): Uint8Array {
  const first = samples[0]?.sequence ?? 0;
  const listed = samples.some(({ sequence }, i) => sequence !== first + i);
  const record = batchRecord({
    ...{ stream: 1, schema, epoch, first, variable, samples: samples.map(({ bytes }) => bytes) },
    ...(listed ? { sequences: samples.map(({ sequence }) => sequence) } : {}),
  });
  const view = new DataView(record.buffer);
  samples.forEach(({ time }, i) => {
    view.setBigInt64(40 + 8 * i, time, true);
  });
  return record;
}

/** A list in pieces that end at `cuts`. */
export function pieces<T>(list: readonly T[], cuts: readonly number[]): T[][] {
  const ends = [...new Set([...cuts.filter((at) => at > 0 && at < list.length), list.length])].sort((a, b) => a - b);
  return ends.map((end, i) => list.slice(ends[i - 1] ?? 0, end)).filter((piece) => piece.length > 0);
}
