// SPDX-License-Identifier: MIT
// Elements of structs as values that compare exactly: numbers where they hold every value of the type, else bigints.
import type { Leaf } from "../../model/schema.ts";
import { SCALARS } from "../scalars.ts";
import { loadInteger } from "./bits.ts";

/** Reads the element at `at`. */
export type ReadElement = (view: DataView, at: number) => number | bigint;

/** The reader of a leaf that is neither text nor bytes. A bool is 0 or 1. */
export function elementReader(leaf: Leaf, little: boolean): ReadElement {
  const { bytes, signed } = SCALARS[leaf.type];
  if (leaf.kind === "bool") return (view, at) => (loadInteger(view, at, leaf, little) === 0n ? 0 : 1);
  if (leaf.bits !== undefined) return (view, at) => loadInteger(view, at, leaf, little);
  if (leaf.type === "f32") return (view, at) => view.getFloat32(at, little);
  if (leaf.type === "f64") return (view, at) => view.getFloat64(at, little);
  if (bytes === 1) return signed ? (view, at) => view.getInt8(at) : (view, at) => view.getUint8(at);
  if (bytes === 2) return signed ? (view, at) => view.getInt16(at, little) : (view, at) => view.getUint16(at, little);
  if (bytes === 4) return signed ? (view, at) => view.getInt32(at, little) : (view, at) => view.getUint32(at, little);
  return signed ? (view, at) => view.getBigInt64(at, little) : (view, at) => view.getBigUint64(at, little);
}
