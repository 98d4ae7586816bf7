// SPDX-License-Identifier: MIT
// Struct bytes to columns in JavaScript. Bits are copied as integers, so that a NaN keeps its payload.
import type { Leaf } from "../../model/schema.ts";
import { viewOf } from "../batch.ts";
import type { FillColumns, NumberColumn } from "../column.ts";
import { elementOffsets } from "../element.ts";
import { SCALARS } from "../scalars.ts";
import { loadInteger } from "./bits.ts";

/** Takes the element at `at` of the batch to the place `index` of the column. */
type Put = (at: number, index: number) => void;

/** Fills columns from structs in the given byte order. */
export function fillColumns(little: boolean): FillColumns {
  return (batch, { header, samplesAt }, targets) => {
    const view = viewOf(batch);
    for (const { leaf, array } of targets) {
      const put = putOf(leaf, array, view, little);
      const offsets = elementOffsets(leaf);
      let index = 0;
      for (let sample = 0; sample < header.count; sample++) {
        const at = samplesAt + sample * header.size;
        for (const offset of offsets) put(at + offset, index++);
      }
    }
  };
}

function putOf(leaf: Leaf, array: NumberColumn, view: DataView, little: boolean): Put {
  if (leaf.kind === "bytes") return putBytes(leaf.capacity, array, view);
  if (leaf.bits !== undefined) return putBits(leaf, array, view, little);
  const { bytes } = SCALARS[leaf.type];
  if (bytes === 8) return putWide(array, view, little);
  const raw = rawView(array, bytes);
  if (leaf.kind === "bool") return (at, i) => (raw[i] = view.getUint8(at) === 0 ? 0 : 1);
  if (bytes === 1) return (at, i) => (raw[i] = view.getUint8(at));
  if (bytes === 2) return (at, i) => (raw[i] = view.getUint16(at, little));
  return (at, i) => (raw[i] = view.getUint32(at, little));
}

function putBytes(capacity: number, array: NumberColumn, view: DataView): Put {
  const raw = rawView(array, 1);
  return (at, i) => {
    raw.set(new Uint8Array(view.buffer, view.byteOffset + at, capacity), i * capacity);
  };
}

function putWide(array: NumberColumn, view: DataView, little: boolean): Put {
  const raw = rawView(array, 4);
  return (at, i) => {
    raw[i * 2] = view.getUint32(little ? at : at + 4, little);
    raw[i * 2 + 1] = view.getUint32(little ? at + 4 : at, little);
  };
}

function putBits(leaf: Leaf, array: NumberColumn, view: DataView, little: boolean): Put {
  if (array instanceof BigInt64Array || array instanceof BigUint64Array) {
    return (at, i) => (array[i] = loadInteger(view, at, leaf, little));
  }
  if (leaf.kind === "bool") return (at, i) => (array[i] = loadInteger(view, at, leaf, little) === 0n ? 0 : 1);
  return (at, i) => (array[i] = Number(loadInteger(view, at, leaf, little)));
}

function rawView(array: NumberColumn, bytes: 1 | 2 | 4): Uint8Array | Uint16Array | Uint32Array {
  const { buffer, byteOffset, byteLength } = array;
  if (bytes === 1) return new Uint8Array(buffer, byteOffset, byteLength);
  if (bytes === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}
