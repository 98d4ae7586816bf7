// SPDX-License-Identifier: MIT
// The newest value of a field as text, from a batch's column or from a JSON value.
import type { Column } from "../../../model/values.ts";
import type { Json } from "../../../session/messages.ts";
import type { FieldRef } from "../../../client/trace/field-ref.ts";
import { groupedText, plainText, type SteadyNumber } from "./number-text.ts";

/** The raw value of `field` in sample `index` of its column; undefined when the column ends before. */
export function columnValue(column: Column, field: FieldRef, index: number): number | bigint | string | undefined {
  return column[index * field.elements + field.element];
}

/** One value of a struct field as text. `steady` keeps the width of floating numbers. */
export function fieldText(value: number | bigint | string | undefined, field: FieldRef, steady: SteadyNumber): string {
  if (value === undefined) return "–";
  if (typeof value === "string") return value;
  if (field.type === "bool") return Number(value) === 0 ? "false" : "true";
  const label = field.labels?.get(Number(value));
  if (label !== undefined) return label;
  if (typeof value === "bigint" || isInteger(field.type)) return groupedText(value);
  return steady.text(value);
}

/** Whether values of this type are whole numbers. */
export function isInteger(type: string): boolean {
  return /^[iu]\d/.test(type) || type === "enum";
}

/** A JSON value in one line. Whole numbers stand without groups: among them are names, as of processes. */
export function jsonText(value: Json | undefined): string {
  if (value === undefined || value === null) return "–";
  if (typeof value === "number")
    return Number.isSafeInteger(value) ? String(value).replace("-", "−") : plainText(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}
