// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { figure, type View } from "../../../../bridge/pages/cell/plot-figure.ts";
import { fieldRef } from "../../../../bridge/client/trace/field-ref.ts";
import { Recorder } from "../../../../bridge/client/trace/recorder.ts";

const ANGLE = fieldRef("rig/state", { name: "angle", type: "f64", unit: "rad" });
const THEME = { dark: false, text: "#000", faint: "#666", grid: "#eee", warning: "#b00", lines: ["#00f", "#f00"] };

/** A recorder with samples 1 ms apart from `fromMs` on. */
function record(recorder: Recorder, fromMs: number, count: number): void {
  recorder.append({
    count,
    times: Float64Array.from({ length: count }, (_, at) => fromMs + at),
    columns: { angle: Float64Array.from({ length: count }, (_, at) => fromMs + at) },
  });
}

function view(recorder: Recorder, nowMs: number): View {
  return {
    ...{ recorder, nowMs, windowMs: 1000, widthPx: 500, heightPx: 300, theme: THEME, zoomKey: "0" },
    rows: [{ title: "angle [rad]", lines: [ANGLE], labels: null }],
  };
}

describe("the figure of a plot in a cell", () => {
  it("shows the window up to now, in seconds before now", () => {
    const recorder = new Recorder("rig/state");
    recorder.track(ANGLE);
    record(recorder, 10_000, 3000);
    const { traces, layout } = figure(view(recorder, 12_999));
    const [trace] = traces;
    assert.equal(trace?.x.at(-1), 0);
    assert.equal(trace.y.at(-1), 12_999);
    assert.ok((trace.x[0] ?? 0) >= -1.001 && (trace.x[0] ?? 0) <= -0.99);
    assert.deepEqual(layout.xaxis?.range, [-1, 0]);
    assert.deepEqual(layout.yaxis?.title, { text: "angle [rad]" });
  });

  it("breaks the line where samples are lost and shades the time", () => {
    const recorder = new Recorder("rig/state");
    recorder.track(ANGLE);
    record(recorder, 10_000, 300);
    recorder.mark("lost", 200, "slow_reader");
    record(recorder, 10_500, 300);
    const { traces, layout } = figure(view(recorder, 10_799));
    const breaks = [...(traces[0]?.y ?? [])].filter(Number.isNaN);
    assert.equal(breaks.length, 1);
    const [shape] = layout.shapes ?? [];
    assert.deepEqual([shape?.type, shape?.x0, shape?.x1], ["rect", -0.5, -0.299]);
  });

  it("marks a restart by a dashed line at the first sample of the new life", () => {
    const recorder = new Recorder("rig/state");
    recorder.track(ANGLE);
    record(recorder, 10_000, 300);
    recorder.mark("restart", 0, "");
    record(recorder, 10_500, 100);
    const [shape] = figure(view(recorder, 10_599)).layout.shapes ?? [];
    assert.deepEqual([shape?.type, shape?.x0], ["line", -0.099]);
  });
});
