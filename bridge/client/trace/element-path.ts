// SPDX-License-Identifier: MIT
// Names of single elements inside a parameter's or a request's JSON value: `pid.kp`, `winding[2]`, `items[1].x`.
import type { FieldEntry, Json } from "../../session/messages.ts";
import { elementCount, elementPath, MAX_LISTED_ELEMENTS } from "./field-ref.ts";

/** One settable element of a struct. */
export interface Element {
  /** The name that a set takes. */
  readonly path: string;
  readonly entry: FieldEntry;
}

/** All elements of a field, in order. */
export function elementsOf(entry: FieldEntry): Element[] {
  const count = Math.min(elementCount(entry), MAX_LISTED_ELEMENTS);
  return Array.from({ length: count }, (_, element) => ({ path: elementPath(entry, element), entry }));
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
