// SPDX-License-Identifier: MIT
// From the places of a chart's points to the numbers that are written on its horizontal axis, and back.
import type { ChartAxis } from "./chart.ts";

/** Times are written in seconds before now, all else as it is. */
export function onAxis(axis: ChartAxis, value: number): number {
  return axis.kind === "time" ? (value - axis.now) / 1000 : value;
}

/** The inverse of {@link onAxis}. */
export function offAxis(axis: ChartAxis, written: number): number {
  return axis.kind === "time" ? axis.now + written * 1000 : written;
}
