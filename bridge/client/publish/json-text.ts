// SPDX-License-Identifier: MIT
// Values of a program as JSON text: what JSON has no word for is written as the protocol says, what cannot be sent is refused with its place.
import { BridgeError } from "../../model/errors.ts";

/** Values nest at most so deep. */
const MAX_DEPTH = 64;

/**
 * The JSON text of a value: NaN and infinities as null, bigints as digits (quoted beyond 2⁵³), bytes as base64, other typed arrays as lists, undefined as null at the top. Throws
 * `bad_value` for functions, symbols, and what is nested deeper than 64.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(isPlain(value, 0) ? value : converted(value, "value", 0));
}

/** Whether `JSON.stringify` says all of it right. Costs a walk; a replacer would cost several times as much. */
function isPlain(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return true;
    case "object":
      break;
    default:
      return false;
  }
  if (value === null) return true;
  if (depth >= MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((element) => isPlain(element, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if ((prototype !== Object.prototype && prototype !== null) || "toJSON" in value) return false;
  return Object.values(value).every((inner) => inner === undefined || isPlain(inner, depth + 1));
}

function converted(value: unknown, path: string, depth: number): unknown {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return value;
    case "undefined":
      return null;
    case "bigint":
      return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
    case "object":
      return value === null ? null : convertedObject(value, path, depth);
    default:
      throw new BridgeError("bad_value", `${path} is a ${typeof value}, which cannot be sent`);
  }
}

function convertedObject(value: object, path: string, depth: number): unknown {
  if (depth >= MAX_DEPTH) {
    const start = path.length > 40 ? `${path.slice(0, 39)}…` : path;
    throw new BridgeError("bad_value", `${start} is nested deeper than ${String(MAX_DEPTH)}, or holds itself`);
  }
  if (hasToJson(value)) return converted(value.toJSON(), path, depth + 1);
  if (value instanceof Uint8Array) return base64(value);
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))) {
    return Array.from(value as Iterable<unknown>, (element, i) =>
      converted(element, `${path}[${String(i)}]`, depth + 1),
    );
  }
  // Not by assignment, which would lose a field called __proto__.
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([name, inner]) => [name, converted(inner, `${path}.${name}`, depth + 1)]),
  );
}

/** A Buffer has one too, which would write its bytes as a list. */
function hasToJson(value: object): value is { toJSON(): unknown } {
  return !(value instanceof Uint8Array) && "toJSON" in value && typeof value.toJSON === "function";
}

/** Bytes as base64, in Node and in browsers. */
export function base64(bytes: Uint8Array): string {
  // In pieces: a call takes only so many arguments, and one character at a time is slow.
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
