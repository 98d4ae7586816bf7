// SPDX-License-Identifier: MIT
// Struct bytes to columns in JavaScript. Bits are copied as integers, so that a NaN keeps its payload.
import type { Leaf } from "../../model/schema.ts";
import { viewOf } from "../batch.ts";
import type { FillColumns, NumberColumn } from "../column.ts";
import { elementOffsets } from "../element.ts";
import { SCALARS } from "../scalars.ts";
import { loadInteger } from "./bits.ts";

/** Where the elements of a leaf are read: sample by sample, element by element. */
interface Source {
  readonly view: DataView;
  readonly samplesAt: number;
  readonly size: number;
  readonly count: number;
  readonly offsets: Uint32Array;
  readonly little: boolean;
}

/** Fills columns from structs in the given byte order. */
export function fillColumns(little: boolean): FillColumns {
  return (batch, { header, samplesAt }, targets) => {
    const view = viewOf(batch);
    for (const { leaf, array } of targets) {
      const offsets = elementOffsets(leaf);
      fill({ view, samplesAt, size: header.size, count: header.count, offsets, little }, leaf, array);
    }
  };
}

function fill(source: Source, leaf: Leaf, array: NumberColumn): void {
  if (leaf.kind === "bytes") return fillBytes(source, leaf.capacity, array);
  if (leaf.bits !== undefined) return fillBits(source, leaf, array);
  const { view, little } = source;
  const { bytes } = SCALARS[leaf.type];
  if (bytes === 8) return fillWide(source, array);
  const raw = rawView(array, bytes);
  if (leaf.kind === "bool") return each(source, (at, i) => (raw[i] = view.getUint8(at) === 0 ? 0 : 1));
  if (bytes === 1) return each(source, (at, i) => (raw[i] = view.getUint8(at)));
  if (bytes === 2) return each(source, (at, i) => (raw[i] = view.getUint16(at, little)));
  return each(source, (at, i) => (raw[i] = view.getUint32(at, little)));
}

function fillBytes(source: Source, capacity: number, array: NumberColumn): void {
  const { view } = source;
  const raw = rawView(array, 1);
  each(source, (at, i) => {
    raw.set(new Uint8Array(view.buffer, view.byteOffset + at, capacity), i * capacity);
  });
}

function fillWide(source: Source, array: NumberColumn): void {
  const { view, little } = source;
  const raw = rawView(array, 4);
  each(source, (at, i) => {
    raw[i * 2] = view.getUint32(little ? at : at + 4, little);
    raw[i * 2 + 1] = view.getUint32(little ? at + 4 : at, little);
  });
}

function fillBits(source: Source, leaf: Leaf, array: NumberColumn): void {
  const { view, little } = source;
  if (array instanceof BigInt64Array || array instanceof BigUint64Array) {
    return each(source, (at, i) => (array[i] = loadInteger(view, at, leaf, little)));
  }
  if (leaf.kind === "bool") {
    return each(source, (at, i) => (array[i] = loadInteger(view, at, leaf, little) === 0n ? 0 : 1));
  }
  return each(source, (at, i) => (array[i] = Number(loadInteger(view, at, leaf, little))));
}

function rawView(array: NumberColumn, bytes: 1 | 2 | 4): Uint8Array | Uint16Array | Uint32Array {
  const { buffer, byteOffset, byteLength } = array;
  if (bytes === 1) return new Uint8Array(buffer, byteOffset, byteLength);
  if (bytes === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

function each({ samplesAt, size, count, offsets }: Source, read: (at: number, index: number) => void): void {
  let index = 0;
  for (let sample = 0; sample < count; sample++) {
    const base = samplesAt + sample * size;
    for (const offset of offsets) read(base + offset, index++);
  }
}
