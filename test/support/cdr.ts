// SPDX-License-Identifier: MIT
// Reads a struct's bytes as CDR messages, with a reader that knows nothing of C.
import { CdrReader } from "@foxglove/cdr";
import { compileLayout } from "../../bridge/layout/compile.ts";
import { elementOffsets } from "../../bridge/layout/element.ts";
import { SCALARS } from "../../bridge/layout/scalars.ts";
import type { ScalarType, Schema } from "../../bridge/model/schema.ts";

/** Plain CDR of version 1 (XCDR1), little-endian: what ROS 2 sends. */
const CDR_LE = [0, 1, 0, 0];

const READ: Readonly<Record<ScalarType, (reader: CdrReader) => number | bigint>> = {
  u8: (reader) => reader.uint8(),
  i8: (reader) => reader.int8(),
  bool: (reader) => reader.uint8(),
  c8: (reader) => reader.uint8(),
  u16: (reader) => reader.uint16(),
  i16: (reader) => reader.int16(),
  u32: (reader) => reader.uint32(),
  i32: (reader) => reader.int32(),
  u64: (reader) => reader.uint64(),
  i64: (reader) => reader.int64(),
  f32: (reader) => reader.float32(),
  f64: (reader) => reader.float64(),
};

/** Whether a CDR reader finds every number of the struct where C put it, with the value that stands there. */
export function readsAsCdr(schema: Schema, type: string): boolean {
  const layout = compileLayout(schema, type);
  if (layout.leaves.some(({ bits, alt }) => bits !== undefined || alt !== undefined)) return false;
  const bytes = Uint8Array.from({ length: layout.size }, (_, at) => (at * 37 + 11) % 251);
  const view = new DataView(bytes.buffer);
  const reader = new CdrReader(Uint8Array.from([...CDR_LE, ...bytes]));
  const numbers = layout.leaves.flatMap((leaf) =>
    [...elementOffsets(leaf)].flatMap((offset) =>
      Array.from({ length: Math.max(leaf.capacity, 1) }, (_, i) => ({ offset: offset + i, scalar: leaf.type })),
    ),
  );
  // By their place, which is the order of their declaration: arrays of structs interleave the leaves.
  return numbers
    .sort((a, b) => a.offset - b.offset)
    .every(({ offset, scalar }) => {
      try {
        const value = READ[scalar](reader);
        const { bytes: size } = SCALARS[scalar];
        return reader.offset - CDR_LE.length - size === offset && Object.is(value, valueAt(view, offset, scalar));
      } catch (thrown) {
        // It read beyond the end: CDR never got so far in these bytes.
        if (thrown instanceof RangeError) return false;
        throw thrown;
      }
    });
}

function valueAt(view: DataView, offset: number, scalar: ScalarType): number | bigint {
  switch (scalar) {
    case "u16":
      return view.getUint16(offset, true);
    case "i16":
      return view.getInt16(offset, true);
    case "u32":
      return view.getUint32(offset, true);
    case "i32":
      return view.getInt32(offset, true);
    case "u64":
      return view.getBigUint64(offset, true);
    case "i64":
      return view.getBigInt64(offset, true);
    case "f32":
      return view.getFloat32(offset, true);
    case "f64":
      return view.getFloat64(offset, true);
    case "i8":
      return view.getInt8(offset);
    case "u8":
    case "bool":
    case "c8":
      return view.getUint8(offset);
  }
}
