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

/** Puts columns of several batches of one layout behind each other, cut to `count` samples. */
export function joinColumns(
  parts: readonly { readonly columns: Columns; readonly count: number }[],
  count: number,
): Columns {
  const joined: Record<string, Column> = {};
  for (const path of Object.keys(parts[0]?.columns ?? {})) {
    const pieces: Column[] = [];
    let wanted = 0;
    let left = count;
    for (const part of parts) {
      const column = part.columns[path];
      if (column === undefined) throw new BridgeError("internal", `a batch has no column "${path}"`);
      const perSample = column.length / part.count;
      const take = Math.min(left, part.count) * perSample;
      pieces.push(isText(column) ? column.slice(0, take) : column.subarray(0, take));
      wanted += take;
      left -= Math.min(left, part.count);
    }
    joined[path] = joinPieces(pieces, wanted);
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
