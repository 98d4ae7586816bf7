// SPDX-License-Identifier: MIT
// Some samples of one or two batches as batches of their own in JavaScript; the same as native/decode/take.cpp.
import { FLAG_SEQUENCES, FLAG_VARIABLE, MAX_BATCH_COUNT, MAX_RECORD_BYTES } from "../../model/batch.ts";
import { readBatch, readCount, viewOf, type BatchParts } from "../batch.ts";
import { placesOf, writeHeader } from "./header.ts";
import type { Part } from "./merge.ts";

/** A batch that was checked, with views for reading it. */
export interface Source extends Part {
  readonly view: DataView;
  /** Where each payload starts, and the end of the last; empty for structs. */
  readonly payloads: Uint32Array;
}

/** Reads a batch; throws `bad_record`. */
export function sourceOf(batch: Uint8Array, parts: BatchParts = readBatch(batch)): Source {
  const view = viewOf(batch);
  const payloads = new Uint32Array(parts.lengthsAt === 0 ? 0 : parts.header.count + 1);
  payloads.fill(parts.samplesAt, 0, 1);
  for (let i = 1; i < payloads.length; i++) {
    payloads[i] = (payloads[i - 1] ?? 0) + view.getUint32(parts.lengthsAt + (i - 1) * 4, true);
  }
  return { batch, parts, view, payloads };
}

/** The time of a sample in ns. */
export function timeAt({ view, parts }: Source, sample: number): bigint {
  return view.getBigInt64(parts.timesAt + sample * 8, true);
}

/** The sequence of a sample. */
export function sequenceAt({ view, parts }: Source, sample: number): number {
  const { sequencesAt, header } = parts;
  return sequencesAt === 0 ? header.first + sample : readCount(view, sequencesAt + sample * 8, "a sequence");
}

/** One sample that was taken. */
interface Sample {
  readonly source: Source;
  readonly sample: number;
  readonly from: number;
  readonly to: number;
}

/** Samples in the order of their sequences, all of one stream, schema and epoch. */
export class Taken {
  readonly #batches: { readonly samples: Sample[]; bytes: number }[] = [];
  count = 0;

  /** To be called with rising sequences. */
  add(source: Source, sample: number): void {
    const { header, samplesAt } = source.parts;
    const from = source.payloads[sample] ?? samplesAt + sample * header.size;
    const to = source.payloads[sample + 1] ?? from + header.size;
    const last = this.#batches[this.#batches.length - 1];
    const bytes = (last?.bytes ?? 0) + to - from;
    this.count += 1;
    if (last !== undefined && fits(last.samples.length + 1, bytes, header.flags)) {
      last.samples.push({ source, sample, from, to });
      last.bytes = bytes;
    } else {
      this.#batches.push({ samples: [{ source, sample, from, to }], bytes: to - from });
    }
  }

  /** The samples as one batch, or as several where one would be larger than a batch may be. */
  write(): Uint8Array[] {
    return this.#batches.map(({ samples, bytes }) => writeSamples(samples, bytes));
  }
}

/** Of samples with their sequences listed, which is the most they can need. */
function fits(count: number, bytes: number, flags: number): boolean {
  return (
    count <= MAX_BATCH_COUNT && placesOf({ count, flags: flags | FLAG_SEQUENCES }, bytes).bytes <= MAX_RECORD_BYTES
  );
}

function writeSamples(samples: readonly Sample[], samplesBytes: number): Uint8Array {
  const [front] = samples;
  if (front === undefined) return new Uint8Array(0);
  const { source } = front;
  const { size, flags } = source.parts.header;
  const first = sequenceAt(source, front.sample);
  const listed = samples.some((each, i) => sequenceAt(each.source, each.sample) !== first + i);
  const header = { first, count: samples.length, size, flags: (flags & FLAG_VARIABLE) | (listed ? FLAG_SEQUENCES : 0) };
  const { timesAt, sequencesAt, lengthsAt, samplesAt, bytes } = placesOf(header, samplesBytes);
  const out = new Uint8Array(bytes);
  const view = viewOf(out);
  writeHeader(source.batch, header, bytes, out);
  let at = samplesAt;
  samples.forEach(({ source: each, sample, from, to }, i) => {
    view.setBigInt64(timesAt + i * 8, timeAt(each, sample), true);
    if (sequencesAt !== 0) view.setBigUint64(sequencesAt + i * 8, BigInt(sequenceAt(each, sample)), true);
    if (lengthsAt !== 0) view.setUint32(lengthsAt + i * 4, to - from, true);
    out.set(each.batch.subarray(from, to), at);
    at += to - from;
  });
  return out;
}
