// SPDX-License-Identifier: MIT
// Where the elements of a leaf stand in the struct.
import type { Leaf } from "../model/schema.ts";

/** The offset of an element from the start of the struct; `element` counts row-major through `dims`. */
export function elementOffset(leaf: Leaf, element: number): number {
  let offset = leaf.offset;
  let rest = element;
  for (let level = leaf.dims.length - 1; level >= 0; level--) {
    const dimension = leaf.dims[level];
    if (dimension === undefined) break;
    offset += (rest % dimension.length) * dimension.stride;
    rest = Math.floor(rest / dimension.length);
  }
  return offset;
}

/** The offsets of all elements of a leaf, row-major. */
export function elementOffsets(leaf: Leaf): Uint32Array {
  return Uint32Array.from({ length: leaf.count }, (_, element) => elementOffset(leaf, element));
}
