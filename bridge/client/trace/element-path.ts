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

/** The element paths at which two values differ. */
export function differences(before: Json, after: Json, path = ""): string[] {
  if (Object.is(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) {
    const olds = before as readonly Json[];
    return (after as readonly Json[]).flatMap((item, index) =>
      differences(olds[index] ?? null, item, `${path}[${String(index)}]`),
    );
  }
  if (isObject(before) && isObject(after)) {
    const inside = path === "" ? "" : `${path}.`;
    return Object.entries(after).flatMap(([name, item]) => differences(before[name] ?? null, item, inside + name));
  }
  return [path];
}

/** The single values of a JSON value by their paths, in order. */
export function leavesOf(value: Json, path = ""): [path: string, leaf: Json][] {
  if (Array.isArray(value)) {
    return (value as readonly Json[]).flatMap((item, index) => leavesOf(item, `${path}[${String(index)}]`));
  }
  const inside = path === "" ? "" : `${path}.`;
  return isObject(value)
    ? Object.entries(value).flatMap(([name, item]) => leavesOf(item, inside + name))
    : [[path, value]];
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
