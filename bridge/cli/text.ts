// SPDX-License-Identifier: MIT
// How values look to a person: numbers of readable length, fields with their units, tables.
import { counted } from "../model/counted.ts";
import type { Value } from "../model/values.ts";
import type { FieldEntry } from "../session/messages.ts";

/** Begins colours and weights of text, which are all that may reach a terminal of what it obeys. */
const ESCAPE = "\u001b";

/** A text on one line, with control characters written as `\u001b`: names and values of other programs may hold what a terminal obeys. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, written);
}

/** The same of lines that have styles in them: ends of lines, tabs and styles stay. */
export function forTerminal(text: string): string {
  return text.replace(/\p{Cc}\[[\d;]*m|[^\P{Cc}\n\t]/gu, (found) =>
    found.length > 1 && found.startsWith(ESCAPE) ? found : `${written(found)}${found.slice(1)}`,
  );
}

function written(text: string): string {
  return `\\u${text.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Elements of an array that are shown; of a longer one the first and how many there are. */
const SHOWN_ELEMENTS = 8;

/** A number with at most six digits that mean something. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  return String(Number(value.toPrecision(6)));
}

/** A value as one word or list; texts are quoted only where they would not stand out. */
export function formatValue(value: unknown): string {
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "string") return /^[\w./:+-]+$/.test(value) ? value : JSON.stringify(value);
  if (value instanceof Uint8Array) return counted(value.length, "byte");
  if (Array.isArray(value)) return formatList(value);
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value)
      .map(([name, inner]) => `${name}: ${formatValue(inner)}`)
      .join(", ")}}`;
  }
  return String(value);
}

function formatList(list: readonly unknown[]): string {
  const shown = list.slice(0, SHOWN_ELEMENTS).map(formatValue).join(", ");
  return list.length > SHOWN_ELEMENTS ? `[${shown}, … ${String(list.length)}]` : `[${shown}]`;
}

/** A field's path with its value. */
export type Flat = readonly [path: string, value: unknown];

/** The fields of a value by path; nested structs are opened, lists are not. */
export function flatten(value: Value | object | undefined, path = ""): Flat[] {
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Uint8Array) {
    return [[path, value]];
  }
  return Object.entries(value).flatMap(([name, inner]) =>
    flatten(inner as Value, path === "" ? name : `${path}.${name}`),
  );
}

/** Lines of `field value unit`, in columns. */
export function fieldLines(value: Value | object, fields: readonly FieldEntry[]): string[] {
  const units = new Map(fields.map(({ name, unit }) => [name, unit ?? ""]));
  return table(flatten(value).map(([path, each]) => [`  ${path}`, formatValue(each), units.get(path) ?? ""]));
}

/** Rows of cells as lines in columns of equal width, two spaces apart. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const shown = rows.map((row) => row.map(oneLine));
  const widths: number[] = [];
  for (const row of shown) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, cell.length);
    });
  }
  return shown.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** A rate for people: `1000 Hz`, `0.5 Hz`, `-` for none. */
export function formatRate(rate: number): string {
  if (rate === 0) return "-";
  return `${rate >= 10 ? String(Math.round(rate)) : formatNumber(Number(rate.toPrecision(2)))} Hz`;
}

/** A program by the name of its session and what it calls itself: `s3 (structwire-cli)`. */
export function programText({ name, client }: { readonly name: string; readonly client: string }): string {
  return client === "" || client === name ? name : `${name} (${client})`;
}
