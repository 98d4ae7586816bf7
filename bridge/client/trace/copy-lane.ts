// SPDX-License-Identifier: MIT
// Copies one field of a batch's samples into a ring of doubles.
import type { Column } from "../../model/values.ts";
import type { FieldRef } from "./field-ref.ts";

/**
 * Writes samples `from` to `count` of `column` into `ring` (a power of two long), the first at running index `head`.
 * A column that is missing or is no numbers gives NaN: after a restart with another layout the field may be gone.
 */
export function copyLane(
  column: Column | undefined,
  field: FieldRef,
  from: number,
  count: number,
  ring: Float64Array,
  head: number,
): void {
  const mask = ring.length - 1;
  const stride = field.elements;
  if (column === undefined || Array.isArray(column) || column.length < count * stride) {
    for (let i = from; i < count; i++) ring[(head + i - from) & mask] = NaN;
    return;
  }
  let at = from * stride + field.element;
  if (column instanceof BigInt64Array || column instanceof BigUint64Array) {
    for (let i = from; i < count; i++, at += stride) ring[(head + i - from) & mask] = Number(column[at]);
    return;
  }
  const numbers = column as Float64Array;
  for (let i = from; i < count; i++, at += stride) ring[(head + i - from) & mask] = numbers[at] ?? NaN;
}
