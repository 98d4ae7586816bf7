// SPDX-License-Identifier: MIT
// The arithmetic of the large knob, and what a channel of actions makes of it.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { afterAction, FIRST_STATE, type ActionState } from "../../../../bridge/pages/knob/action-knob.ts";
import {
  degreesOf,
  directionOf,
  keySteps,
  snapped,
  turnBetween,
  turned,
  valueOfTurn,
} from "../../../../bridge/pages/knob/dial.ts";

const RANGE = { min: 0, max: 50, step: 0.1 };

describe("the dial", () => {
  it("keeps to its steps and limits", () => {
    assert.equal(snapped(3.14159, RANGE), 3.1);
    assert.equal(turned(0.2, 1, RANGE), 0.3);
    assert.equal(turned(49.95, 3, RANGE), 50);
    assert.equal(turned(0, -1, RANGE), 0);
    assert.equal(snapped(10, { min: 0, max: 10, step: 4 }), 10, "the top may lie between two steps");
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const found = snapped(value, RANGE);
        assert.ok(found >= RANGE.min && found <= RANGE.max);
        assert.equal(snapped(found, RANGE), found);
      }),
    );
  });

  it("runs from the lower left over the top to the lower right", () => {
    assert.deepEqual(
      [0, 25, 50].map((value) => degreesOf(value, RANGE)),
      [-135, 0, 135],
    );
    assert.equal(valueOfTurn(27, RANGE), 5);
    assert.deepEqual([directionOf(0, -1), directionOf(1, 0), directionOf(-1, 0)], [0, 90, -90]);
  });

  it("turns the shorter way, also where the hand crosses the bottom", () => {
    assert.equal(turnBetween(170, -170), 20);
    assert.equal(turnBetween(-170, 170), -20);
    assert.equal(turnBetween(10, 30), 20);
    fc.assert(
      fc.property(fc.integer({ min: -180, max: 180 }), fc.integer({ min: -179, max: 179 }), (from, by) => {
        assert.equal(turnBetween(from, from + by), by);
      }),
    );
  });

  it("knows the keys of a slider", () => {
    assert.deepEqual(
      ["ArrowUp", "ArrowLeft", "PageUp", "Home", "End", "x"].map((key) => keySteps(key, false)),
      [1, -1, 10, -Infinity, Infinity, undefined],
    );
    assert.equal(keySteps("ArrowRight", true), 10);
  });
});

describe("the knob of a channel of actions", () => {
  const after = (...actions: unknown[]): ActionState =>
    actions.reduce<ActionState>((state, action) => afterAction(state, { t: 1, action }), FIRST_STATE);

  it("starts at 75, disabled, and turns by one while it is enabled", () => {
    assert.deepEqual(FIRST_STATE, { value: 75, isEnabled: false });
    assert.equal(after("left", "right", "right").value, 75);
    assert.deepEqual(after("enable", "left", "left", "right"), { value: 74, isEnabled: true });
    assert.deepEqual(after("enable", "left", "disable", "left"), { value: 74, isEnabled: false });
  });

  it("stays between 0 and 100", () => {
    assert.equal(after("enable", ...Array<string>(200).fill("right")).value, 100);
    assert.equal(after("enable", ...Array<string>(200).fill("left")).value, 0);
  });

  it("is not moved by anything else", () => {
    for (const other of ["up", 1, null, undefined, {}, ["left"]]) assert.deepEqual(after("enable", other).value, 75);
    for (const sample of [null, 3, "left", [], undefined]) assert.equal(afterAction(FIRST_STATE, sample), FIRST_STATE);
  });
});
