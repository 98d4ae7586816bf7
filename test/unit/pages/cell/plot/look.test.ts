// SPDX-License-Identifier: MIT
// A reader holds, moves and lets go of what a plot shows.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Look } from "../../../../../bridge/pages/cell/plot/look.ts";
import type { Readings } from "../../../../../bridge/pages/cell/plot/scene.ts";

const HELD: Readings = { nowMs: 1000, recorder: () => undefined, newest: () => null };
const PART = { x: { min: 900, max: 950 }, y: null };

function look(): Look {
  return new Look({ ...HELD, nowMs: 2000, hold: () => HELD }, 5000);
}

describe("what a reader of a plot looks at", () => {
  it("stands still while it is paused, and is live again after", () => {
    const seen = look();
    seen.pause(true);
    assert.equal(seen.readings.nowMs, 1000);
    seen.pause(false);
    assert.equal(seen.readings.nowMs, 2000);
  });

  it("stands still while a part of the past is seen larger, and goes on when all is shown", () => {
    const seen = look();
    seen.zoomTo(PART, true);
    assert.equal(seen.isPaused, true);
    seen.zoomTo(null, true);
    assert.equal(seen.isPaused, false);
  });

  it("stays paused when the reader had paused before looking at a part", () => {
    const seen = look();
    seen.pause(true);
    seen.zoomTo(PART, true);
    seen.zoomTo(null, true);
    assert.equal(seen.isPaused, true);
  });

  it("stays live while a part of frequencies is seen larger", () => {
    const seen = look();
    seen.zoomTo(PART, false);
    assert.equal(seen.isPaused, false);
    assert.equal(seen.zoom, PART);
  });

  it("shows all of another window", () => {
    const seen = look();
    seen.zoomTo(PART, true);
    seen.setWindow(1000);
    assert.deepEqual([seen.windowMs, seen.zoom, seen.isPaused], [1000, null, false]);
  });

  it("hides a line and shows it again", () => {
    const seen = look();
    seen.toggle("a");
    assert.equal(seen.hidden.has("a"), true);
    seen.toggle("a");
    assert.equal(seen.hidden.has("a"), false);
  });
});
