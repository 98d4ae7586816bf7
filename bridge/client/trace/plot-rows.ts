// SPDX-License-Identifier: MIT
// Which lines a plot has and which of them share an axis: one row for each unit, and one for each field of labels.
import type { ChannelEntry } from "../../session/messages.ts";
import { elementCount, type FieldRef, fieldRef } from "./field-ref.ts";

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

/** The rows for the wanted fields, of those that the channel has now. */
export function plotRows(channel: ChannelEntry, wanted: readonly string[]): PlotRow[] {
  const rows = new Map<string, FieldRef[]>();
  for (const path of wanted) {
    const entry = channel.fields.find(({ name }) => name === path);
    if (entry === undefined) continue;
    const stepped = entry.labels !== undefined || entry.type === "bool";
    const own = stepped ? path : (entry.unit ?? "");
    const key = rows.has(own) || rows.size < MAX_ROWS ? own : ([...rows.keys()].at(-1) ?? own);
    const row = rows.get(key) ?? [];
    const count = Math.min(elementCount(entry), MAX_ELEMENTS);
    for (let element = 0; element < count; element++) row.push(fieldRef(channel.channel, entry, element));
    rows.set(key, row);
  }
  return [...rows.values()].map((lines) => ({ title: rowTitle(lines), lines, labels: rowLabels(lines[0]) }));
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
