// SPDX-License-Identifier: MIT
// Filters as they are written: reads untrusted JSON into nodes, bounded in size and depth.
import { BridgeError } from "../../model/errors.ts";
import { own, type JsonObject } from "../check.ts";

/** Comparisons by their sign; `in` takes a list, `between` a list of the least and the greatest that pass. */
export const OPERATORS = ["=", "!=", "<", "<=", ">", ">=", "in", "between"] as const;

export type Operator = (typeof OPERATORS)[number];

/** A filter: comparisons of single elements (`speed`, `loops[1].kp`), put together. A value is a number, digits in quotes for 64-bit integers, a label, a text, true or false. */
export type Filter =
  | { readonly and: readonly Filter[] }
  | { readonly or: readonly Filter[] }
  | { readonly not: Filter }
  | { readonly field: string; readonly op: Operator; readonly value: unknown };

const MAX_NODES = 256;
const MAX_DEPTH = 16;
/** Of one `in`. */
const MAX_VALUES = 256;
const MAX_FIELD_LENGTH = 4096;

/** Throws `bad_filter`. */
export function refuseFilter(what: string, cause?: unknown): never {
  throw new BridgeError("bad_filter", `filter: ${what}`, cause === undefined ? {} : { cause });
}

/** Checks a filter of any origin and returns a copy that holds nothing else. Throws `bad_filter`. */
export function readFilter(json: unknown): Filter {
  let nodes = 0;

  function read(node: unknown, depth: number): Filter {
    if (++nodes > MAX_NODES) refuseFilter(`has more than ${String(MAX_NODES)} parts`);
    if (depth > MAX_DEPTH) refuseFilter(`is nested more than ${String(MAX_DEPTH)} deep`);
    if (typeof node !== "object" || node === null || Array.isArray(node)) refuseFilter("has a part that is no object");
    const object = node as JsonObject;
    const keys = Object.keys(object);
    const only = keys.length === 1 ? keys[0] : undefined;
    if (only === "not") return { not: read(own(object, "not"), depth + 1) };
    if (only === "and") return { and: readList(own(object, "and"), depth) };
    if (only === "or") return { or: readList(own(object, "or"), depth) };
    return readComparison(object, keys);
  }

  function readList(list: unknown, depth: number): Filter[] {
    if (!Array.isArray(list) || list.length === 0) return refuseFilter("has an `and` or `or` without a list of parts");
    if (list.length > MAX_NODES) refuseFilter(`has more than ${String(MAX_NODES)} parts`);
    return list.map((each) => read(each, depth + 1));
  }

  return read(json, 1);
}

function readComparison(object: JsonObject, keys: readonly string[]): Filter {
  const [field, op, value] = [own(object, "field"), own(object, "op"), own(object, "value")];
  if (keys.length !== 3 || typeof field !== "string" || value === undefined) {
    return refuseFilter("has a part that is neither `and`, `or`, `not` nor `field`, `op` and `value`");
  }
  if (field.length > MAX_FIELD_LENGTH) refuseFilter("names a field that cannot be");
  const known = OPERATORS.find((each) => each === op);
  if (known === undefined) return refuseFilter(`${field.slice(0, 200)}: \`op\` is none of ${OPERATORS.join(" ")}`);
  const lists = known === "in" || known === "between";
  if (lists !== Array.isArray(value))
    refuseFilter(`${field.slice(0, 200)}: \`${known}\` takes ${lists ? "a list" : "one value"}`);
  if (
    Array.isArray(value) &&
    (known === "between" ? value.length !== 2 : value.length === 0 || value.length > MAX_VALUES)
  ) {
    refuseFilter(
      `${field.slice(0, 200)}: \`${known}\` takes ${known === "between" ? "two values" : `1 to ${String(MAX_VALUES)} values`}`,
    );
  }
  return { field, op: known, value };
}
