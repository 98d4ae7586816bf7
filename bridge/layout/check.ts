// SPDX-License-Identifier: MIT
// Readers of untrusted JSON that return what they checked, or throw `bad_schema` saying where.
import { BridgeError } from "../model/errors.ts";
import type { JsonInteger } from "../model/schema.ts";

/** A JSON object whose keys were not looked at yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A field or label name: an identifier, so that no name needs quoting in a path. */
const IDENTIFIER = /^[\p{ID_Start}_$][\p{ID_Continue}$]{0,254}$/u;
const DIGITS = /^-?[0-9]{1,20}$/;
const CONTROL = /\p{Cc}/u;

/** Throws `bad_schema`: `where` names the place in the schema, `what` what is wrong with it. */
export function refuse(where: string, what: string): never {
  throw new BridgeError("bad_schema", `schema: ${where.slice(0, 200)} ${what}`);
}

export function readObject(value: unknown, where: string): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(where, "is not an object");
  return value as JsonObject;
}

export function readArray(value: unknown, maxLength: number, where: string): readonly unknown[] {
  if (!Array.isArray(value)) refuse(where, "is not a list");
  if (value.length > maxLength) refuse(where, `has more than ${String(maxLength)} entries`);
  return value;
}

export function readText(value: unknown, maxLength: number, where: string): string {
  if (typeof value !== "string") refuse(where, "is not a text");
  if (value.length > maxLength) refuse(where, `is longer than ${String(maxLength)} characters`);
  return value;
}

/** The own value of a key, or undefined: never something of the prototype. */
export function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** A text that may be left out. */
export function readOptionalText(
  object: JsonObject,
  key: string,
  maxLength: number,
  where: string,
): string | undefined {
  const value = own(object, key);
  return value === undefined ? undefined : readText(value, maxLength, `${where}.${key}`);
}

export function readInteger(value: unknown, least: number, greatest: number, where: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least || value > greatest) {
    refuse(where, `is not a whole number from ${String(least)} to ${String(greatest)}`);
  }
  return value;
}

/** A finite number, or a string of digits for an integer beyond ±2⁵³. */
export function readNumber(value: unknown, where: string): JsonInteger {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value === "string" && DIGITS.test(value)) return value;
  return refuse(where, "is neither a number nor a string of digits");
}

/** The exact integer that a {@link JsonInteger} stands for. */
export function readExact(value: unknown, where: string): bigint {
  const number = readNumber(value, where);
  if (typeof number === "number" && !Number.isSafeInteger(number)) refuse(where, "is not a whole number");
  return BigInt(number);
}

export function readIdentifier(value: unknown, where: string): string {
  if (typeof value !== "string" || !IDENTIFIER.test(value)) refuse(where, "is not an identifier");
  return value;
}

export function checkTypeName(name: string): string {
  if (name.length === 0 || name.length > 255 || CONTROL.test(name)) refuse("types", "has a name that cannot be");
  return name;
}
