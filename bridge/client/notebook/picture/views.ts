// SPDX-License-Identifier: MIT
// What each view of a plot is as panels of a picture.
import { decimate, Polyline } from "../../trace/decimate.ts";
import type { FieldRef } from "../../trace/field-ref.ts";
import { rowsOf } from "../../trace/plot-rows.ts";
import type { Recorder } from "../../trace/recorder.ts";
import { SpectrumMaker } from "../../trace/spectrum.ts";
import type { PlotView } from "../output.ts";
import type { Band, Panel, Stroke } from "./panel.ts";
import { COLORS, WIDTH_PX } from "./picture.ts";
import { rangeOf } from "./ticks.ts";

/** What was recorded, up to the right edge of the picture. */
export interface Recorded {
  readonly fields: readonly FieldRef[];
  readonly nowMs: number;
  readonly windowMs: number;
  recorder(channel: string): Recorder | undefined;
}

/** The panels of a view; none when there is nothing to draw yet. */
export function panelsOf(view: PlotView, recorded: Recorded): Panel[] {
  switch (view) {
    case "lines":
      return linePanels(recorded);
    case "bars":
      return barPanels(recorded);
    case "xy":
      return xyPanels(recorded);
    case "spectrum":
      return spectrumPanels(recorded);
  }
}

function linePanels(recorded: Recorded): Panel[] {
  const { fields, nowMs, windowMs } = recorded;
  return rowsOf(fields).map(({ title, lines, labels }) => {
    const strokes = lines.flatMap((field) => {
      const recorder = recorded.recorder(field.channel);
      if (recorder === undefined) return [];
      const from = Math.max(recorder.start, recorder.indexAt(nowMs - windowMs) - 1);
      const times = (ms: number): number => (ms - nowMs) / 1000;
      const isStepped = labels !== null;
      return [strokeOf(recorded, field, lineOf(recorder, field, from, windowMs / WIDTH_PX), times, isStepped)];
    });
    const numbers = strokes.flatMap(({ ys, length }) => Array.from(ys).slice(0, length));
    return {
      ...{
        xTitle: "time before the newest sample [s]",
        yTitle: title,
        x: [-windowMs / 1000, 0] as const,
        yLabels: labels,
      },
      y: labels === null ? rangeOf(numbers) : rangeOf(labels.keys()),
      ...{ strokes, bars: [], bands: bandsOf(recorded, lines) },
    };
  });
}

function barPanels(recorded: Recorded): Panel[] {
  const { fields } = recorded;
  const bars = fields.flatMap((field, index) => {
    const recorder = recorded.recorder(field.channel);
    const value = recorder?.value(field.label, recorder.head - 1) ?? NaN;
    return Number.isFinite(value) ? [{ label: shortName(field), color: colorOf(index), value }] : [];
  });
  if (bars.length === 0) return [];
  const units = [...new Set(fields.map(({ unit }) => unit))];
  const yTitle = units.length === 1 ? bracketed(units[0]) : "";
  const [least, greatest] = rangeOf([0, ...bars.map(({ value }) => value)]);
  const isAbove = bars.every(({ value }) => value >= 0);
  const y = [isAbove ? 0 : least, greatest] as const;
  return [{ xTitle: "", yTitle, x: [0, 1], y, yLabels: null, strokes: [], bars, bands: [] }];
}

function xyPanels(recorded: Recorded): Panel[] {
  const { fields, nowMs, windowMs } = recorded;
  const [first, ...others] = fields;
  const recorder = first === undefined ? undefined : recorded.recorder(first.channel);
  if (first === undefined || recorder === undefined) return [];
  const from = recorder.indexAt(nowMs - windowMs);
  // A field of another channel has no points in common with the first.
  const strokes = others
    .filter(({ channel }) => channel === first.channel)
    .map((field) => wayOf(recorder, first, field, from, fields));
  const xTitle = `${first.label} ${bracketed(first.unit)}`.trim();
  const yTitle = others.length === 1 ? `${others[0]?.label ?? ""} ${bracketed(others[0]?.unit)}`.trim() : "";
  const x = rangeOf(strokes.flatMap(({ xs, length }) => Array.from(xs).slice(0, length)));
  const y = rangeOf(strokes.flatMap(({ ys, length }) => Array.from(ys).slice(0, length)));
  return [{ xTitle, yTitle, x, y, yLabels: null, strokes, bars: [], bands: [] }];
}

