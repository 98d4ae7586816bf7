// SPDX-License-Identifier: MIT
// Limits are held against values before they are sent, as the driver will.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { checkLimits } from "../../../bridge/layout/limits.ts";
import { layoutOf, throwsCode } from "../../support/codecs.ts";

const layout = layoutOf(48, [
  { n: "kp", t: "f64", o: 0, min: 0, max: 10, u: "V" },
  { n: "n", t: "i32", o: 8, min: -5 },
  { n: "big", t: "u64", o: 16, max: "18446744073709551614" },
  { n: "free", t: "f32", o: 24 },
  { n: "list", t: "f32", o: 28, d: [2], max: 1 },
  { n: "name", t: "c8", o: 36, d: [4] },
  { n: "low", t: "i8", o: 40, max: -1 },
]);

describe("holding values against limits", () => {
  it("lets through what is inside, borders included", () => {
    checkLimits(layout, {
      kp: 0,
      n: -5,
      big: "18446744073709551614",
      free: 1e30,
      list: [1, -100],
      name: "abc",
      low: -128,
    });
    checkLimits(layout, { kp: 10, n: 2147483647, free: NaN });
  });

  for (const values of [
    { kp: 10.000001 },
    { kp: -1e-9 },
    { kp: NaN },
    { n: -6 },
    { big: 2n ** 64n - 1n },
    { "list[1]": 1.5 },
    { low: 0 },
  ]) {
    it(`refuses ${Object.entries(values).join()}`, () => {
      throwsCode("out_of_range", () => {
        checkLimits(layout, values);
      });
    });
  }

  it("says the limits with their unit", () => {
    assert.throws(() => {
      checkLimits(layout, { kp: 11 });
    }, /^BridgeError: kp must be from 0 to 10 V$/);
  });

  it("refuses what could not be written at all in the same way as writing", () => {
    throwsCode("bad_value", () => {
      checkLimits(layout, { kp: "5" });
    });
    throwsCode("unknown_field", () => {
      checkLimits(layout, { kq: 5 });
    });
  });
});
