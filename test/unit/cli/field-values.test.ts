// SPDX-License-Identifier: MIT
// Fields as users type them, turned into the values of sets and calls.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { parseArguments, parseAssignments, parseCall } from "../../../bridge/cli/field-values.ts";
import type { FieldEntry } from "../../../bridge/session/messages.ts";

const FIELDS: readonly FieldEntry[] = [
  { name: "kp", type: "f64" },
  { name: "total", type: "u64" },
  { name: "on", type: "bool" },
  { name: "label", type: "text" },
  { name: "mode", type: "enum", labels: { OFF: 0, SINE: 1 } },
  { name: "winding", type: "f32", dims: [3] },
  { name: "joint.max", type: "f64", dims: [4] },
];

describe("field=value", () => {
  for (const [argument, value] of [
    ["kp=4", 4],
    ["kp=-1e-3", -0.001],
    ["total=18446744073709551615", 18446744073709551615n],
    ["total=0x10", 16n],
    ["on=true", true],
    ["on=off", false],
    ["label=12", "12"],
    ["label=a=b c", "a=b c"],
    ["label=", ""],
    ["mode=SINE", "SINE"],
    ["mode=1", 1],
    ["mode=COSINE", "COSINE"],
    ["winding=1,2.5,-3", [1, 2.5, -3]],
    ["winding=[1, 2, 3]", [1, 2, 3]],
    ["winding[2]=0.5", 0.5],
    ["joint[2].max=1.5", 1.5],
    ["unknown=1", 1],
    ["unknown=text", "text"],
    ['unknown={"a":[1]}', { a: [1] }],
  ] as const) {
    it(`reads ${argument}`, () => {
      const name = argument.slice(0, argument.indexOf("="));
      assert.deepEqual(parseAssignments([argument], FIELDS), { [name]: value });
    });
  }

  for (const [argument, code] of [
    ["kp", "usage"],
    ["=4", "usage"],
    ["kp=", "bad_value"],
    ["kp=fast", "bad_value"],
    ["kp=Infinity", "bad_value"],
    ["total=1.5", "bad_value"],
    ["total=", "bad_value"],
    ["on=maybe", "bad_value"],
    ["winding=1,x,3", "bad_value"],
    ["winding=[1,", "bad_value"],
  ] as const) {
    it(`refuses ${argument} as ${code}`, () => {
      assert.throws(() => parseAssignments([argument], FIELDS), { code });
    });
  }

  it("refuses one field twice", () => {
    assert.throws(() => parseAssignments(["kp=1", "kp=2"], FIELDS), { code: "usage" });
  });

  it("takes names that objects have already", () => {
    assert.deepEqual(Object.keys(parseAssignments(["__proto__=1", "constructor=2"], [])), ["__proto__", "constructor"]);
  });
});

describe("the fields of a set", () => {
  it("are one JSON object, fields, or nothing", () => {
    assert.deepEqual(parseArguments(['{"kp":1}'], FIELDS), { kp: 1 });
    assert.deepEqual(parseArguments(["kp=1", "on=1"], FIELDS), { kp: 1, on: true });
    assert.deepEqual(parseArguments([], FIELDS), {});
  });

  it("are refused when they are other JSON or more", () => {
    assert.throws(() => parseArguments(["{"], FIELDS), { code: "usage" });
    assert.throws(() => parseArguments(["[1]"], FIELDS), { code: "usage" });
    assert.throws(() => parseArguments(["{}", "kp=1"], FIELDS), { code: "usage" });
  });
});

describe("the values of a call", () => {
  it("stand in their order or behind their names, as JSON or as text", () => {
    assert.deepEqual(parseCall(["0.5", "gain=2", "[1]", "raw", 'label="a=b"', "1=1"], []), {
      args: [0.5, [1], "raw", "1=1"],
      named: { gain: 2, label: "a=b" },
    });
    assert.deepEqual(parseCall([], []), { args: [], named: {} });
  });

  it("are all given by name by one JSON object alone", () => {
    assert.deepEqual(parseCall(['{"a":1}'], []), { args: [], named: { a: 1 } });
    assert.deepEqual(parseCall(['{"a":1}', "2"], []), { args: [{ a: 1 }, 2], named: {} });
  });

  it("are read by the type of their field where a driver has one", () => {
    const fields = [
      { name: "count", type: "u64" },
      { name: "mode", type: "enum", labels: { OFF: 0 } },
      { name: "note", type: "text" },
    ];
    assert.deepEqual(parseCall(["9007199254740993", "OFF", "12"], fields), {
      args: [9007199254740993n, "OFF", "12"],
      named: {},
    });
    assert.throws(() => parseCall(["many"], fields), { code: "bad_value" });
  });
});
