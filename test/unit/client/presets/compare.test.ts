// SPDX-License-Identifier: MIT
// Two sets of values compared field by field.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { compareValues } from "../../../../bridge/client/presets/compare.ts";
import type { Json } from "../../../../bridge/index.ts";

describe("comparing presets", () => {
  it("names single fields, inside structs and arrays too", () => {
    const saved = { "arm/pid": { pid: { kp: 1, ki: 2 }, joint: [1, 2, 3], mode: "ON" } };
    const other = { "arm/pid": { pid: { kp: 1, ki: 5 }, joint: [1, 2, 4], mode: "OFF" } };
    assert.deepEqual(compareValues(saved, other), [
      { parameter: "arm/pid", field: "pid.ki", saved: 2, other: 5 },
      { parameter: "arm/pid", field: "joint[2]", saved: 3, other: 4 },
      { parameter: "arm/pid", field: "mode", saved: "ON", other: "OFF" },
    ]);
  });

  it("tells what only one of them has, but not parameters that were not saved", () => {
    const other = { "arm/pid": { kp: 1, new: true }, "arm/limits": { max: 1 } };
    assert.deepEqual(compareValues({ "arm/pid": { kp: 1, old: 3 }, "leg/pid": { kp: 2 } }, other), [
      { parameter: "arm/pid", field: "old", saved: 3, other: undefined },
      { parameter: "arm/pid", field: "new", saved: undefined, other: true },
      { parameter: "leg/pid", field: "kp", saved: 2, other: undefined },
    ]);
  });

  it("takes digits in quotes for the number that they are", () => {
    assert.deepEqual(compareValues({ a: { n: "7" } }, { a: { n: 7 } }), []);
    assert.equal(compareValues({ a: { n: "9007199254740993" } }, { a: { n: "9007199254740992" } }).length, 1);
  });

  it("finds nothing between a value and itself", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue() as fc.Arbitrary<Json>), (values) => {
        assert.deepEqual(compareValues(values, structuredClone(values)), []);
      }),
    );
  });
});
