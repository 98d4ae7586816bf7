// SPDX-License-Identifier: MIT
// One batch from several of one stream in JavaScript; the same as native/core/merge.c.
import {
  BATCH_HEADER_BYTES,
  FLAG_SEQUENCES,
  FLAG_VARIABLE,
  MAX_BATCH_COUNT,
  MAX_RECORD_BYTES,
} from "../../model/batch.ts";
import { BridgeError } from "../../model/errors.ts";
import { align8, readBatch, readCount, viewOf, type BatchParts } from "../batch.ts";
import { placesOf, writeHeader } from "./header.ts";

/** A batch with its checked parts. */
export interface Part {
  readonly batch: Uint8Array;
  readonly parts: BatchParts;
}

/** What {@link Codec.merge} says. */
export function mergeBatches(batches: readonly Uint8Array[]): Uint8Array {
  const list = batches.map((batch): Part => ({ batch, parts: readBatch(batch) }));
  const [first] = list;
  if (first === undefined) throw new BridgeError("invalid_argument", "there are no batches to merge");
  if (list.length === 1) return first.batch;
  let listed = false;
  for (let i = 1, before = first; i < list.length; i++) {
    const next = list[i] ?? before;
    if (!sameStream(before.parts, next.parts)) {
      throw new BridgeError("invalid_argument", "batches of different streams, layouts or epochs do not merge");
    }
    const last = lastSequence(before);
    if (next.parts.header.first <= last)
      throw new BridgeError("invalid_argument", "batches merge in order of their sequences");
    listed ||= next.parts.header.first !== last + 1;
    before = next;
  }
  listed ||= list.some(({ parts }) => parts.sequencesAt !== 0);
  const bytes = mergedBytes(list, listed);
  if (bytes > MAX_RECORD_BYTES || totalCount(list) > MAX_BATCH_COUNT) {
    throw new BridgeError("message_too_large", "the merged batch would be larger than a batch may be");
  }
  const out = new Uint8Array(bytes);
  writeMerged(list, listed, out);
  return out;
}

/** Whether two batches are of one stream, layout and life, and both structs or both not. */
export function sameStream(a: BatchParts, b: BatchParts): boolean {
  const [x, y] = [a.header, b.header];
  return (
    x.stream === y.stream &&
    x.schema === y.schema &&
    x.epoch === y.epoch &&
    x.size === y.size &&
    (x.flags & FLAG_VARIABLE) === (y.flags & FLAG_VARIABLE)
  );
}

/** Writes the merged batch to the start of `out`, which must be zero. The parts are of one stream and in order. */
export function writeMerged(list: readonly Part[], listed: boolean, out: Uint8Array): void {
  const [first] = list;
  if (first === undefined) return;
  const count = totalCount(list);
  const view = viewOf(out);
  const flags = mergedFlags(list, listed);
  writeHeader(first.batch, { ...first.parts.header, count, flags }, mergedBytes(list, listed), out);
  let at = BATCH_HEADER_BYTES;
  const append = (batch: Uint8Array, from: number, bytes: number): void => {
    out.set(batch.subarray(from, from + bytes), at);
    at += bytes;
  };
  for (const { batch, parts } of list) append(batch, parts.timesAt, parts.header.count * 8);
  if (listed) {
    for (const { batch, parts } of list) {
      if (parts.sequencesAt !== 0) append(batch, parts.sequencesAt, parts.header.count * 8);
      else
        for (let i = 0; i < parts.header.count; i++, at += 8)
          view.setBigUint64(at, BigInt(parts.header.first + i), true);
    }
  }
  if (first.parts.lengthsAt !== 0) {
    for (const { batch, parts } of list) append(batch, parts.lengthsAt, parts.header.count * 4);
    at = align8(at);
  }
  for (const { batch, parts } of list) append(batch, parts.samplesAt, parts.samplesBytes);
}

function mergedBytes(list: readonly Part[], listed: boolean): number {
  const samples = list.reduce((sum, { parts }) => sum + parts.samplesBytes, 0);
  return placesOf({ count: totalCount(list), flags: mergedFlags(list, listed) }, samples).bytes;
}

function mergedFlags(list: readonly Part[], listed: boolean): number {
  return ((list[0]?.parts.header.flags ?? 0) & FLAG_VARIABLE) | (listed ? FLAG_SEQUENCES : 0);
}

function totalCount(list: readonly Part[]): number {
  return list.reduce((sum, { parts }) => sum + parts.header.count, 0);
}

function lastSequence({ batch, parts }: Part): number {
  const { first, count } = parts.header;
  return parts.sequencesAt === 0
    ? first + count - 1
    : readCount(viewOf(batch), parts.sequencesAt + (count - 1) * 8, "a sequence");
}
