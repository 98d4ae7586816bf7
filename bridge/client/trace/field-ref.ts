// SPDX-License-Identifier: MIT
// One number of a channel's samples that can be shown or plotted: a scalar field, or one element of an array field.
import type { ChannelEntry, FieldEntry } from "../../session/messages.ts";

/** The most elements of one array that the page lists; the rest is counted and said. */
export const MAX_LISTED_ELEMENTS = 256;

/** Where a value stands in a batch, and what it means. */
export interface FieldRef {
  readonly channel: string;
  /** The column's name. */
  readonly path: string;
  /** The name people see: the path, with indices for an element of an array. */
  readonly label: string;
  /** Position within a sample's `elements` entries of the column. */
  readonly element: number;
  readonly elements: number;
  readonly type: string;
  readonly unit: string;
  readonly doc: string;
  readonly labels: ReadonlyMap<number, string> | null;
}

/** Elements of one sample of a field; 1 for a scalar. */
export function elementCount(entry: FieldEntry): number {
  return (entry.dims ?? []).reduce((product, length) => product * length, 1);
}

/** Whether a field is numbers, so that it can be drawn. */
export function isPlottable(entry: FieldEntry): boolean {
  return entry.type !== "text" && entry.type !== "bytes";
}

/** The indices of flat element `element` as they are written: `[1][2]`. */
export function indexText(dims: readonly number[], element: number): string {
  let text = "";
  let rest = element;
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    const length = dims[axis] ?? 1;
    text = `[${String(rest % length)}]${text}`;
    rest = Math.floor(rest / length);
  }
  return text;
}

/** The name of flat element `element` with its indices where they belong: `items[0].x[1]`. */
export function elementPath({ name, dims = [], levels }: FieldEntry, element: number): string {
  // Without a word on it all dimensions stand at the end of the name.
  if (levels === undefined) return name + indexText(dims, element);
  const indices = indexText(dims, element).match(/\[\d+\]/g) ?? [];
  let next = 0;
  const parts = name.split(".").map((part, level) => {
    const count = levels[level]?.length ?? 0;
    next += count;
    return part + indices.slice(next - count, next).join("");
  });
  return parts.join(".");
}

/** The reference to one element of a field of `channel`. */
export function fieldRef(channel: string, entry: FieldEntry, element = 0): FieldRef {
  return {
    channel,
    path: entry.name,
    label: elementPath(entry, element),
    element,
    elements: elementCount(entry),
    type: entry.type,
    unit: entry.unit ?? "",
    doc: entry.doc ?? "",
    labels: labelsByValue(entry),
  };
}

/** Finds a field by its path and element in what a channel has now; null when it has none such. */
export function findField(channel: ChannelEntry, path: string, element: number): FieldRef | null {
  const entry = channel.fields.find((field) => field.name === path);
  if (entry === undefined || !isPlottable(entry) || element >= elementCount(entry)) return null;
  return fieldRef(channel.channel, entry, element);
}

/** A key that is the same for the same number of the same channel. */
export function fieldKey(field: Pick<FieldRef, "channel" | "label">): string {
  return `${field.channel} ${field.label}`;
}

function labelsByValue(entry: FieldEntry): ReadonlyMap<number, string> | null {
  if (entry.labels === undefined) return null;
  return new Map(Object.entries(entry.labels).map(([label, value]) => [Number(value), label]));
}
