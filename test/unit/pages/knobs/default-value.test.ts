// SPDX-License-Identifier: MIT
// The default of a knob, and whether it stands there.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { defaultOf, isAtDefault } from "../../../../bridge/pages/parts/knobs/default-value.ts";
import type { FieldEntry, Json } from "../../../../bridge/session/messages.ts";

describe("the default of a knob", () => {
  const cases: [string, FieldEntry, Json | undefined, Json, Json][] = [
    ["a number", { name: "kp", type: "f64", default: 0.5 }, 0.5, 0.5, 2],
    ["a float", { name: "kp", type: "f32", default: 0.1 }, 0.1, 0.10000000149011612, 0.2],
    [
      "a long number",
      { name: "n", type: "u64", default: "18446744073709551615" },
      "18446744073709551615",
      "18446744073709551615",
      7,
    ],
    ["a switch", { name: "on", type: "bool", default: 1 }, true, true, false],
    ["a choice", { name: "mode", type: "enum", default: 2, labels: { OFF: 0, SINE: 2 } }, "SINE", "SINE", "OFF"],
    ["a choice without a label", { name: "mode", type: "enum", default: 9, labels: { OFF: 0 } }, 9, 9, "OFF"],
  ];
  for (const [what, entry, back, there, elsewhere] of cases) {
    it(`of ${what} is what its value would be`, () => {
      assert.equal(defaultOf(entry), back);
      assert.ok(isAtDefault(entry, there));
      assert.ok(!isAtDefault(entry, elsewhere));
    });
  }

  it("is nowhere to go back to when there is none", () => {
    assert.equal(defaultOf({ name: "kp", type: "f64" }), undefined);
    assert.ok(isAtDefault({ name: "kp", type: "f64" }, 7));
  });
});
