// SPDX-License-Identifier: MIT
// What a typed text means, and where arrow keys and sliders go.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  inputText,
  limitsText,
  readNumber,
  sliderRange,
  stepOf,
  stepped,
} from "../../../../bridge/pages/parts/knobs/number-input.ts";

const KP = { name: "kp", type: "f32", min: 0, max: 10, unit: "V" };
const COUNT = { name: "count", type: "i32", min: 0, max: 10 };

describe("number inputs", () => {
  it("read what people type, also a value outside the limits: those are the driver's to check", () => {
    assert.deepEqual(readNumber(" 4.5 ", KP), { ok: true, value: 4.5 });
    assert.deepEqual(readNumber("−1e3", KP), { ok: true, value: -1000 });
    assert.deepEqual(readNumber("1,000", COUNT), { ok: true, value: 1000 });
  });

  it("refuse what is no number, and fractions of whole numbers", () => {
    for (const text of ["", "abc", "1 2 x", "Infinity"]) assert.equal(readNumber(text, KP).ok, false, text);
    assert.equal(readNumber("1.5", COUNT).ok, false);
  });

  it("keep the digits of 64-bit integers", () => {
    const entry = { name: "id", type: "u64" };
    assert.deepEqual(readNumber("18446744073709551615", entry), { ok: true, value: "18446744073709551615" });
    assert.equal(inputText("18446744073709551615", entry), "18446744073709551615");
  });

  it("show a float without the digits that widening made", () => {
    assert.equal(inputText(Math.fround(0.1), KP), "0.1");
    assert.equal(inputText(0.1, { name: "x", type: "f64" }), "0.1");
    assert.equal(inputText(undefined, KP), "");
  });

  it("step on the grid of the step and stop at the limits", () => {
    assert.equal(stepped(0.3, 1, { ...KP, step: 0.1 }), 0.4);
    assert.equal(stepped(9.95, 10, { ...KP, step: 0.1 }), 10);
    assert.equal(stepped(3, -10, COUNT), 0);
    assert.equal(stepOf(COUNT), 1);
    assert.equal(stepOf(KP), 0.05);
    assert.equal(stepOf({ name: "x", type: "f64" }), 0.1);
  });

  it("make a slider only between two limits", () => {
    assert.deepEqual(sliderRange(COUNT), { min: 0, max: 10, step: 1 });
    assert.equal(sliderRange({ name: "x", type: "f64", min: 0 }), null);
    assert.equal(limitsText(KP), "0 … 10 V");
    assert.equal(limitsText({ name: "x", type: "f64", min: 0 }), "at least 0");
  });
});
