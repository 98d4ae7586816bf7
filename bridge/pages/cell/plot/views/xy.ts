// SPDX-License-Identifier: MIT
// The view of fields over another field: the first is the horizontal axis, the line is the way through the window.
import { fieldKey, type FieldRef } from "../../../../client/trace/field-ref.ts";
import { Polyline } from "../../../../client/trace/decimate.ts";
import type { Recorder } from "../../../../client/trace/recorder.ts";
import { type Span, YRange } from "../../../parts/plot/y-range.ts";
import type { Chart, ChartLine } from "../chart.ts";
import { type ChartView, lineName, newestValue, type Scene, shownFields } from "../scene.ts";

/** A step is drawn when it is at least this part of what is shown, on either axis. */
const STEP = 1 / 1200;

/** Draws the way of points of one channel; a field of another channel has no points in common with the first and is left out. */
export class XyView implements ChartView {
  readonly everyMs = 0;
  readonly name: ChartView["name"] = lineName;
  readonly #lines = new Map<string, Polyline>();
  readonly #x = new YRange();
  readonly #y = new YRange();
  #turn = -1;

  chart(scene: Scene): Chart {
    const [first] = scene.fields;
    const recorder = first === undefined ? undefined : scene.readings.recorder(first.channel);
    const isJump = scene.turn !== this.#turn;
    this.#turn = scene.turn;
    if (first === undefined || recorder === undefined) return chartOf(scene, null, [], NO_SPAN, NO_SPAN);
    const from = recorder.indexAt(scene.readings.nowMs - scene.windowMs);
    const drawn = shownFields(scene).filter(({ field }) => field !== first && field.channel === first.channel);
    const x = this.#x.next(...extremes(recorder, first.label, from), isJump);
    const ends = drawn.map(({ field }) => extremes(recorder, field.label, from));
    const least = Math.min(...ends.map(([low]) => low));
    const y = this.#y.next(least, Math.max(...ends.map(([, high]) => high)), isJump);
    const view = { x: scene.zoom?.x ?? x, y: scene.zoom?.y ?? y };
    const lines = drawn.map(({ field, key, color }): ChartLine => {
      const line = this.#lines.get(key) ?? new Polyline();
      this.#lines.set(key, line);
      const samples = way(line, recorder, first, field, from, view);
      const stroke = { line, first: 0, samples };
      return { key, name: lineName(field, scene.fields), unit: field.unit, color, form: "straight", stroke };
    });
    return chartOf(scene, first, lines, view.x, view.y);
  }

  value(scene: Scene, line: ChartLine): number {
    const field = scene.fields.find((each) => fieldKey(each) === line.key);
    return field === undefined ? NaN : newestValue(scene, field);
  }
}

const NO_SPAN: Span = { min: 0, max: 1 };

function chartOf(scene: Scene, first: FieldRef | null, lines: readonly ChartLine[], x: Span, y: Span): Chart {
  const units = [...new Set(lines.map(({ unit }) => unit))];
  const title = [lines.length === 1 ? (lines[0]?.name ?? "") : "", bracketed(units.length === 1 ? units[0] : "")];
  const xTitle = first === null ? "" : [lineName(first, scene.fields), bracketed(first.unit)].join(" ").trim();
  return {
    x: { kind: "number", ...x, title: xTitle, now: 0, names: [] },
    rows: lines.length === 0 ? [] : [{ key: "xy", title: title.join(" ").trim(), labels: null, range: y, lines }],
    marks: [],
  };
}

function bracketed(unit = ""): string {
  return unit === "" ? "" : `[${unit}]`;
}

/** Least and greatest number of a field from a sample on. */
function extremes(recorder: Recorder, label: string, from: number): [least: number, greatest: number] {
  const values = recorder.lane(label);
  let least = Infinity;
  let greatest = -Infinity;
  for (let i = from; values !== null && i < recorder.head; i++) {
    const value = values[i & recorder.mask] ?? NaN;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return [least, greatest];
}

/** Fills `line` with the way from a sample on, without steps too small to be seen. Returns how many samples that were. */
function way(
  line: Polyline,
  recorder: Recorder,
  xField: FieldRef,
  yField: FieldRef,
  from: number,
  view: { readonly x: Span; readonly y: Span },
): number {
  const xs = recorder.lane(xField.label);
  const ys = recorder.lane(yField.label);
  line.length = 0;
  if (xs === null || ys === null) return 0;
  const stepX = (view.x.max - view.x.min) * STEP;
  const stepY = (view.y.max - view.y.min) * STEP;
  let lastX = NaN;
  let lastY = NaN;
  let broken = true;
  for (let i = from; i < recorder.head; i++) {
    const at = i & recorder.mask;
    const x = xs[at] ?? NaN;
    const y = ys[at] ?? NaN;
    if (recorder.breaks[at] === 1) broken = true;
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      broken = true;
      continue;
    }
    const isFar = !(Math.abs(x - lastX) < stepX && Math.abs(y - lastY) < stepY);
    if (!isFar && !broken && i < recorder.head - 1) continue;
    line.reserve(1);
    line.add(x, y, broken);
    broken = false;
    lastX = x;
    lastY = y;
  }
  return recorder.head - from;
}
