// SPDX-License-Identifier: MIT
// Values of sets and calls on their way through JSON, which has no 64-bit integers and no bytes.
import { BridgeError } from "../model/errors.ts";
import type { FieldEntry, Json } from "../session/messages.ts";
import { base64 } from "./publish/json-text.ts";

/** A value in the JSON form of docs/client-protocol.md: bigints as a number or digits, bytes as base64, typed arrays as lists. Throws `bad_value`. */
export function toJson(value: unknown, path = "value"): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (typeof value === "number") {
    if (Number.isFinite(value)) return value;
    throw new BridgeError("bad_value", `${path} is ${String(value)}; only finite numbers can be set`);
  }
  if (value instanceof Uint8Array) return base64(value);
  if (isListLike(value)) return Array.from(value, (element, i) => toJson(element, `${path}[${String(i)}]`));
  if (typeof value === "object") return fieldsToJson(value, path);
  throw new BridgeError("bad_value", `${path} is a ${typeof value}, which cannot be sent`);
}

/** The fields of an object in JSON form; those that are undefined are left out. Throws `bad_value`. */
export function fieldsToJson(fields: object, path = ""): Readonly<Record<string, Json>> {
  // Not by assignment, which would lose a field called __proto__.
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]): [string, Json][] =>
      value === undefined ? [] : [[name, toJson(value, path === "" ? name : `${path}.${name}`)]],
    ),
  );
}

/** Arguments by position in JSON form: undefined ones at the end are left out, others are null. Throws `bad_value`. */
export function listToJson(args: readonly unknown[]): readonly Json[] {
  const given = args.findLastIndex((value) => value !== undefined) + 1;
  return args.slice(0, given).map((value, i) => toJson(value ?? null, `argument ${String(i)}`));
}

/** A value from JSON as the generated types describe it: 64-bit integers as bigint, bytes as bytes, null as NaN. */
export function reviveFields(value: Json, fields: readonly FieldEntry[]): Json | object {
  const wanted = new Map(fields.map((field) => [field.name, field.type]));
  return revive(value, "", wanted) as Json | object;
}

function revive(value: Json, path: string, types: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((element: Json) => revive(element, path, types));
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([name, inner]): [string, unknown] => [
      name,
      revive(inner, path === "" ? name : `${path}.${name}`, types),
    ]);
    return Object.fromEntries(entries);
  }
  return reviveLeaf(value, types.get(path));
}

function reviveLeaf(value: null | boolean | number | string, type: string | undefined): unknown {
  switch (type) {
    case "u64":
    case "i64":
      if (typeof value === "string" && /^-?\d+$/.test(value)) return BigInt(value);
      return typeof value === "number" && Number.isInteger(value) ? BigInt(value) : value;
    case "f32":
    case "f64":
      return value ?? NaN;
    case "bytes":
      return typeof value === "string" ? fromBase64(value) : value;
    default:
      return value;
  }
}

function isListLike(value: unknown): value is Iterable<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
