// SPDX-License-Identifier: MIT
// The default of a field, in the form that a parameter's value has.
import type { FieldEntry, Json } from "../../../session/messages.ts";

/** What a knob goes back to; undefined: the header names no default. */
export function defaultOf(entry: FieldEntry): Json | undefined {
  const { default: value, labels, type } = entry;
  if (value === undefined) return undefined;
  if (type === "bool") return Number(value) !== 0;
  if (type !== "enum") return value;
  const label = Object.entries(labels ?? {}).find(([, number]) => String(number) === String(value))?.[0];
  return label ?? value;
}

/** Whether a field of this value is at its default; also when it has none. */
export function isAtDefault(entry: FieldEntry, value: Json | undefined): boolean {
  const back = defaultOf(entry);
  if (back === undefined || value === undefined) return true;
  if (entry.type === "f32") return Math.fround(Number(back)) === Math.fround(Number(value));
  return textOf(back) === textOf(value);
}

/** Digits may stand in quotes. */
function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
