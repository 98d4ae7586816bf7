// SPDX-License-Identifier: MIT
// What a service replied, as a small table: a row for each field, with its unit.
import type { FieldEntry, Json, ServiceEntry } from "../../session/messages.ts";
import { groupedText, plainText } from "../parts/fields/number-text.ts";
import { jsonText } from "../parts/fields/value-text.ts";
import { replyText } from "../parts/services/program-request.ts";
import { replyValues } from "../parts/services/request.ts";
import { element } from "./elements.ts";
import { counted } from "../../model/counted.ts";

/** Of longer lists only the extremes are shown. */
const LISTED = 16;

/** The reply of a driver's service field by field, that of another program as JSON. */
export function replyElement({ driver, reply: { fields } }: ServiceEntry, reply: Json): HTMLElement {
  if (driver === null) {
    const text = element("pre", "structwire-json");
    text.textContent = replyText(reply);
    return text;
  }
  const table = element("div", "structwire-table");
  for (const entry of fields) table.append(...rowOf(entry, reply));
  return table;
}

function rowOf(entry: FieldEntry, reply: Json): HTMLElement[] {
  const name = element("span", "structwire-name");
  name.textContent = entry.name;
  name.title = entry.doc ?? "";
  const value = element("span", "structwire-value");
  value.textContent = `${valuesText(replyValues(entry, reply))} ${entry.unit ?? ""}`.trimEnd();
  return [name, value];
}

function valuesText(values: readonly (Json | undefined)[]): string {
  const numbers = values.filter((value) => typeof value === "number");
  if (values.length <= LISTED || numbers.length < values.length) return values.map(jsonText).join(" ");
  const extremes = `${plainText(Math.min(...numbers))} … ${plainText(Math.max(...numbers))}`;
  return `${counted(numbers.length, "value", groupedText(numbers.length))}, ${extremes}`;
}
