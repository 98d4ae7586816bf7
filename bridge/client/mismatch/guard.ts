// SPDX-License-Identifier: MIT
// Puts a mismatch in front of values: a field that breaks throws when it is looked at, one of another name is there under both.
import { BridgeError } from "../../model/errors.ts";
import type { Columns } from "../../model/values.ts";
import { breakAt, mustGuard, type Mismatch } from "./mismatch.ts";

type Fields = Record<string, unknown>;

/** Guards columns by path, in place. */
export function guardColumns(columns: Columns, mismatch: Mismatch): Columns {
  for (const path of mismatch.leaves) {
    if (breakAt(mismatch, path) !== undefined) {
      refuse(columns, path, mismatch, path);
      continue;
    }
    const now = mismatch.renamed.get(path);
    if (now === undefined || !Object.hasOwn(columns, now)) continue;
    Object.defineProperty(columns, path, { enumerable: true, configurable: true, get: () => columns[now] });
  }
  return columns;
}

/** Copies to `to` what `from` refuses to give. */
export function keepGuards(from: object, to: object): void {
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(from))) {
    if (property.enumerable !== true) Object.defineProperty(to, name, property);
  }
}

/** Guards one struct as an object, in place. */
export function guardValue<T>(value: T, mismatch: Mismatch): T {
  for (const [path, now] of mismatch.renamed) {
    const [own, current] = [lastOf(path), lastOf(now)];
    if (own === current) continue;
    for (const owner of owners(value, parentOf(now))) {
      if (Object.hasOwn(owner, current)) define(owner, own, { value: owner[current], enumerable: true });
    }
  }
  for (const path of mismatch.broken.keys()) {
    const parent = parentOf(path);
    for (const owner of owners(value, mismatch.renamed.get(parent) ?? parent))
      refuse(owner, lastOf(path), mismatch, path);
  }
  return value;
}

/** Fields that are to be set, by their names of now. Throws `schema_mismatch` for one that breaks. */
export function currentFields(fields: object, mismatch: Mismatch): object {
  if (!mustGuard(mismatch)) return fields;
  return rename(fields as Fields, mismatch, "");
}

function rename(fields: Fields, mismatch: Mismatch, around: string): Fields {
  const entries = Object.entries(fields).map(([key, value]): [string, unknown] => {
    let path = around;
    // A key is a name, a path (`pid.kp`), or one with elements (`winding[2]`).
    const names = key.split(".").map((part) => {
      const [name = "", ...elements] = part.split(/(?=\[)/);
      path = path === "" ? name : `${path}.${name}`;
      return lastOf(mismatch.renamed.get(path) ?? path) + elements.join("");
    });
    const reason = breakAt(mismatch, path);
    if (reason !== undefined) throw new BridgeError("schema_mismatch", reason);
    return [names.join("."), inside(value, mismatch, path)];
  });
  return Object.fromEntries(entries);
}

function inside(value: unknown, mismatch: Mismatch, path: string): unknown {
  if (Array.isArray(value)) return value.map((element: unknown) => inside(element, mismatch, path));
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  return rename(value as Fields, mismatch, path);
}

/** The objects at a path, through lists of them. */
function owners(value: unknown, path: string): readonly Fields[] {
  if (Array.isArray(value)) return value.flatMap((element: unknown) => owners(element, path));
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return [];
  if (path === "") return [value as Fields];
  const [first = "", ...rest] = path.split(".");
  const inner = Object.hasOwn(value, first) ? (value as Fields)[first] : undefined;
  return owners(inner, rest.join("."));
}

/** Not enumerable: going through all fields, or printing them, looks at none that breaks. */
function refuse(owner: Fields, name: string, mismatch: Mismatch, path: string): void {
  define(owner, name, {
    enumerable: false,
    get: () => {
      throw new BridgeError("schema_mismatch", breakAt(mismatch, path));
    },
  });
}

function define(owner: Fields, name: string, property: PropertyDescriptor): void {
  Object.defineProperty(owner, name, { configurable: true, ...property });
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf(".")));
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
