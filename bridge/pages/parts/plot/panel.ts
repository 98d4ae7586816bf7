// SPDX-License-Identifier: MIT
// Which lines share a panel: those of one unit, one enum, or all switches; numbers without a unit stay with their channel.
import { fieldKey, type FieldRef } from "../../../client/trace/field-ref.ts";

/** Colours of lines, by number; the values stand in the style sheet. */
export const PALETTE_SIZE = 16;

/** An enum with more labels is drawn like any number: an axis has no room for them. */
const MAX_LABELS = 12;

/** A plotted number. */
export interface Series {
  readonly key: string;
  readonly field: FieldRef;
  /** Index into the palette. */
  readonly color: number;
}

/** Lines that share a vertical axis. */
export interface Panel {
  readonly key: string;
  /** What the axis is: a unit, or what the values are. */
  readonly title: string;
  /** Labels of an enum's or switch's values. */
  readonly labels: ReadonlyMap<number, string> | null;
  readonly series: readonly Series[];
}

const SWITCH: ReadonlyMap<number, string> = new Map([
  [0, "false"],
  [1, "true"],
]);

/** A series for `field` in a colour that is free, or in the one that is used least. */
export function seriesFor(field: FieldRef, others: readonly Series[]): Series {
  const uses = Array.from({ length: PALETTE_SIZE }, (_, color) => others.filter((each) => each.color === color).length);
  return { key: fieldKey(field), field, color: uses.indexOf(Math.min(...uses)) };
}

/** Sorts series into panels, in the order in which they were added. */
export function panelsOf(series: readonly Series[]): Panel[] {
  const panels = new Map<string, { panel: Omit<Panel, "series">; series: Series[] }>();
  for (const each of series) {
    const panel = panelFor(each.field);
    const known = panels.get(panel.key);
    if (known === undefined) panels.set(panel.key, { panel, series: [each] });
    else known.series.push(each);
  }
  return [...panels.values()].map(({ panel, series: members }) => ({ ...panel, series: members }));
}

function panelFor(field: FieldRef): Omit<Panel, "series"> {
  if (field.labels !== null && field.labels.size <= MAX_LABELS) {
    return { key: `enum ${[...field.labels.values()].join(" ")}`, title: field.path, labels: field.labels };
  }
  if (field.type === "bool") return { key: "bool", title: "on / off", labels: SWITCH };
  if (field.unit !== "") return { key: `unit ${field.unit}`, title: field.unit, labels: null };
  return { key: `channel ${field.channel}`, title: "no unit", labels: null };
}
