// SPDX-License-Identifier: MIT
// A request's values before anybody touched the form, and a reply's values in order.
import type { FieldEntry, Json } from "../../../session/messages.ts";
import { elementsOf, readPath, type Element } from "../../../client/trace/element-path.ts";

/** All elements of a request with what they are at first. */
export function firstRequest(fields: readonly FieldEntry[]): Map<string, Json> {
  return new Map(
    fields.flatMap((entry) => elementsOf(entry).map(({ path }): [string, Json] => [path, firstValue(entry)])),
  );
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

/** A list of structs in a reply, as a table. */
export interface ReplyRows {
  readonly name: string;
  readonly columns: readonly FieldEntry[];
  /** Without the empty ones at the end: a fixed list that is not filled. */
  readonly rows: readonly (readonly (Json | undefined)[])[];
}

/** The fields of a reply, those of a list of structs together. */
export function replyParts(fields: readonly FieldEntry[], reply: Json): (FieldEntry | ReplyRows)[] {
  const parts = new Map<string, FieldEntry | ReplyRows>();
  for (const entry of fields) {
    const [name = ""] = entry.name.split(".", 1);
    const list = readPath(reply, name);
    if (name === entry.name || !Array.isArray(list)) {
      parts.set(entry.name, entry);
    } else if (!parts.has(name)) {
      const columns = fields.filter((each) => each.name.startsWith(`${name}.`));
      parts.set(name, { name, columns, rows: rowsOf(columns, name, list as readonly Json[]) });
    }
  }
  return [...parts.values()];
}

function rowsOf(columns: readonly FieldEntry[], name: string, list: readonly Json[]): (Json | undefined)[][] {
  const rows = list.map((item) => columns.map((entry) => readPath(item, entry.name.slice(name.length + 1))));
  const filled = rows.findLastIndex((row) =>
    row.some((value) => value !== 0 && value !== "" && value !== false && value !== null),
  );
  return rows.slice(0, filled + 1);
}

/** All values of a reply's field, outermost dimension first; one for a scalar. */
export function replyValues(entry: FieldEntry, reply: Json): readonly (Json | undefined)[] {
  const whole = readPath(reply, entry.name);
  if (Array.isArray(whole)) return whole.flat(Infinity) as Json[];
  if (whole !== undefined || (entry.dims ?? []).length === 0) return [whole];
  return elementsOf(entry).map(({ path }) => readPath(reply, path));
}
