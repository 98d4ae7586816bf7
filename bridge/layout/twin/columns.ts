// SPDX-License-Identifier: MIT
// Struct bytes to columns in JavaScript. Bits are copied as integers, so that a NaN keeps its payload.
import type { Leaf } from "../../model/schema.ts";
import { viewOf } from "../batch.ts";
import type { FillColumns, NumberColumn } from "../column.ts";
import { elementOffsets } from "../element.ts";
import { SCALARS } from "../scalars.ts";
import { loadInteger } from "./bits.ts";

/** Some structs of a batch: those from sample `first` up to `end`. */
interface Structs {
  readonly view: DataView;
  /** Of sample 0. */
  readonly at: number;
  readonly size: number;
  readonly little: boolean;
  first: number;
  end: number;
}

/** Fills one column from some structs. One loop for each width: what a loop does differently for each element costs more than the element. */
type Fill = (structs: Structs) => void;

/** Of struct bytes: what stays in the first cache while all columns take from it. */
const BLOCK_BYTES = 16_384;

/** Makes the filling of blocks of columns. */
export function columnFiller(): FillColumns {
  const known = new WeakMap<Leaf, Uint32Array>();
  const offsetsOf = (leaf: Leaf): Uint32Array => {
    let offsets = known.get(leaf);
    if (offsets === undefined) known.set(leaf, (offsets = elementOffsets(leaf)));
    return offsets;
  };
  return (layout, batch, { header, samplesAt }, { targets }) => {
    const { size, count } = header;
    const fills = targets.map(({ leaf, array }) => fillOf(leaf, array, offsetsOf(leaf)));
    const structs = { view: viewOf(batch), at: samplesAt, size, little: layout.endian === "le", first: 0, end: 0 };
    const step = Math.max(16, Math.floor(BLOCK_BYTES / size));
    for (; structs.end < count; structs.first = structs.end) {
      structs.end = Math.min(count, structs.first + step);
      for (const fill of fills) fill(structs);
    }
  };
}

function fillOf(leaf: Leaf, array: NumberColumn, offsets: Uint32Array): Fill {
  const { bytes } = SCALARS[leaf.type];
  if (leaf.kind === "bytes") return fillBytes(rawView(array, 1), offsets, leaf.capacity);
  if (leaf.bits !== undefined) return fillBits(leaf, leaf.bits, array, offsets);
  if (leaf.kind === "bool") return fillBools(rawView(array, 1), offsets);
  if (bytes === 1) return fill8(rawView(array, 1), offsets);
  if (bytes === 2) return fill16(rawView(array, 2), offsets);
  if (bytes === 4) return fill32(rawView(array, 4), offsets);
  return fill64(rawView(array, 4), offsets);
}

function fill8(out: Uint8Array, offsets: Uint32Array): Fill {
  const elements = offsets.length;
  return ({ view, at, size, first, end }) => {
    for (let k = 0; k < elements; k++) {
      let from = at + first * size + (offsets[k] ?? 0);
      for (let i = first * elements + k; i < end * elements; i += elements, from += size) out[i] = view.getUint8(from);
    }
  };
}

function fill16(out: Uint16Array, offsets: Uint32Array): Fill {
  const elements = offsets.length;
  return ({ view, at, size, first, end, little }) => {
    for (let k = 0; k < elements; k++) {
      let from = at + first * size + (offsets[k] ?? 0);
      for (let i = first * elements + k; i < end * elements; i += elements, from += size)
        out[i] = view.getUint16(from, little);
    }
  };
}

function fill32(out: Uint32Array, offsets: Uint32Array): Fill {
  const elements = offsets.length;
  return ({ view, at, size, first, end, little }) => {
    for (let k = 0; k < elements; k++) {
      let from = at + first * size + (offsets[k] ?? 0);
      for (let i = first * elements + k; i < end * elements; i += elements, from += size)
        out[i] = view.getUint32(from, little);
    }
  };
}

/** `out` are the halves of the elements, the low one first. */
function fill64(out: Uint32Array, offsets: Uint32Array): Fill {
  const step = offsets.length * 2;
  return ({ view, at, size, first, end, little }) => {
    const [low, high] = little ? [0, 4] : [4, 0];
    for (let k = 0; k < offsets.length; k++) {
      let from = at + first * size + (offsets[k] ?? 0);
      for (let i = first * step + k * 2; i < end * step; i += step, from += size) {
        out[i] = view.getUint32(from + low, little);
        out[i + 1] = view.getUint32(from + high, little);
      }
    }
  };
}

function fillBools(out: Uint8Array, offsets: Uint32Array): Fill {
  const fill = fill8(out, offsets);
  return (structs) => {
    fill(structs);
    const end = structs.end * offsets.length;
    for (let i = structs.first * offsets.length; i < end; i++) out[i] = out[i] === 0 ? 0 : 1;
  };
}

function fillBytes(out: Uint8Array, offsets: Uint32Array, capacity: number): Fill {
  return ({ view, at, size, first, end }) => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    let to = first * offsets.length * capacity;
    for (let i = first; i < end; i++) {
      for (const offset of offsets) {
        const from = at + i * size + offset;
        out.set(bytes.subarray(from, from + capacity), to);
        to += capacity;
      }
    }
  };
}

/** Most bitfields are part of one, two or four bytes: no bigint for those. */
function fillBits(
  leaf: Leaf,
  [bytes, shift, width]: NonNullable<Leaf["bits"]>,
  array: NumberColumn,
  offsets: Uint32Array,
): Fill {
  if (bytes > 4 || bytes === 3) return fillWideBits(leaf, array, offsets);
  const wide = array instanceof BigInt64Array || array instanceof BigUint64Array;
  const { signed } = SCALARS[leaf.type];
  const up = 32 - width;
  return ({ view, at, size, first, end, little }) => {
    let to = first * offsets.length;
    for (let i = first; i < end; i++) {
      for (const offset of offsets) {
        const from = at + i * size + offset;
        const word =
          bytes === 1 ? view.getUint8(from) : bytes === 2 ? view.getUint16(from, little) : view.getUint32(from, little);
        const pattern = (word >>> shift) << up;
        const value = signed ? pattern >> up : pattern >>> up;
        if (wide) array[to++] = BigInt(value);
        else array[to++] = leaf.kind === "bool" && value !== 0 ? 1 : value;
      }
    }
  };
}

function fillWideBits(leaf: Leaf, array: NumberColumn, offsets: Uint32Array): Fill {
  const wide = array instanceof BigInt64Array || array instanceof BigUint64Array;
  return ({ view, at, size, first, end, little }) => {
    let to = first * offsets.length;
    for (let i = first; i < end; i++) {
      for (const offset of offsets) {
        const value = loadInteger(view, at + i * size + offset, leaf, little);
        if (wide) array[to++] = value;
        else array[to++] = leaf.kind === "bool" && value !== 0n ? 1 : Number(value);
      }
    }
  };
}

function rawView(array: NumberColumn, bytes: 1): Uint8Array;
function rawView(array: NumberColumn, bytes: 2): Uint16Array;
function rawView(array: NumberColumn, bytes: 4): Uint32Array;
function rawView(array: NumberColumn, bytes: 1 | 2 | 4): Uint8Array | Uint16Array | Uint32Array {
  const { buffer, byteOffset, byteLength } = array;
  if (bytes === 1) return new Uint8Array(buffer, byteOffset, byteLength);
  if (bytes === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}
