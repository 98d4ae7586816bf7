// SPDX-License-Identifier: MIT
// One picture of a plot, whatever draws it: rows of lines over one horizontal axis; and what an engine that draws it is.
import type { Mark } from "../../../client/trace/recorder.ts";
import type { Stroke } from "../../parts/plot/draw-line.ts";
import type { Span } from "../../parts/plot/y-range.ts";

/** How the points of a line are joined: `steps` holds a value until the next sample, `bar` stands on zero. */
export type LineForm = "straight" | "steps" | "bar";

/** One line, or one bar. */
export interface ChartLine {
  /** The same for the same number of the same channel. */
  readonly key: string;
  readonly name: string;
  readonly unit: string;
  /** Number of its colour. */
  readonly color: number;
  readonly form: LineForm;
  readonly stroke: Stroke;
}

/** Lines on one vertical axis. */
export interface ChartRow {
  readonly key: string;
  readonly title: string;
  /** Labels of an enum's values, null for numbers. */
  readonly labels: ReadonlyMap<number, string> | null;
  readonly range: Span;
  readonly lines: readonly ChartLine[];
}

/** The horizontal axis; its ends are in the unit of the lines' points. */
export interface ChartAxis extends Span {
  /** `time`: ms since 1970, shown in seconds before `now`. `names`: one for each whole number from 0 on. */
  readonly kind: "time" | "number" | "names";
  readonly title: string;
  readonly now: number;
  readonly names: readonly string[];
}

export interface Chart {
  readonly x: ChartAxis;
  readonly rows: readonly ChartRow[];
  /** What is missing, of times. */
  readonly marks: readonly Mark[];
}

/** A part that the reader wants to see larger. */
export interface Zoom {
  readonly x: Span;
  /** Null: what is there decides. */
  readonly y: Span | null;
}

/** A place between the left and the right edge and the lower and the upper one, each from 0 to 1. */
export interface Cursor {
  readonly x: number;
  readonly y: number;
}

/** What the reader does with pointer and wheel. */
export interface EngineEvents {
  pointed(cursor: Cursor | null): void;
  /** Null: all of it again. */
  zoomed(zoom: Zoom | null): void;
}

/** Draws charts into an element, until it is closed. */
export interface Engine {
  draw(chart: Chart, cursor: Cursor | null): void;
  /** The size changed, in CSS pixels. */
  resize(widthPx: number, heightPx: number): void;
  /** What is drawn now, without a background. */
  picture(): Promise<HTMLCanvasElement | HTMLImageElement>;
  close(): void;
}

/** An axis that shows a part of what `chart` shows. */
export function spanOf(x: Span, fromFraction: number, toFraction: number): Span {
  const size = x.max - x.min;
  return { min: x.min + fromFraction * size, max: x.min + toFraction * size };
}
