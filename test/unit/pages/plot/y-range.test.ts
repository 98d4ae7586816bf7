// SPDX-License-Identifier: MIT
// The vertical range of a live plot.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { YRange } from "../../../../bridge/pages/parts/plot/y-range.ts";

describe("vertical range", () => {
  it("cuts nothing off in the frame in which it comes", () => {
    const range = new YRange();
    range.next(-1, 1, false);
    const { min, max } = range.next(-1, 40, false);
    assert.ok(min <= -1 && max >= 40);
  });

  it("shrinks calmly, and at once where the user asked for another view", () => {
    const range = new YRange();
    range.next(0, 100, false);
    const one = range.next(0, 10, false).max;
    assert.ok(one < 108 && one > 80, String(one));
    assert.ok(range.next(0, 10, true).max < 12);
  });

  it("comes to rest", () => {
    const range = new YRange();
    range.next(0, 100, false);
    for (let i = 0; i < 200; i++) range.next(0, 10, false);
    assert.deepEqual(range.next(0, 10, false), range.next(0, 10, false));
  });

  it("gives a flat line room, also at zero and for huge numbers", () => {
    for (const value of [0, 5, -3e-9, 1.7e18]) {
      const { min, max } = new YRange().next(value, value, false);
      assert.ok(min < value && max > value, String(value));
    }
  });

  it("has a finite length whatever the numbers are", () => {
    const { min, max } = new YRange().next(-Number.MAX_VALUE, Number.MAX_VALUE, false);
    assert.ok(Number.isFinite(max - min));
  });

  it("stays where it was while there is nothing to draw", () => {
    const range = new YRange();
    const before = range.next(2, 3, false);
    assert.deepEqual(range.next(Infinity, -Infinity, false), before);
  });
});
