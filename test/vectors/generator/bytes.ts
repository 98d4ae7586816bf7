// SPDX-License-Identifier: MIT
// A writer of little-endian bytes for the vectors, as plain as the tables of the format's pages.
import { join, utf8 } from "../../support/records.ts";

/** Part of a record: its type in the pages' tables, and its value. */
export type Part =
  | readonly ["u8" | "u16" | "u32", number]
  | readonly ["u64" | "i64", bigint]
  | readonly ["text", string]
  | readonly ["bytes", Uint8Array]
  | readonly ["pad"];

/** The parts one behind the other. */
export function write(parts: readonly Part[]): Uint8Array {
  let whole: Uint8Array = new Uint8Array(0);
  for (const part of parts) whole = join(whole, writePart(part, whole.length));
  return whole;
}

/** A record: its prefix, with the length filled in, and the parts behind it, padded. */
export function record(type: number, parts: readonly Part[], flags = 0): Uint8Array {
  const whole = write([["u32", 0], ["u8", type], ["u8", flags], ["u16", 0], ...parts, ["pad"]]);
  new DataView(whole.buffer).setUint32(0, whole.length, true);
  return whole;
}

/** A copy with some bytes written over. */
export function patched(bytes: Uint8Array, at: number, parts: readonly Part[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(write(parts), at);
  return copy;
}

function writePart(part: Part, at: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  switch (part[0]) {
    case "u8":
      view.setUint8(0, part[1]);
      return bytes.slice(0, 1);
    case "u16":
      view.setUint16(0, part[1], true);
      return bytes.slice(0, 2);
    case "u32":
      view.setUint32(0, part[1], true);
      return bytes.slice(0, 4);
    case "u64":
      view.setBigUint64(0, part[1], true);
      return bytes;
    case "i64":
      view.setBigInt64(0, part[1], true);
      return bytes;
    case "text":
      return utf8(part[1]);
    case "bytes":
      return part[1];
    case "pad":
      return new Uint8Array((8 - (at % 8)) % 8);
  }
}
