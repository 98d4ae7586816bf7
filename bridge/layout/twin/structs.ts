// SPDX-License-Identifier: MIT
// Columns to structs in JavaScript; the same as native/decode/structs.cpp.
import { viewOf } from "../batch.ts";
import { elementOffsets } from "../element.ts";
import { SCALARS } from "../scalars.ts";
import type { FillStructs, Given } from "../structs.ts";
import { storePattern } from "./bits.ts";

/** Puts element `i` of the column to `at` of the structs. */
type Put = (at: number, i: number) => void;

/** Writes columns into structs. */
export const fillStructs: FillStructs = (layout, count, given, structs) => {
  for (const each of given) {
    const put = putOf(each, structs, layout.endian === "le");
    const offsets = elementOffsets(each.leaf);
    let i = 0;
    for (let sample = 0; sample < count; sample++) {
      for (const offset of offsets) put(sample * layout.size + offset, i++);
    }
  }
};

function putOf({ leaf, bytes }: Given, structs: Uint8Array, little: boolean): Put {
  const [from, to] = [viewOf(bytes), viewOf(structs)];
  const { bytes: width } = SCALARS[leaf.type];
  if (leaf.capacity > 0) {
    const { capacity } = leaf;
    return (at, i) => {
      structs.set(bytes.subarray(i * capacity, (i + 1) * capacity), at);
    };
  }
  // A column has the host's byte order, which is that of typed arrays.
  if (leaf.bits !== undefined) {
    const values = width === 8 ? new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8) : undefined;
    const small =
      width === 4
        ? new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
        : width === 2
          ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
          : bytes;
    return (at, i) => {
      const found = values?.[i] ?? BigInt(small[i] ?? 0);
      const value = leaf.kind === "bool" && found !== 0n ? 1n : found;
      storePattern(leaf, value, little, (byte, bits, own) => {
        structs[at + byte] = ((structs[at + byte] ?? 0) & ~own) | bits;
      });
    };
  }
  if (leaf.kind === "bool") return (at, i) => (structs[at] = bytes[i] === 0 ? 0 : 1);
  if (width === 1) return (at, i) => (structs[at] = bytes[i] ?? 0);
  if (width === 2)
    return (at, i) => {
      to.setUint16(at, from.getUint16(i * 2, HOST_LITTLE), little);
    };
  if (width === 4)
    return (at, i) => {
      to.setUint32(at, from.getUint32(i * 4, HOST_LITTLE), little);
    };
  return (at, i) => {
    to.setBigUint64(at, from.getBigUint64(i * 8, HOST_LITTLE), little);
  };
}

const HOST_LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
