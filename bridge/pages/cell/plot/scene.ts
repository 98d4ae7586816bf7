// SPDX-License-Identifier: MIT
// What a view makes its chart from: the fields with their recordings, and the part of them that is looked at.
import { fieldKey, type FieldRef } from "../../../client/trace/field-ref.ts";
import type { Recorder } from "../../../client/trace/recorder.ts";
import type { PageBatch } from "../../parts/link/client-port.ts";
import type { Chart, ChartLine, Zoom } from "./chart.ts";

/** The samples of the channels, live or as they were when the plot was paused. */
export interface Readings {
  /** The samples' time now, ms since 1970. */
  readonly nowMs: number;
  recorder(channel: string): Recorder | undefined;
  newest(channel: string): PageBatch | null;
}

/** One moment of a plot. */
export interface Scene {
  readonly fields: readonly FieldRef[];
  readonly readings: Readings;
  readonly windowMs: number;
  readonly zoom: Zoom | null;
  /** Pixel columns of the plot. */
  readonly columns: number;
  /** Changes when easing from the old ranges would mislead. */
  readonly turn: number;
  /** Names of lines that the reader does not want to see. */
  readonly hidden: ReadonlySet<string>;
}

/** Makes charts of scenes; keeps what saves work from one to the next. */
export interface ChartView {
  /** Shortest time between two charts in ms: more often there is nothing new to see. */
  readonly everyMs: number;
  chart(scene: Scene): Chart;
  /** What a field is called among all that are drawn. */
  name(field: FieldRef, fields: readonly FieldRef[]): string;
  /** What a line's value is where the cursor stands on the last chart's horizontal axis, NaN where there is none; without a cursor, now. */
  value(scene: Scene, line: ChartLine, x: number | null): number;
}

/** A scene's fields that are not hidden, with the numbers of their colours. */
export function shownFields(
  scene: Scene,
): { readonly field: FieldRef; readonly key: string; readonly color: number }[] {
  return scene.fields
    .map((field, color) => ({ field, key: fieldKey(field), color }))
    .filter(({ key }) => !scene.hidden.has(key));
}

/** The newest number of a field. */
export function newestValue({ readings }: Scene, { channel, label }: FieldRef): number {
  const recorder = readings.recorder(channel);
  return recorder === undefined || recorder.head === recorder.start ? NaN : recorder.value(label, recorder.head - 1);
}

/** The name of a line; of several channels each says which. */
export function lineName(field: FieldRef, fields: readonly FieldRef[]): string {
  const isOne = fields.every(({ channel }) => channel === field.channel);
  return isOne ? field.label : `${field.channel} ${field.label}`;
}
