// SPDX-License-Identifier: MIT
// How plots, knobs and forms look: what a cell may say of it, with defaults and bounds.
import { BridgeError } from "../../model/errors.ts";
import type { PlotEngine, PlotSpec, PlotView } from "./output.ts";

/** How a live plot looks. */
export interface PlotOptions {
  readonly title?: string;
  /** How much of the past is shown, in ms (default 10 000, at most 60 000). */
  readonly windowMs?: number;
  /** Height in CSS pixels (default 300). */
  readonly heightPx?: number;
  /**
   * `lines` (default): values over time; `bars`: the newest sample, one bar for each field, element or key; `xy`: the first field is x, the others are y; `spectrum`: amplitudes over
   * frequency of the window.
   */
  readonly view?: PlotView;
  /** What draws it in the browser: plotly has more to offer, uPlot is faster (default `auto`: by the rate of the samples). */
  readonly engine?: PlotEngine;
}

/** How knobs look. */
export interface KnobOptions {
  readonly title?: string;
  /** Those to show (default all). */
  readonly fields?: readonly string[];
}

/** How a form looks. */
export interface FormOptions {
  readonly title?: string;
  /** What stands on its button (default `Call`). */
  readonly button?: string;
}

const DEFAULT_WINDOW_MS = 10_000;
const MAX_WINDOW_MS = 60_000;
const MIN_WINDOW_MS = 10;
const DEFAULT_HEIGHT_PX = 300;
const MIN_HEIGHT_PX = 80;
const MAX_HEIGHT_PX = 2000;
const VIEWS: readonly PlotView[] = ["lines", "bars", "xy", "spectrum"];
const ENGINES: readonly PlotEngine[] = ["auto", "plotly", "uplot"];

/** The look of a plot. Throws `invalid_argument` for what cannot be. */
export function lookOf(options: PlotOptions): Pick<PlotSpec, "view" | "engine" | "windowMs" | "heightPx"> {
  const { view = "lines", engine = "auto", windowMs = DEFAULT_WINDOW_MS, heightPx = DEFAULT_HEIGHT_PX } = options;
  const height = Math.min(checkedNumber("heightPx", heightPx, MIN_HEIGHT_PX), MAX_HEIGHT_PX);
  return {
    view: oneOf("view", view, VIEWS),
    engine: oneOf("engine", engine, ENGINES),
    windowMs: checkedWindow(windowMs),
    heightPx: height,
  };
}

/** The length of a window, at most a minute. Throws `invalid_argument` for what is no length. */
export function checkedWindow(windowMs: number): number {
  return Math.min(checkedNumber("windowMs", windowMs, MIN_WINDOW_MS), MAX_WINDOW_MS);
}

function checkedNumber(name: string, value: number, least: number): number {
  if (typeof value === "number" && value >= least) return value;
  throw new BridgeError(
    "invalid_argument",
    `${name} must be a number of at least ${String(least)}, not ${String(value)}`,
  );
}

function oneOf<T extends string>(name: string, value: T, known: readonly T[]): T {
  if (known.includes(value)) return value;
  throw new BridgeError("invalid_argument", `${name} must be one of ${known.join(", ")}, not "${value}"`);
}
