// SPDX-License-Identifier: MIT
// Columns as both codecs make them: which fields are wanted, the arrays they go into, and the texts.
import { BridgeError } from "../model/errors.ts";
import type { Layout, Leaf, ScalarType } from "../model/schema.ts";
import type { Column, Columns } from "../model/values.ts";
import { readBatch, refuseRecord, type BatchParts } from "./batch.ts";
import { elementOffsets } from "./element.ts";
import { readTextColumn } from "./text.ts";

/** A column that is filled in place. */
export type NumberColumn = Exclude<Column, readonly string[]>;

/** A leaf by its index in the layout, and the array that takes it. */
export interface Target {
  readonly index: number;
  readonly leaf: Leaf;
  readonly array: NumberColumn;
}

/** Fills arrays from the structs of a checked batch; what the codecs do each in their own way. */
export type FillColumns = (batch: Uint8Array, parts: BatchParts, targets: readonly Target[]) => void;

/** What {@link Codec.columns} does around the filling. Throws `bad_record`, `unknown_field`. */
export function makeColumns(
  layout: Layout,
  batch: Uint8Array,
  paths: readonly string[] | undefined,
  into: Columns | undefined,
  fill: FillColumns,
): Columns {
  const parts = readStructs(layout, batch);
  const { count, size } = parts.header;
  const targets: Target[] = [];
  const indices = paths === undefined ? layout.leaves.map((_, index) => index) : indicesOf(layout, paths);
  const columns = indices.map((index): [string, Column] => {
    const leaf = leafAt(layout, index);
    if (leaf.kind === "text") {
      const samples = { at: parts.samplesAt, size, count };
      return [leaf.path, readTextColumn(batch, samples, elementOffsets(leaf), leaf.capacity)];
    }
    const array = reuse(into, leaf, count) ?? allocate(leaf, count);
    targets.push({ index, leaf, array });
    return [leaf.path, array];
  });
  fill(batch, parts, targets);
  return Object.fromEntries(columns);
}

/** Reads a batch of structs of that layout; throws `bad_record` when it holds something else. */
export function readStructs(layout: Layout, batch: Uint8Array): BatchParts {
  const parts = readBatch(batch);
  if (parts.lengthsAt !== 0) refuseRecord("is a batch of JSON or bytes, not of structs");
  if (parts.header.size !== layout.size) {
    refuseRecord(`holds structs of ${String(parts.header.size)} bytes, ${layout.type} has ${String(layout.size)}`);
  }
  return parts;
}

/** The leaf of an index that came from the layout itself. */
export function leafAt(layout: Layout, index: number): Leaf {
  const leaf = layout.leaves[index];
  if (leaf === undefined) throw new BridgeError("internal", `${layout.type} has no leaf ${String(index)}`);
  return leaf;
}

/** The leaves of these paths as indices. Throws `unknown_field`. */
export function indicesOf(layout: Layout, paths: readonly string[]): readonly number[] {
  return paths.map((path) => {
    const index = layout.leaves.findIndex((leaf) => leaf.path === path);
    if (index < 0) throw new BridgeError("unknown_field", `${layout.type} has no field "${path.slice(0, 200)}"`);
    return index;
  });
}

/** Entries of a column for one sample. */
function width(leaf: Leaf): number {
  return leaf.count * (leaf.capacity === 0 ? 1 : leaf.capacity);
}

function allocate(leaf: Leaf, samples: number): NumberColumn {
  return new ARRAYS[leaf.type](samples * width(leaf));
}

function reuse(into: Columns | undefined, leaf: Leaf, samples: number): NumberColumn | undefined {
  const array = into !== undefined && Object.hasOwn(into, leaf.path) ? into[leaf.path] : undefined;
  if (array === undefined || Array.isArray(array) || !(array instanceof ARRAYS[leaf.type])) return undefined;
  return array.length === samples * width(leaf) ? array : undefined;
}

const ARRAYS = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  u64: BigUint64Array,
  i8: Int8Array,
  i16: Int16Array,
  i32: Int32Array,
  i64: BigInt64Array,
  f32: Float32Array,
  f64: Float64Array,
  bool: Uint8Array,
  c8: Uint8Array,
} as const satisfies Record<ScalarType, new (length: number) => NumberColumn>;
