// SPDX-License-Identifier: MIT
// What the address of /plot asks for, and an address that asks for the same.
import { isName } from "../../model/names.ts";
import type { FieldRef } from "../../client/trace/field-ref.ts";
import { listIn } from "../parts/link/query.ts";

/** What is to be plotted. */
export interface PlotChoice {
  readonly channels: readonly string[];
  /** Labels of fields; none: all that are no clock. */
  readonly fields: readonly string[];
  readonly windowS: number;
}

/** The most channels of one page. */
const MAX_CHANNELS = 16;

const WINDOW_S = 10;

/** Names by which programs send their own clock: a line that only rises hides all others. */
const CLOCKS: ReadonlySet<string> = new Set(["t", "ts", "time", "timestamp", "seq"]);

/** Reads `channel` (repeated, or separated by commas), `fields` and `window` in seconds. What is no name is left out. */
export function choiceOf(query: URLSearchParams): PlotChoice {
  const windowS = Number(query.get("window") ?? NaN);
  return {
    channels: listIn(query, "channel").filter(isName).slice(0, MAX_CHANNELS),
    fields: listIn(query, "fields"),
    windowS: windowS > 0 ? windowS : WINDOW_S,
  };
}

/** The query that asks for `choice`, written so that a person can read it. */
export function queryOf({ channels, fields, windowS }: PlotChoice): string {
  const query = new URLSearchParams();
  for (const channel of channels) query.append("channel", channel);
  if (fields.length > 0) query.set("fields", fields.join(","));
  if (windowS !== WINDOW_S) query.set("window", String(windowS));
  return query.toString().replaceAll("%2F", "/").replaceAll("%2C", ",").replaceAll("%5B", "[").replaceAll("%5D", "]");
}

/** Whether a number is plotted without being chosen by hand. */
export function isWanted({ path, label }: Pick<FieldRef, "path" | "label">, { fields }: PlotChoice): boolean {
  return fields.length === 0 ? !CLOCKS.has(label) : fields.includes(label) || fields.includes(path);
}
