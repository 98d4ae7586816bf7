// SPDX-License-Identifier: MIT
// Finds the elements that values given by name mean: nested objects, `a.b`, `a[2]`, whole arrays.
import { BridgeError } from "../../model/errors.ts";
import type { Dimension, Layout, Leaf, Member } from "../../model/schema.ts";
import { leafAt } from "../column.ts";

/** A value for one element of a leaf; `element` counts row-major through the leaf's dimensions. */
export interface Assignment {
  readonly index: number;
  readonly leaf: Leaf;
  readonly element: number;
  readonly value: unknown;
  /** As the user named it, for messages. */
  readonly name: string;
}

/** One step of a name: a field, or an index. */
type Step = string | number;

const STEP = /(?:^|(?<!^)\.)([^.[\]]+)|\[([0-9]{1,7})\]/y;
const MAX_NAME_LENGTH = 4096;

/** What the walk through the members carries along. */
interface Walk {
  readonly layout: Layout;
  readonly found: Assignment[];
}

/**
 * The elements that `values` names, in their order. Only own keys count; `undefined` is as if not given. Throws `unknown_field` for a name that is
 * not there, `bad_value` for a value whose shape is not that of its field.
 */
export function assignments(layout: Layout, values: Readonly<Record<string, unknown>>): readonly Assignment[] {
  const found: Assignment[] = [];
  assignMembers({ layout, found }, layout.members, values, 0, "");
  return found;
}

function assignMembers(walk: Walk, members: readonly Member[], value: unknown, element: number, name: string): void {
  if (typeof value !== "object" || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) {
    throw new BridgeError("bad_value", `${name === "" ? "the values" : name} must be an object of fields`);
  }
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    assignSteps(walk, members, steps(key), inner, element, name === "" ? key : `${name}.${key}`);
  }
}

function steps(name: string): readonly Step[] {
  const list: Step[] = [];
  if (name.length > MAX_NAME_LENGTH) unknown(name);
  STEP.lastIndex = 0;
  for (let at = 0; at < name.length; at = STEP.lastIndex) {
    const match = STEP.exec(name);
    if (match === null) return unknown(name);
    list.push(match[1] ?? Number(match[2]));
  }
  return list;
}

function assignSteps(
  walk: Walk,
  members: readonly Member[],
  path: readonly Step[],
  value: unknown,
  element: number,
  name: string,
): void {
  const member = members.find((each) => each.name === path[0]);
  if (member === undefined) return unknown(name);
  let at = element;
  let level = 0;
  for (; level < path.length - 1; level++) {
    const index = path[level + 1];
    const dimension = member.dims[level];
    if (typeof index !== "number") break;
    if (dimension === undefined || index >= dimension.length) return unknown(name);
    at = at * dimension.length + index;
  }
  const rest = path.slice(level + 1);
  if (rest.length === 0) {
    assignArray(walk, member, member.dims.slice(level), value, at, name);
    return;
  }
  if (level < member.dims.length || !("members" in member)) return unknown(name);
  assignSteps(walk, member.members, rest, value, at, name);
}

function assignArray(
  walk: Walk,
  member: Member,
  dims: readonly Dimension[],
  value: unknown,
  element: number,
  name: string,
): void {
  const [outer, ...inner] = dims;
  if (outer === undefined) {
    if ("members" in member) {
      assignMembers(walk, member.members, value, element, name);
      return;
    }
    walk.found.push({ index: member.leaf, leaf: leafAt(walk.layout, member.leaf), element, value, name });
    return;
  }
  const list = listOf(value);
  if (list?.length !== outer.length) {
    throw new BridgeError("bad_value", `${name} must be a list of ${String(outer.length)}`);
  }
  for (let i = 0; i < outer.length; i++) {
    assignArray(walk, member, inner, list[i], element * outer.length + i, `${name}[${String(i)}]`);
  }
}

/** A list or typed array; undefined for what is neither. */
function listOf(value: unknown): ArrayLike<unknown> | undefined {
  if (Array.isArray(value)) return value as readonly unknown[];
  if (!ArrayBuffer.isView(value) || value instanceof DataView) return undefined;
  return isTypedArray(value) ? value : undefined;
}

function isTypedArray(view: ArrayBufferView): view is ArrayBufferView & ArrayLike<number | bigint> {
  return "length" in view;
}

function unknown(name: string): never {
  throw new BridgeError("unknown_field", `there is no field "${name.slice(0, 200)}"`);
}
