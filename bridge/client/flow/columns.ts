// SPDX-License-Identifier: MIT
// Columns that are decoded one by one, each when it is first read.
import type { Codec } from "../../layout/codec.ts";
import { BridgeError } from "../../model/errors.ts";
import type { Layout } from "../../model/schema.ts";
import type { Column, Columns } from "../../model/values.ts";

/**
 * An object with one enumerable property per leaf of the layout; reading one decodes that column of the batch and keeps it. Without a
 * layout it has none. A plot of one field of a struct with fifty then costs one field.
 */
export function lazyColumns(source: {
  readonly layout: Layout | null;
  readonly record: Uint8Array;
  readonly codec: () => Codec;
}): Columns {
  const columns: Record<string, Column> = {};
  const { layout, record, codec } = source;
  if (layout === null) return columns;
  for (const { path } of layout.leaves) {
    Object.defineProperty(columns, path, {
      enumerable: true,
      configurable: true,
      get(): Column {
        const column = codec().columns(layout, record, [path])[path];
        if (column === undefined) throw new BridgeError("internal", `the decoder gave no column "${path}"`);
        Object.defineProperty(columns, path, { enumerable: true, value: column });
        return column;
      },
    });
  }
  return columns;
}

/** Some samples of a batch: those from number `from` to before number `to`. */
export interface ColumnPiece {
  readonly columns: Columns;
  /** Samples of the whole batch. */
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

/** Puts columns of pieces of one layout behind each other. */
export function joinColumns(pieces: readonly ColumnPiece[]): Columns {
  const joined: Record<string, Column> = {};
  for (const path of Object.keys(pieces[0]?.columns ?? {})) {
    const cuts: Column[] = [];
    let length = 0;
    for (const { columns, count, from, to } of pieces) {
      const column = columns[path];
      if (column === undefined) throw new BridgeError("internal", `a batch has no column "${path}"`);
      const perSample = column.length / count;
      const [begin, end] = [from * perSample, to * perSample];
      cuts.push(isText(column) ? column.slice(begin, end) : column.subarray(begin, end));
      length += end - begin;
    }
    joined[path] = joinPieces(cuts, length);
  }
  return joined;
}

/** Puts arrays of one element type behind each other. */
export function joinPieces(pieces: readonly Column[], length: number): Column {
  const [first] = pieces;
  if (first === undefined) return new Float64Array(0);
  if (isText(first)) return pieces.flatMap((piece) => (isText(piece) ? piece : []));
  if (first instanceof BigInt64Array || first instanceof BigUint64Array) {
    const out = first instanceof BigInt64Array ? new BigInt64Array(length) : new BigUint64Array(length);
    let at = 0;
    for (const piece of pieces) {
      if (piece instanceof BigInt64Array || piece instanceof BigUint64Array) out.set(piece, at);
      at += piece.length;
    }
    return out;
  }
  const out = emptyLike(first, length);
  let at = 0;
  for (const piece of pieces) {
    if (!isText(piece) && !(piece instanceof BigInt64Array) && !(piece instanceof BigUint64Array)) out.set(piece, at);
    at += piece.length;
  }
  return out;
}

type NumberColumn = Exclude<Column, BigInt64Array | BigUint64Array | readonly string[]>;

function emptyLike(column: NumberColumn, length: number): NumberColumn {
  if (column instanceof Float64Array) return new Float64Array(length);
  if (column instanceof Float32Array) return new Float32Array(length);
  if (column instanceof Int32Array) return new Int32Array(length);
  if (column instanceof Uint32Array) return new Uint32Array(length);
  if (column instanceof Int16Array) return new Int16Array(length);
  if (column instanceof Uint16Array) return new Uint16Array(length);
  return column instanceof Int8Array ? new Int8Array(length) : new Uint8Array(length);
}

function isText(column: Column): column is readonly string[] {
  return Array.isArray(column);
}
