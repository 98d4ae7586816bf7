// SPDX-License-Identifier: MIT
// What the views make of one recording.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { fieldRef, type FieldRef } from "../../../../../bridge/client/trace/field-ref.ts";
import { Recorder } from "../../../../../bridge/client/trace/recorder.ts";
import type { Scene } from "../../../../../bridge/pages/cell/plot/scene.ts";
import { viewFor } from "../../../../../bridge/pages/cell/plot/views/view.ts";

const NAMES = ["angle", "speed"] as const;
const [ANGLE, SPEED] = NAMES.map((name) => fieldRef("rig/state", { name, type: "f64", unit: name[0] ?? "" })) as [
  FieldRef,
  FieldRef,
];
const COUNT = 2000;

/** Two seconds of a circle, ten turns a second, sampled at 1 kHz. */
function circle(): Recorder {
  const recorder = new Recorder("rig/state");
  for (const field of [ANGLE, SPEED]) recorder.track(field);
  const times = Float64Array.from({ length: COUNT }, (_, at) => 10_000 + at);
  const angle = times.map((time) => Math.cos((2 * Math.PI * time) / 100));
  const speed = times.map((time) => 2 * Math.sin((2 * Math.PI * time) / 100));
  recorder.append({ count: COUNT, times, columns: { angle, speed } });
  return recorder;
}

function scene(changes: Partial<Scene> = {}): Scene {
  const recorder = circle();
  return {
    ...{ fields: [ANGLE, SPEED], windowMs: 2000, zoom: null, columns: 400, turn: 0, hidden: new Set<string>() },
    readings: { nowMs: 11_999, recorder: () => recorder, newest: () => null },
    ...changes,
  };
}

describe("the views of a plot", () => {
  it("give each unit of values over time a row of its own", () => {
    const { rows } = viewFor("lines").chart(scene());
    assert.deepEqual(
      rows.map(({ title, lines }) => [title, lines.length]),
      [
        ["angle [a]", 1],
        ["speed [s]", 1],
      ],
    );
    assert.ok(rows.every(({ lines }) => (lines[0]?.stroke.line.length ?? 0) <= 4 * 402));
  });

  it("say what a line was at the cursor, and what it is without one", () => {
    const view = viewFor("lines");
    const moment = scene();
    const line = view.chart(moment).rows[0]?.lines[0];
    assert.ok(line);
    assert.ok(Math.abs(view.value(moment, line, 11_050) - -1) < 1e-9);
    assert.ok(Math.abs(view.value(moment, line, null) - Math.cos((2 * Math.PI * 99) / 100)) < 1e-9);
  });

  it("draw nothing of a hidden line, and no row where all are hidden", () => {
    const { rows } = viewFor("lines").chart(scene({ hidden: new Set(["rig/state angle"]) }));
    assert.deepEqual(
      rows.map(({ title }) => title),
      ["speed [s]"],
    );
  });

  it("draw one field over another, all the way round", () => {
    const { x, rows } = viewFor("xy").chart(scene());
    assert.equal(x.title, "angle [a]");
    assert.ok(x.min < -1 && x.min > -1.5 && x.max > 1 && x.max < 1.5);
    const [line] = rows[0]?.lines ?? [];
    assert.equal(line?.name, "speed");
    const { xs, ys, length } = line.stroke.line;
    for (let i = 0; i < length; i++) assert.ok(Math.abs((xs[i] ?? 0) ** 2 + ((ys[i] ?? 0) / 2) ** 2 - 1) < 1e-9);
  });

  it("show what vibrates at its frequency", () => {
    const view = viewFor("spectrum");
    const moment = scene();
    const { x, rows } = view.chart(moment);
    assert.match(x.title, /^frequency \[Hz\] · 1,024 samples, Hann window$/);
    assert.ok(Math.abs(x.max - 500) < 1);
    const line = rows[1]?.lines[0];
    assert.ok(line);
    // Ten turns a second lie between two of the frequencies.
    assert.ok(view.value(moment, line, 10) > 1.7);
    assert.ok(view.value(moment, line, 100) < 0.01);
  });

  it("draw a bar for each number of the newest sample", () => {
    const { x, rows } = viewFor("bars").chart(scene());
    assert.deepEqual(x.names, ["angle", "speed"]);
    assert.equal(rows[0]?.lines.length, 2);
  });
});
