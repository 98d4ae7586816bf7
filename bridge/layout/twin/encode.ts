// SPDX-License-Identifier: MIT
// Writes elements into a struct and its mask in JavaScript; the same as native/decode/encode.cpp.
import { BridgeError } from "../../model/errors.ts";
import type { Layout } from "../../model/schema.ts";
import type { EncodedStruct } from "../codec.ts";
import { leafAt } from "../column.ts";
import { elementOffset } from "../element.ts";
import type { Writes } from "../encode/write.ts";
import { storePattern } from "./bits.ts";

/** Carries out writes. A bit that two of them set is `bad_value`. */
export function writeStruct(layout: Layout, writes: Writes): EncodedStruct {
  const value = new Uint8Array(layout.size);
  const mask = new Uint8Array(layout.size);
  const little = layout.endian === "le";
  const view = new DataView(writes.bits.buffer);
  let at = 0;
  writes.indices.forEach((index, i) => {
    const leaf = leafAt(layout, index);
    const offset = elementOffset(leaf, writes.elements[i] ?? 0);
    const put = (byte: number, bits: number, own: number): void => {
      const to = offset + byte;
      const before = mask[to] ?? 0;
      if ((before & own) !== 0) throw new BridgeError("bad_value", `${writes.names[i] ?? leaf.path} is given twice`);
      mask[to] = before | own;
      value[to] = (value[to] ?? 0) | bits;
    };
    if (leaf.capacity > 0) {
      for (let byte = 0; byte < leaf.capacity; byte++) put(byte, writes.bits[at + byte] ?? 0, 255);
      at += leaf.capacity;
    } else {
      storePattern(leaf, view.getBigUint64(at, true), little, put);
      at += 8;
    }
  });
  return { value, mask };
}
