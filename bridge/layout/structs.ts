// SPDX-License-Identifier: MIT
// Columns to struct bytes, as both codecs do it: which columns fit which fields, and texts as bytes.
import { MAX_RECORD_BYTES } from "../model/batch.ts";
import { BridgeError } from "../model/errors.ts";
import type { Layout, Leaf } from "../model/schema.ts";
import type { Column, Columns } from "../model/values.ts";
import { ARRAYS, width } from "./column.ts";
import { elementOffsets } from "./element.ts";
import { kept } from "./kept.ts";
import { SCALARS } from "./scalars.ts";

/** A leaf by its index, and the bytes of its column. */
export interface Given {
  readonly index: number;
  readonly leaf: Leaf;
  readonly bytes: Uint8Array;
}

/** Writes the columns into `count` structs that are zero where no column goes; what the codecs do each in their own way. */
export type FillStructs = (layout: Layout, count: number, given: readonly Given[], structs: Uint8Array) => void;

/** Makes {@link Codec.structs} around the writing. */
export function structMaker(
  fill: FillStructs,
): (layout: Layout, columns: Columns, count: number, into?: Uint8Array) => Uint8Array {
  const fullOf = kept(isFull);

  return (layout, columns, count, into) => {
    if (!Number.isInteger(count) || count < 0) {
      throw new BridgeError("invalid_argument", "there cannot be so many structs");
    }
    const bytes = count * layout.size;
    if (bytes > MAX_RECORD_BYTES) {
      throw new BridgeError("message_too_large", "the structs would be larger than a batch may be");
    }
    if (into !== undefined && into.length !== bytes) {
      throw new BridgeError("invalid_argument", `${String(count)} structs need ${String(bytes)} bytes of memory`);
    }
    const given = givenOf(layout, columns, count);
    const structs = into ?? new Uint8Array(bytes);
    if (into !== undefined && !(given.length === layout.leaves.length && fullOf(layout))) into.fill(0);
    fill(layout, count, given, structs);
    return structs;
  };
}

/** Whether the fields, none of them a bitfield, cover every byte of the struct. */
function isFull(layout: Layout): boolean {
  const covered = new Uint8Array(layout.size);
  for (const leaf of layout.leaves) {
    if (leaf.bits !== undefined) return false;
    const bytes = leaf.capacity === 0 ? SCALARS[leaf.type].bytes : leaf.capacity;
    for (const offset of elementOffsets(leaf)) covered.fill(1, offset, offset + bytes);
  }
  return !covered.includes(0);
}

function givenOf(layout: Layout, columns: Columns, count: number): readonly Given[] {
  const unknown = new Set(Object.keys(columns));
  const given: Given[] = [];
  layout.leaves.forEach((leaf, index) => {
    const column = unknown.delete(leaf.path) ? columns[leaf.path] : undefined;
    if (column !== undefined) given.push({ index, leaf, bytes: bytesOf(leaf, column, count) });
  });
  for (const path of unknown) {
    throw new BridgeError("unknown_field", `${layout.type} has no field "${path.slice(0, 200)}"`);
  }
  return given;
}

function bytesOf(leaf: Leaf, column: Column, count: number): Uint8Array {
  if (leaf.kind === "text") return textBytes(leaf, column, count);
  if (!ArrayBuffer.isView(column) || !(column instanceof ARRAYS[leaf.type]) || column.length !== count * width(leaf)) {
    const { name } = ARRAYS[leaf.type];
    throw new BridgeError(
      "bad_value",
      `${leaf.path} needs a column of type ${name} with ${String(count * width(leaf))} entries`,
    );
  }
  return new Uint8Array(column.buffer, column.byteOffset, column.length * SCALARS[leaf.type].bytes);
}

function textBytes({ path, capacity, count: elements }: Leaf, column: Column, count: number): Uint8Array {
  if (!Array.isArray(column) || column.length !== count * elements) {
    throw new BridgeError("bad_value", `${path} needs a list of ${String(count * elements)} texts`);
  }
  const bytes = new Uint8Array(column.length * capacity);
  const encoder = new TextEncoder();
  (column as readonly unknown[]).forEach((text, i) => {
    const place = bytes.subarray(i * capacity, (i + 1) * capacity);
    if (typeof text !== "string" || text.includes("\0") || encoder.encodeInto(text, place).read < text.length) {
      throw new BridgeError(
        "bad_value",
        `${path} must be texts of at most ${String(capacity)} bytes of UTF-8 without NUL`,
      );
    }
  });
  return bytes;
}
