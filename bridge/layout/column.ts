// SPDX-License-Identifier: MIT
// Columns as both codecs make them: which fields are wanted, the memory they go into, and the texts.
import { BridgeError } from "../model/errors.ts";
import type { Layout, Leaf, ScalarType } from "../model/schema.ts";
import type { Column, Columns } from "../model/values.ts";
import { align8, readBatch, refuseRecord, type BatchParts } from "./batch.ts";
import { elementOffsets } from "./element.ts";
import { SCALARS } from "./scalars.ts";
import { readTextColumn } from "./text.ts";

/** A column that is filled in place. */
export type NumberColumn = Exclude<Column, readonly string[]>;

/** A leaf, and the array that takes it. */
export interface Target {
  readonly leaf: Leaf;
  readonly array: NumberColumn;
}

/** The columns of one call: views of one piece of memory, each at the next multiple of 8, which costs a fraction of a piece for each. */
export interface Block {
  /** Indices of the leaves that are no texts, in the order of their columns. */
  readonly indices: Uint32Array;
  readonly bytes: Uint8Array;
  readonly targets: readonly Target[];
}

/** Fills a block from the structs of a checked batch; what the codecs do each in their own way. */
export type FillColumns = (layout: Layout, batch: Uint8Array, parts: BatchParts, block: Block) => void;

/** Fields of a layout that were asked for. */
interface Selection {
  readonly leaves: readonly Leaf[];
  readonly indices: Uint32Array;
}

/** Choices of paths that are kept for each layout. */
const MAX_SELECTIONS = 256;

/** Makes {@link Codec.columns} around the filling. */
export function columnMaker(
  fill: FillColumns,
): (layout: Layout, batch: Uint8Array, paths?: readonly string[], into?: Columns) => Columns {
  const selections = new WeakMap<Layout, Map<string, Selection>>();
  const blocks = new WeakMap<
    Columns,
    { readonly selection: Selection; readonly count: number; readonly block: Block }
  >();

  function selectionOf(layout: Layout, paths: readonly string[] | undefined): Selection {
    let known = selections.get(layout);
    if (known === undefined) selections.set(layout, (known = new Map<string, Selection>()));
    // No path has a line break in it.
    const key = paths === undefined ? "\n" : paths.join("\n");
    let selection = known.get(key);
    if (selection !== undefined) return selection;
    if (known.size >= MAX_SELECTIONS) known.clear();
    selection = select(layout, paths);
    known.set(key, selection);
    return selection;
  }

  return (layout, batch, paths, into) => {
    const parts = readStructs(layout, batch);
    const selection = selectionOf(layout, paths);
    const { count, size } = parts.header;
    const before = into === undefined ? undefined : blocks.get(into);
    // Memory that was given away to another thread has no length any more.
    const again = before?.selection === selection && before.count === count && before.block.bytes.length > 0;
    const block = again ? before.block : allocate(selection, count);
    fill(layout, batch, parts, block);
    const columns: Record<string, Column> = {};
    let next = 0;
    for (const leaf of selection.leaves) {
      if (leaf.kind === "text") {
        const samples = { at: parts.samplesAt, size, count };
        own(columns, leaf.path, readTextColumn(batch, samples, elementOffsets(leaf), leaf.capacity));
      } else {
        const array = block.targets[next++]?.array;
        if (array !== undefined) own(columns, leaf.path, array);
      }
    }
    blocks.set(columns, { selection, count, block });
    return columns;
  };
}

/** "__proto__" is a name like any other, but an assignment to it is not. */
function own(columns: Record<string, Column>, path: string, column: Column): void {
  if (path === "__proto__") Object.defineProperty(columns, path, { value: column, enumerable: true });
  else columns[path] = column;
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

function select(layout: Layout, paths: readonly string[] | undefined): Selection {
  const all = paths === undefined ? layout.leaves.map((_, index) => index) : [...new Set(indicesOf(layout, paths))];
  const numbers = all.filter((index) => leafAt(layout, index).kind !== "text");
  return { leaves: all.map((index) => leafAt(layout, index)), indices: Uint32Array.from(numbers) };
}

/** Entries of a column for one sample. */
export function width(leaf: Leaf): number {
  return leaf.count * (leaf.capacity === 0 ? 1 : leaf.capacity);
}

function allocate({ leaves, indices }: Selection, samples: number): Block {
  const places: { readonly leaf: Leaf; readonly at: number; readonly length: number }[] = [];
  let bytes = 0;
  for (const leaf of leaves) {
    if (leaf.kind === "text") continue;
    const length = samples * width(leaf);
    places.push({ leaf, at: bytes, length });
    bytes += align8(length * SCALARS[leaf.type].bytes);
  }
  const memory = new ArrayBuffer(bytes);
  const targets = places.map(({ leaf, at, length }) => ({ leaf, array: new ARRAYS[leaf.type](memory, at, length) }));
  return { indices, bytes: new Uint8Array(memory), targets };
}

/** The typed arrays that hold the scalar types. */
export const ARRAYS: Readonly<
  Record<ScalarType, new (memory: ArrayBuffer, at: number, length: number) => NumberColumn>
> = {
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
};
