// SPDX-License-Identifier: MIT
// The figure that plotly gets for the traces of a plot.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { figure, type Frame, type LineTrace } from "../../../../../bridge/pages/cell/plot/plotly-figure.ts";
import type { Scene } from "../../../../../bridge/pages/cell/plot/scene.ts";
import { BarsView } from "../../../../../bridge/pages/cell/plot/views/bars.ts";
import { LinesView } from "../../../../../bridge/pages/cell/plot/views/lines.ts";
import { fieldRef } from "../../../../../bridge/client/trace/field-ref.ts";
import { Recorder } from "../../../../../bridge/client/trace/recorder.ts";

const ANGLE = fieldRef("rig/state", { name: "angle", type: "f64", unit: "rad" });
const COUNT = fieldRef("rig/state", { name: "counts.few", type: "u32" });
const THEME = {
  ...{ dark: false, surface: "#fff", text: "#000", faint: "#666", grid: "#eee", warning: "#b00" },
  lines: ["#00f", "#f00"],
};
const FRAME: Frame = {
  ...{ widthPx: 500, heightPx: 300, key: "0" },
  ink: { theme: THEME, line: (color) => THEME.lines[color] ?? "" },
};

/** A recorder with samples 1 ms apart from `fromMs` on. */
function record(recorder: Recorder, fromMs: number, count: number): void {
  const numbers = Float64Array.from({ length: count }, (_, at) => fromMs + at);
  recorder.append({ count, times: numbers, columns: { angle: numbers, "counts.few": numbers } });
}

function scene(recorder: Recorder, nowMs: number): Scene {
  return {
    ...{ windowMs: 1000, zoom: null, columns: 500, turn: 0, hidden: new Set() },
    fields: [ANGLE],
    readings: { nowMs, recorder: () => recorder, newest: () => null },
  };
}

function lines(recorder: Recorder, nowMs: number): ReturnType<typeof figure> & { trace: LineTrace } {
  const drawn = figure(new LinesView().chart(scene(recorder, nowMs)), FRAME);
  const [trace] = drawn.traces;
  assert.ok(trace?.type === "scatter");
  return { ...drawn, trace };
}

describe("what plotly draws of a plot in a cell", () => {
  it("shows the window up to now, in seconds before now", () => {
    const recorder = new Recorder("rig/state");
    recorder.track(ANGLE);
    record(recorder, 10_000, 3000);
    const { trace, layout } = lines(recorder, 12_999);
    assert.equal(trace.x.at(-1), 0);
    assert.equal(trace.y.at(-1), 12_999);
    assert.ok((trace.x[0] ?? 0) >= -1.003 && (trace.x[0] ?? 0) <= -0.99);
    const [left, right] = (layout.xaxis?.range ?? []) as number[];
    assert.ok(Math.abs((right ?? NaN) - (left ?? NaN) - 1) < 1e-9);
    assert.equal(layout.yaxis?.title?.text, "angle [rad]");
  });

  it("breaks the line where samples are lost, shades the time and says how many", () => {
    const recorder = new Recorder("rig/state");
    recorder.track(ANGLE);
    record(recorder, 10_000, 300);
    recorder.mark("lost", 200, "slow_reader");
    record(recorder, 10_500, 300);
    const { trace, layout } = lines(recorder, 10_799);
    assert.equal([...trace.y].filter(Number.isNaN).length, 1);
    const [shape] = layout.shapes ?? [];
    assert.deepEqual([shape?.type, shape?.x0, shape?.x1], ["rect", -0.5, -0.299]);
    assert.deepEqual(
      layout.annotations?.map(({ text }) => text),
      ["lost 200"],
    );
  });

  it("marks a restart by a dashed line at the first sample of the new life", () => {
    const recorder = new Recorder("rig/state");
    recorder.track(ANGLE);
    record(recorder, 10_000, 300);
    recorder.mark("restart", 0, "");
    record(recorder, 10_500, 100);
    const [shape] = lines(recorder, 10_599).layout.shapes ?? [];
    assert.deepEqual([shape?.type, shape?.x0], ["line", -0.099]);
  });

  it("draws a bar for each number of the newest sample, named by what tells them apart", () => {
    const recorder = new Recorder("rig/state");
    for (const field of [ANGLE, COUNT]) recorder.track(field);
    record(recorder, 10_000, 3);
    const chart = new BarsView().chart({ ...scene(recorder, 10_002), fields: [ANGLE, COUNT] });
    const { traces, layout } = figure(chart, FRAME);
    assert.deepEqual(
      traces.map(({ type, name, x, y }) => [type, name, [...x], [...y]]),
      [
        ["bar", "angle", [0], [10_002]],
        ["bar", "few", [1], [10_002]],
      ],
    );
    assert.deepEqual(layout.xaxis?.ticktext, ["angle", "few"]);
    assert.equal((layout.yaxis?.range as number[] | undefined)?.[0], 0);
  });
});
