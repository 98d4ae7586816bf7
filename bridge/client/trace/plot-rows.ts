// SPDX-License-Identifier: MIT
// Which lines a plot has and which of them share an axis: one row for each unit, and one for each field of labels.
import type { ChannelEntry, Json } from "../../session/messages.ts";
import { elementCount, type FieldRef, fieldRef, isPlottable } from "./field-ref.ts";
import { jsonField, jsonFields } from "./json-columns.ts";

/** Lines on one axis. */
export interface PlotRow {
  readonly title: string;
  readonly lines: readonly FieldRef[];
  /** Tick labels of an enum's values, null for numbers. */
  readonly labels: ReadonlyMap<number, string> | null;
}

/** Fields of further units share the last axis. */
export const MAX_ROWS = 8;

/** An array field is drawn as one line for each element, up to so many. */
const MAX_ELEMENTS = 8;

/**
 * The numbers that the wanted fields of a channel are, in their order: each element of an array, up to `maxElements`; of a struct within the struct, or of
 * an object in a JSON channel's `newest` sample, each number in it. An empty name is the whole sample.
 */
export function wantedFields(
  channel: ChannelEntry,
  wanted: readonly string[],
  newest?: Json,
  maxElements: number = MAX_ELEMENTS,
): FieldRef[] {
  if (channel.kind === "struct") {
    return wanted.flatMap((path) =>
      channel.fields
        .filter((entry) => isWithin(entry.name, path) && isPlottable(entry))
        .flatMap((entry) =>
          Array.from({ length: Math.min(elementCount(entry), maxElements) }, (_, element) =>
            fieldRef(channel.channel, entry, element),
          ),
        ),
    );
  }
  const known = jsonFields(channel.channel, newest);
  return wanted.flatMap((path) => {
    const found = known.filter((field) => isWithin(field.path, path)).slice(0, maxElements);
    // What no sample had yet may come with a later one.
    return found.length > 0 || path === "" ? found : [jsonField(channel.channel, path, false)];
  });
}

/** Sorts numbers into rows. */
export function rowsOf(fields: readonly FieldRef[]): PlotRow[] {
  const rows = new Map<string, FieldRef[]>();
  for (const field of fields) {
    const stepped = field.labels !== null || field.type === "bool";
    const own = stepped ? `${field.channel} ${field.path}` : field.unit;
    const key = rows.has(own) || rows.size < MAX_ROWS ? own : ([...rows.keys()].at(-1) ?? own);
    const row = rows.get(key) ?? [];
    row.push(field);
    rows.set(key, row);
  }
  return [...rows.values()].map((lines) => ({ title: rowTitle(lines), lines, labels: rowLabels(lines[0]) }));
}

/** The rows for the wanted fields, of those that the channel has now. */
export function plotRows(channel: ChannelEntry, wanted: readonly string[]): PlotRow[] {
  return rowsOf(wantedFields(channel, wanted));
}

function isWithin(name: string, path: string): boolean {
  return path === "" || name === path || name.startsWith(`${path}.`) || name.startsWith(`${path}[`);
}

function rowTitle(lines: readonly FieldRef[]): string {
  const unit = lines[0]?.unit ?? "";
  const names = lines.length === 1 ? (lines[0]?.label ?? "") : "";
  return [names, unit === "" ? "" : `[${unit}]`].filter((part) => part !== "").join(" ");
}

function rowLabels(line: FieldRef | undefined): ReadonlyMap<number, string> | null {
  if (line?.type === "bool") {
    return new Map([
      [0, "false"],
      [1, "true"],
    ]);
  }
  return line?.labels ?? null;
}
