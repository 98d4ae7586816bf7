// SPDX-License-Identifier: MIT
// Whether a plot can draw what it is asked to: each refusal is one sentence that says what can be drawn.
import { BridgeError } from "../../model/errors.ts";
import type { ChannelEntry, Directory } from "../../session/messages.ts";
import { isPlottable } from "../trace/field-ref.ts";
import { wantedFields } from "../trace/plot-rows.ts";
import type { PlotSeries, PlotView } from "./output.ts";

/** How many names a sentence lists. */
const MAX_LISTED = 20;

/** A channel whose fields can be drawn. Throws `unknown_channel` or `unknown_field`, `invalid_argument` for a field that is no number. */
export function plottable({ channels }: Directory, channel: string, fields: readonly string[]): ChannelEntry {
  const entry = channels.find((each) => each.channel === channel);
  if (entry === undefined) {
    const names = listed(channels.map((each) => each.channel));
    throw new BridgeError("unknown_channel", `there is no channel "${channel}" to plot; ${names}`);
  }
  if (fields.length === 0) throw new BridgeError("invalid_argument", `name at least one field of "${channel}" to plot`);
  if (entry.kind === "bytes") {
    throw new BridgeError("invalid_argument", `"${channel}" carries bytes, in which nothing can be plotted`);
  }
  // What JSON holds is known from its samples only.
  if (entry.kind === "json") return entry;
  const drawable = listed(entry.fields.filter(isPlottable).map(({ name }) => name));
  for (const field of fields) {
    if (wantedFields(entry, [field]).length > 0) continue;
    const found = entry.fields.find(({ name }) => name === field);
    if (found === undefined) {
      throw new BridgeError("unknown_field", `"${channel}" has no field "${field}" to plot; ${drawable}`);
    }
    const what = found.type === "text" ? "text" : "bytes";
    throw new BridgeError(
      "invalid_argument",
      `"${field}" of "${channel}" is ${what} and cannot be plotted; ${drawable}`,
    );
  }
  return entry;
}

/** Throws `invalid_argument` where a view needs more fields. */
export function checkView(view: PlotView, series: readonly PlotSeries[]): void {
  const count = series.reduce((sum, { fields }) => sum + fields.length, 0);
  if (view === "xy" && count < 2) {
    throw new BridgeError("invalid_argument", "the view xy needs two fields or more: the first is x, the others are y");
  }
}

/** The names as a sentence. */
export function listed(names: readonly string[]): string {
  if (names.length === 0) return "there is none";
  const more = names.length > MAX_LISTED ? `, and ${String(names.length - MAX_LISTED)} more` : "";
  return `there are: ${names.slice(0, MAX_LISTED).join(", ")}${more}`;
}
