// SPDX-License-Identifier: MIT
// Numbers as people read them.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  axisTexts,
  clockText,
  delayText,
  durationText,
  plainText,
  rateText,
  SteadyNumber,
} from "../../../../bridge/pages/parts/fields/number-text.ts";

describe("number texts", () => {
  it("keep the count of decimals while a value moves", () => {
    const steady = new SteadyNumber();
    assert.deepEqual(
      [12.5, 3.25, -0.5, 0].map((value) => steady.text(value)),
      ["12.500", "3.250", "−0.500", "0.000"],
    );
  });

  it("show small and huge numbers with digits that count", () => {
    assert.equal(new SteadyNumber().text(0.00123456), "0.0012346");
    assert.equal(new SteadyNumber().text(1.5e12), "1.500e+12");
    assert.equal(new SteadyNumber().text(NaN), "NaN");
    assert.equal(new SteadyNumber().text(-Infinity), "−∞");
    assert.equal(plainText(1234567), "1,234,567");
    assert.equal(plainText(0.1 + 0.2), "0.3");
  });

  it("write axis labels without rounding the step away", () => {
    assert.deepEqual(axisTexts([0, 0.25, 0.5], 0.25), ["0.00", "0.25", "0.50"]);
    assert.deepEqual(axisTexts([-2.5, 0, 2.5], 2.5), ["−2.5", "0.0", "2.5"]);
    assert.deepEqual(axisTexts([100_000, 200_000], 100_000), ["100k", "200k"]);
    assert.deepEqual(axisTexts([3_250_000_000, 3_500_000_000], 250_000_000), ["3.25G", "3.50G"]);
  });

  it("write rates, durations and times of day", () => {
    assert.equal(rateText(1000.2), "1,000/s");
    assert.equal(rateText(0.5), "0.5/s");
    assert.deepEqual([delayText(0.456), delayText(-0.456), delayText(12.3)], ["0.46 ms", "−0.46 ms", "12 ms"]);
    assert.equal(delayText(undefined), "–");
    assert.equal(durationText(12.3), "12 ms");
    assert.equal(durationText(1540), "1.5 s");
    assert.equal(durationText(125_000), "2 min 5 s");
    const noon = new Date(2025, 0, 1, 12, 3, 4, 567).getTime();
    assert.equal(clockText(noon, 0), "12:03:04");
    assert.equal(clockText(noon + 0.5, 4), "12:03:04.5675");
  });
});
