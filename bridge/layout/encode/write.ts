// SPDX-License-Identifier: MIT
// Makes the list of writes that a codec carries out in its own way from values given by name.
import type { Layout } from "../../model/schema.ts";
import { convert } from "./convert.ts";
import { assignments } from "./names.ts";

/** Elements to write, in parallel lists, and their bits one behind the other: 8 bytes (little-endian) for a scalar, `capacity` for text and bytes. */
export interface Writes {
  readonly indices: Uint32Array;
  readonly elements: Uint32Array;
  readonly bits: Uint8Array;
  /** As the user named them, for messages. */
  readonly names: readonly string[];
}

/** Throws `unknown_field`, `bad_value`. */
export function makeWrites(layout: Layout, values: Readonly<Record<string, unknown>>): Writes {
  const found = assignments(layout, values);
  const converted = found.map(convert);
  const bytes = converted.reduce((sum: number, each) => sum + (typeof each === "bigint" ? 8 : each.length), 0);
  const bits = new Uint8Array(bytes);
  const view = new DataView(bits.buffer);
  let at = 0;
  for (const each of converted) {
    if (typeof each === "bigint") view.setBigUint64(at, each, true);
    else bits.set(each, at);
    at += typeof each === "bigint" ? 8 : each.length;
  }
  return {
    indices: Uint32Array.from(found, ({ index }) => index),
    elements: Uint32Array.from(found, ({ element }) => element),
    bits,
    names: found.map(({ name }) => name),
  };
}
