// SPDX-License-Identifier: MIT
// The axes of a panel as uPlot options: time of day below, the unit's values at the left.
import type uPlot from "uplot";
import { axisTexts, clockText, decimalsOf } from "../fields/number-text.ts";
import type { Colors } from "./ink.ts";

/** Room for the values at the left, in CSS pixels: the same in all panels, so that their times stand in line. */
const LEFT_PX = 62;
const BELOW_PX = 26;
const TIME_STEPS_MS = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000,
];

/** What may change between frames. */
export interface AxisState {
  readonly labels: ReadonlyMap<number, string> | null;
  /** Whether the times are written below this panel. */
  readonly hasTimes: boolean;
}

export function timeAxis(ink: Colors, state: () => AxisState): uPlot.Axis {
  return {
    scale: "x",
    stroke: () => ink.muted,
    font: `11px ${ink.font}`,
    size: () => (state().hasTimes ? BELOW_PX : 6),
    gap: 6,
    space: 86,
    incrs: TIME_STEPS_MS,
    grid: { stroke: () => ink.grid, width: 1 },
    ticks: { show: false },
    values: (_, ticks, _axis, _space, step) => {
      if (!state().hasTimes) return ticks.map(() => null);
      const decimals = Math.min(4, decimalsOf(step / 1000));
      return ticks.map((tick) => clockText(tick, decimals));
    },
  };
}

export function valueAxis(ink: Colors, state: () => AxisState): uPlot.Axis {
  return {
    scale: "y",
    stroke: () => ink.muted,
    font: `11px ${ink.font}`,
    size: LEFT_PX,
    gap: 8,
    space: 28,
    grid: { stroke: () => ink.grid, width: 1 },
    ticks: { show: false },
    splits: (plot, _axis, min, max, step) => {
      const { labels } = state();
      return labels === null
        ? evenSplits(min, max, step)
        : [...labels.keys()].filter((value) => value >= min && value <= max);
    },
    values: (_, ticks, _axis, _space, step) => {
      const { labels } = state();
      return labels === null
        ? axisTexts(ticks, step)
        : ticks.map((tick) => shortened(labels.get(tick) ?? String(tick)));
    },
  };
}

function evenSplits(min: number, max: number, step: number): number[] {
  if (!(step > 0)) return [min];
  const splits: number[] = [];
  const first = Math.ceil(min / step);
  for (let i = first; i * step <= max && splits.length < 64; i++) splits.push(Number((i * step).toPrecision(12)));
  return splits;
}

function shortened(label: string): string {
  return label.length <= 9 ? label : `${label.slice(0, 8)}…`;
}
