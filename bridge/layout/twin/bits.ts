// SPDX-License-Identifier: MIT
// Single elements of struct bytes: integers of both byte orders, bitfields, and the bits of a value given to be written.
import type { Leaf } from "../../model/schema.ts";
import { SCALARS } from "../scalars.ts";

/** The bits of an element as an unsigned integer, without its sign. */
export function loadPattern(view: DataView, offset: number, leaf: Leaf, little: boolean): bigint {
  const [bytes, shift, width] = leaf.bits ?? [SCALARS[leaf.type].bytes, 0, SCALARS[leaf.type].bytes * 8];
  let word = 0n;
  for (let i = 0; i < bytes; i++) {
    const byte = view.getUint8(offset + (little ? bytes - 1 - i : i));
    word = (word << 8n) | BigInt(byte);
  }
  return BigInt.asUintN(width, word >> BigInt(shift));
}

/** An integer element with its sign: plain ones and bitfields. */
export function loadInteger(view: DataView, offset: number, leaf: Leaf, little: boolean): bigint {
  const pattern = loadPattern(view, offset, leaf, little);
  const width = leaf.bits?.[2] ?? SCALARS[leaf.type].bytes * 8;
  return SCALARS[leaf.type].signed ? BigInt.asIntN(width, pattern) : pattern;
}

/** Calls `each` for every byte of an element with the bits of `pattern` in it and the mask of the bits that belong to the element. */
export function storePattern(
  leaf: Leaf,
  pattern: bigint,
  little: boolean,
  each: (byteOffset: number, bits: number, mask: number) => void,
): void {
  const [bytes, shift, width] = leaf.bits ?? [SCALARS[leaf.type].bytes, 0, SCALARS[leaf.type].bytes * 8];
  const word = BigInt.asUintN(width, pattern) << BigInt(shift);
  const mask = BigInt.asUintN(width, -1n) << BigInt(shift);
  for (let i = 0; i < bytes; i++) {
    const down = BigInt(i * 8);
    each(little ? i : bytes - 1 - i, Number((word >> down) & 255n), Number((mask >> down) & 255n));
  }
}
