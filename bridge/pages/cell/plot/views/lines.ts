// SPDX-License-Identifier: MIT
// The view of values over time: every extreme of the window, thinned to the pixels there are.
import { fieldKey } from "../../../../client/trace/field-ref.ts";
import { rowsOf } from "../../../../client/trace/plot-rows.ts";
import { type Span, YRange } from "../../../parts/plot/y-range.ts";
import { ThinLine } from "../../../parts/trace/thin-line.ts";
import type { Chart, ChartLine, ChartRow } from "../chart.ts";
import { type ChartView, lineName, newestValue, type Scene, shownFields } from "../scene.ts";

/** Follows the lines from frame to frame, so that only what is new is read. */
export class LinesView implements ChartView {
  readonly everyMs = 0;
  readonly name: ChartView["name"] = lineName;
  readonly #lines = new Map<string, ThinLine>();
  readonly #ranges = new Map<string, YRange>();
  #turn = -1;

  chart(scene: Scene): Chart {
    const { nowMs } = scene.readings;
    const x = snapped(scene.zoom?.x ?? { min: nowMs - scene.windowMs, max: nowMs }, scene.columns);
    const shown = new Map(shownFields(scene).map((each) => [each.key, each]));
    const rows: ChartRow[] = [];
    for (const row of rowsOf(scene.fields)) {
      const lines: ChartLine[] = row.lines.flatMap((field) => {
        const each = shown.get(fieldKey(field));
        if (each === undefined) return [];
        const stroke = this.#line(scene, each.key, field, x);
        const name = lineName(field, scene.fields);
        const form = row.labels === null ? "straight" : "steps";
        return [{ key: each.key, name, unit: field.unit, color: each.color, form, stroke }];
      });
      if (lines.length === 0) continue;
      const key = row.lines.map(fieldKey).join("\n");
      rows.push({
        key,
        title: row.title,
        labels: row.labels,
        range: this.#range(scene, key, row.labels, lines),
        lines,
      });
    }
    this.#turn = scene.turn;
    const channels = [...new Set(scene.fields.map(({ channel }) => channel))];
    const marks = channels.flatMap((channel) => scene.readings.recorder(channel)?.marks ?? []);
    return { x: { kind: "time", ...x, title: "time before now [s]", now: nowMs, names: [] }, rows, marks };
  }

  value(scene: Scene, line: ChartLine, x: number | null): number {
    const field = scene.fields.find((each) => fieldKey(each) === line.key);
    if (field === undefined) return NaN;
    if (x === null) return newestValue(scene, field);
    const recorder = scene.readings.recorder(field.channel);
    const slackMs = (scene.zoom === null ? scene.windowMs : scene.zoom.x.max - scene.zoom.x.min) / 200;
    const at = recorder?.near(x, slackMs) ?? null;
    return at === null || recorder === undefined ? NaN : recorder.value(field.label, at);
  }

  #line(scene: Scene, key: string, { channel, label }: { channel: string; label: string }, x: Span): ThinLine {
    const line = this.#lines.get(key) ?? new ThinLine();
    this.#lines.set(key, line);
    const recorder = scene.readings.recorder(channel);
    if (recorder !== undefined) line.update(recorder, label, x.min, x.max, (x.max - x.min) / scene.columns);
    return line;
  }

  #range(scene: Scene, key: string, labels: ReadonlyMap<number, string> | null, lines: readonly ChartLine[]): Span {
    if (labels !== null) return { min: Math.min(...labels.keys()) - 0.4, max: Math.max(...labels.keys()) + 0.4 };
    const range = this.#ranges.get(key) ?? new YRange();
    this.#ranges.set(key, range);
    let least = Infinity;
    let greatest = -Infinity;
    for (const line of lines) {
      const extremes = this.#lines.get(line.key)?.extremes();
      least = Math.min(least, extremes?.least ?? Infinity);
      greatest = Math.max(greatest, extremes?.greatest ?? -Infinity);
    }
    return range.next(least, greatest, scene.turn !== this.#turn);
  }
}

/** Moves the view to whole pixel columns: the picture then shifts as a whole and does not shimmer. */
function snapped({ min, max }: Span, columns: number): Span {
  const columnMs = (max - min) / columns;
  const right = Math.ceil(max / columnMs) * columnMs;
  return { min: right - columnMs * columns, max: right };
}
