// SPDX-License-Identifier: MIT
// Reads `field=value` arguments by the types of the fields, and JSON arguments.
import { BridgeError } from "../model/errors.ts";
import type { FieldEntry } from "../session/messages.ts";

/** What `set` and `call` send: the bridge checks names and limits, here only the form is read. */
export type FieldValues = Readonly<Record<string, unknown>>;

/**
 * Reads arguments like `kp=4`, `mode=SINE`, `pid.kp=1`, `winding[2]=0.5`, `winding=1,2,3`. The value of a field that is not known is read as JSON, else as text. Throws
 * `usage` for an argument without `=`, `bad_value` for a value that the field's type cannot have.
 */
export function parseAssignments(assignments: readonly string[], fields: readonly FieldEntry[]): FieldValues {
  const types = new Map(fields.map((field) => [field.name, field]));
  const values: Record<string, unknown> = {};
  for (const assignment of assignments) {
    const at = assignment.indexOf("=");
    if (at < 1) throw new BridgeError("usage", `"${assignment}" is not of the form field=value`);
    const name = assignment.slice(0, at);
    const text = assignment.slice(at + 1);
    if (Object.hasOwn(values, name)) throw new BridgeError("usage", `${name} is given twice`);
    const field = types.get(name.replace(/\[\d+\]/g, ""));
    Object.defineProperty(values, name, { enumerable: true, value: parseValue(name, text, field) });
  }
  return values;
}

/** Reads an argument that is a whole JSON object. Throws `usage`. */
export function parseObject(text: string): FieldValues {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BridgeError("usage", `this is not JSON: ${text}`, { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new BridgeError("usage", `this is not a JSON object: ${text}`);
  }
  return value as FieldValues;
}

/** What a call is given: by position and by name. */
export interface CallArguments {
  readonly args: readonly unknown[];
  readonly named: FieldValues;
}

/**
 * Reads the arguments of a call: one JSON object (all of them by name), or values by position and `name=value`, in any order. Values are read by the type of their field where
 * the service has fields, else as JSON, else as text. Throws as {@link parseAssignments} does.
 */
export function parseCall(args: readonly string[], fields: readonly FieldEntry[]): CallArguments {
  const [first, ...more] = args;
  if (first?.trimStart().startsWith("{") === true && more.length === 0) return { args: [], named: parseObject(first) };
  const isNamed = (arg: string): boolean => /^[A-Za-z_$][\w$.]*(\[\d+\])*=/.test(arg);
  const byPosition = args.filter((arg) => !isNamed(arg));
  return {
    args: byPosition.map((text, i) => parseValue(`argument ${String(i)}`, text, fields[i])),
    named: parseAssignments(args.filter(isNamed), fields),
  };
}

/** Reads the fields of a set: one JSON object, or `field=value` each. */
export function parseArguments(args: readonly string[], fields: readonly FieldEntry[]): FieldValues {
  const [first] = args;
  if (first?.trimStart().startsWith("{") === true) {
    if (args.length > 1) throw new BridgeError("usage", `after a JSON object no "${String(args[1])}" may follow`);
    return parseObject(first);
  }
  return parseAssignments(args, fields);
}

function parseValue(name: string, text: string, field: FieldEntry | undefined): unknown {
  if (field === undefined) return parseLoose(text);
  const indices = name.match(/\[\d+\]/g)?.length ?? 0;
  if ((field.dims?.length ?? 0) > indices) return parseList(name, text, field);
  return parseScalar(name, text, field);
}

function parseList(name: string, text: string, field: FieldEntry): unknown {
  if (text.trimStart().startsWith("[")) {
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      throw new BridgeError("bad_value", `${name}: this is not JSON: ${text}`, { cause });
    }
  }
  return text.split(",").map((element) => parseScalar(name, element, field));
}

function parseScalar(name: string, text: string, field: FieldEntry): unknown {
  const trimmed = text.trim();
  switch (field.type) {
    case "text":
    case "bytes":
      return text;
    case "bool":
      return parseBool(name, trimmed);
    case "enum":
      return Object.hasOwn(field.labels ?? {}, trimmed) || !/^-?\d+$/.test(trimmed) ? trimmed : Number(trimmed);
    case "u64":
    case "i64":
      return parseInteger(name, trimmed);
    default:
      return parseNumber(name, trimmed);
  }
}

function parseBool(name: string, text: string): boolean {
  if (["true", "1", "on", "yes"].includes(text)) return true;
  if (["false", "0", "off", "no"].includes(text)) return false;
  throw new BridgeError("bad_value", `${name}: "${text}" is neither true nor false`);
}

function parseInteger(name: string, text: string): bigint {
  try {
    if (text !== "") return BigInt(text);
  } catch {
    // Told below, together with the empty text.
  }
  throw new BridgeError("bad_value", `${name}: "${text}" is not a whole number`);
}

function parseNumber(name: string, text: string): number {
  const number = text === "" ? NaN : Number(text);
  if (Number.isFinite(number)) return number;
  throw new BridgeError("bad_value", `${name}: "${text}" is not a number`);
}

function parseLoose(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