function spectrumPanels(recorded: Recorded): Panel[] {
  const { fields, nowMs, windowMs } = recorded;
  let maxHz = 0;
  const panels = rowsOf(fields).map(({ title, lines }): Panel => {
    const strokes = lines.flatMap((field) => {
      const recorder = recorded.recorder(field.channel);
      if (recorder === undefined) return [];
      // One for each line: its arrays are used again.
      const spectrum = new SpectrumMaker().make(recorder, field.label, nowMs - windowMs, nowMs + 1);
      if (spectrum === null) return [];
      maxHz = Math.max(maxHz, spectrum.maxHz);
      const line = new Polyline();
      decimate(spectrum.source, 0, spectrum.source.times.length, spectrum.maxHz / WIDTH_PX, line);
      return [strokeOf(recorded, field, line, (hz) => hz, false)];
    });
    const [, greatest] = rangeOf(strokes.flatMap(({ ys, length }) => Array.from(ys).slice(0, length)));
    const shown = { xTitle: "frequency [Hz]", yTitle: `amplitude ${title}`.trim(), y: [0, greatest] as const };
    return { ...shown, x: [0, 1], yLabels: null, strokes, bars: [], bands: [] };
  });
  return panels.map((panel) => ({ ...panel, x: [0, Math.max(maxHz, 1e-9)] as const }));
}

function lineOf(recorder: Recorder, field: FieldRef, from: number, columnMs: number): Polyline {
  const line = new Polyline();
  const values = recorder.lane(field.label);
  if (values !== null) {
    decimate({ times: recorder.times, values, breaks: recorder.breaks }, from, recorder.head, columnMs, line);
  }
  return line;
}

function strokeOf(
  { fields }: Recorded,
  field: FieldRef,
  line: Polyline,
  toX: (x: number) => number,
  isStepped: boolean,
): Stroke {
  const { ys, breaks, length } = line;
  return { ...penOf(field, fields), isStepped, xs: line.xs.map(toX), ys, breaks, length };
}

function wayOf(recorder: Recorder, x: FieldRef, y: FieldRef, from: number, fields: readonly FieldRef[]): Stroke {
  const line = new Polyline();
  let isBroken = true;
  for (let i = from; i < recorder.head; i++) {
    const at = [recorder.value(x.label, i), recorder.value(y.label, i)] as const;
    if (recorder.breaks[i & recorder.mask] === 1) isBroken = true;
    if (!Number.isFinite(at[0]) || !Number.isFinite(at[1])) {
      isBroken = true;
      continue;
    }
    line.reserve(1);
    line.add(at[0], at[1], isBroken);
    isBroken = false;
  }
  return { ...penOf(y, fields), isStepped: false, xs: line.xs, ys: line.ys, breaks: line.breaks, length: line.length };
}

/** Where something is missing, or began anew, in the channels of some lines. */
function bandsOf(recorded: Recorded, lines: readonly FieldRef[]): Band[] {
  const { nowMs, windowMs } = recorded;
  const channels = [...new Set(lines.map(({ channel }) => channel))];
  const marks = channels.flatMap((channel) => recorded.recorder(channel)?.marks ?? []);
  return marks
    .filter(({ to }) => Number.isNaN(to) || to >= nowMs - windowMs)
    .map(({ kind, from, to }) => ({
      from: kind === "restart" ? (to - nowMs) / 1000 : (from - nowMs) / 1000,
      to: Number.isNaN(to) ? 0 : (to - nowMs) / 1000,
    }));
}

function penOf(field: FieldRef, fields: readonly FieldRef[]): { readonly label: string; readonly color: string } {
  const isOne = fields.every(({ channel }) => channel === field.channel);
  return { label: isOne ? field.label : `${field.channel} ${field.label}`, color: colorOf(fields.indexOf(field)) };
}

function colorOf(index: number): string {
  return COLORS[index % COLORS.length] ?? "#1d5fd1";
}

function shortName({ label }: FieldRef): string {
  return label.slice(label.lastIndexOf(".") + 1);
}

function bracketed(unit = ""): string {
  return unit === "" ? "" : `[${unit}]`;
}
