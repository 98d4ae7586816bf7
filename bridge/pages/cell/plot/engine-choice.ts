// SPDX-License-Identifier: MIT
// Which engine draws a plot when nobody says: the rich one while it can keep up, else the fast one.
import type { EngineName } from "./frame.ts";

/** Values a second that the rich engine is asked to draw: one line at 200 samples a second, or four at 50. */
const RICH_VALUES_PER_SECOND = 200;

/** For `rate` samples a second of so many lines; the fast one stays once it was chosen, so that a plot does not change to and fro. */
export function engineFor(rate: number, lines: number, now: EngineName | null): EngineName {
  return now === "uplot" || rate * lines >= RICH_VALUES_PER_SECOND ? "uplot" : "plotly";
}
