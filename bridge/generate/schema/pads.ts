// SPDX-License-Identifier: MIT
// The bytes of a struct that no field covers.
import type { Layout } from "../../model/schema.ts";
import { SCALARS } from "../../layout/scalars.ts";

/** A run of bytes. */
export type Run = readonly [offset: number, length: number];

/** What of `size` bytes lies in none of the `covered` runs, in order. */
export function uncovered(size: number, covered: readonly Run[]): readonly Run[] {
  const sorted = [...covered].sort((a, b) => a[0] - b[0]);
  const gaps: Run[] = [];
  let end = 0;
  for (const [offset, length] of sorted) {
    if (offset > end) gaps.push([end, offset - end]);
    end = Math.max(end, offset + length);
  }
  if (size > end) gaps.push([end, size - end]);
  return gaps;
}

/**
 * The pads of a struct with those inside of its nested structs and in every element of its arrays. What one alternative of a union
 * leaves free may be covered by another, so only the leaves decide.
 */
export function layoutPads(layout: Layout): readonly Run[] {
  const covered = new Uint8Array(layout.size);
  for (const leaf of layout.leaves) {
    const bytes = leaf.bits?.[0] ?? (leaf.capacity > 0 ? leaf.capacity : SCALARS[leaf.type].bytes);
    const mark = (offset: number, depth: number): void => {
      const dimension = leaf.dims[depth];
      if (dimension === undefined) {
        covered.fill(1, offset, offset + bytes);
        return;
      }
      for (let i = 0; i < dimension.length; i++) mark(offset + i * dimension.stride, depth + 1);
    };
    mark(leaf.offset, 0);
  }
  const gaps: Run[] = [];
  for (let start = covered.indexOf(0); start >= 0;) {
    const next = covered.indexOf(1, start);
    const end = next < 0 ? layout.size : next;
    gaps.push([start, end - start]);
    start = covered.indexOf(0, end);
  }
  return gaps;
}
