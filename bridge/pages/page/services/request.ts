// SPDX-License-Identifier: MIT
// A request's values before anybody touched the form, and a reply's values in order.
import type { FieldEntry, Json } from "../../../session/messages.ts";
import { elementsOf, readPath, type Element } from "../fields/element-path.ts";

/** All elements of a request with what they are at first. */
export function firstRequest(fields: readonly FieldEntry[]): Map<string, Json> {
  return new Map(fields.flatMap((entry) => elementsOf(entry).map(({ path }): [string, Json] => [path, firstValue(entry)])));
}

/** Default, else the value nearest to zero that the limits allow. */
function firstValue(entry: FieldEntry): Json {
  if (entry.type === "enum") return labelOf(entry, entry.default) ?? Object.keys(entry.labels ?? {})[0] ?? 0;
  if (entry.type === "bool") return Number(entry.default ?? 0) !== 0;
  if (entry.type === "text" || entry.type === "bytes") return "";
  if (entry.default !== undefined) return entry.default;
  return Math.min(Number(entry.max ?? Infinity), Math.max(Number(entry.min ?? -Infinity), 0));
}

function labelOf(entry: FieldEntry, value: Json | undefined): string | undefined {
  return Object.entries(entry.labels ?? {}).find(([, number]) => number === value)?.[0];
}

/** The elements of a form, in order. */
export function requestElements(fields: readonly FieldEntry[]): Element[] {
  return fields.flatMap((entry) => elementsOf(entry));
}

/** All values of a reply's field, outermost dimension first; one for a scalar. */
export function replyValues(entry: FieldEntry, reply: Json): readonly (Json | undefined)[] {
  const whole = readPath(reply, entry.name);
  if (Array.isArray(whole)) return whole.flat(Infinity) as Json[];
  if (whole !== undefined || (entry.dims ?? []).length === 0) return [whole];
  return elementsOf(entry, reply).map(({ path }) => readPath(reply, path));
}
