// SPDX-License-Identifier: MIT
// Names of single elements inside a parameter's or a request's JSON value: `pid.kp`, `winding[2]`, `items[1].x`.
import type { FieldEntry, Json } from "../../../session/messages.ts";
import { elementCount, indexText, MAX_LISTED_ELEMENTS } from "./field-ref.ts";

/** One settable element of a struct. */
export interface Element {
  /** The name that a set takes. */
  readonly path: string;
  readonly entry: FieldEntry;
}

/** All elements of a field, in order. The value tells where the indices stand in the name; without it they stand at its end. */
export function elementsOf(entry: FieldEntry, value?: Json): Element[] {
  const dims = entry.dims ?? [];
  const count = Math.min(elementCount(entry), MAX_LISTED_ELEMENTS);
  const axes = axesByLevel(entry.name.split("."), dims.length, value);
  return Array.from({ length: count }, (_, element) => ({ path: pathOf(entry.name, dims, axes, element), entry }));
}

/** The value at an element's path; undefined when there is none. */
export function readPath(value: Json | undefined, path: string): Json | undefined {
  let at: Json | undefined = value;
  for (const level of path.split(".")) {
    const [name = "", ...indices] = level.split(/[[\]]+/).filter((part, index) => index === 0 || part !== "");
    at = isObject(at) ? at[name] : undefined;
    for (const index of indices) at = Array.isArray(at) ? (at as readonly Json[])[Number(index)] : undefined;
  }
  return at;
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** How many of the dimensions belong to each level of the name: `items.x` of an array of structs has its first at `items`. */
function axesByLevel(levels: readonly string[], total: number, value: Json | undefined): number[] {
  let at: Json | undefined = value;
  let left = total;
  return levels.map((level, depth) => {
    at = isObject(at) ? at[level] : undefined;
    let axes = 0;
    while (left > 0 && Array.isArray(at)) {
      at = (at as readonly Json[])[0];
      axes++;
      left--;
    }
    return depth === levels.length - 1 ? axes + left : axes;
  });
}

function pathOf(name: string, dims: readonly number[], axes: readonly number[], element: number): string {
  const indices = indexText(dims, element).match(/\[\d+\]/g) ?? [];
  let next = 0;
  const levels = name.split(".").map((level, depth) => {
    const count = axes[depth] ?? 0;
    next += count;
    return level + indices.slice(next - count, next).join("");
  });
  return levels.join(".");
}
