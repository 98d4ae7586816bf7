// SPDX-License-Identifier: MIT
// The numbers in samples of JSON, as columns.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  jsonColumns,
  jsonFields,
  MAX_JSON_FIELDS,
  parsePayload,
} from "../../../../bridge/client/trace/json-columns.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const labels = (sample: unknown): string[] =>
  jsonFields("data", parsePayload(bytes(JSON.stringify(sample)))).map(({ label }) => label);

describe("the numbers of a JSON channel", () => {
  it("are found by their paths, inside of objects and lists", () => {
    assert.deepEqual(labels({ t: 1, pose: { x: 2, ok: true, name: "a" }, list: [3, { y: 4 }], none: null }), [
      "t",
      "pose.x",
      "pose.ok",
      "list[0]",
      "list[1].y",
    ]);
    assert.deepEqual(labels(7), ["value"]);
    assert.equal(jsonFields("data", { on: true })[0]?.type, "bool");
  });

  it("are bounded, however large or deep a sample is, and names that are no path are left out", () => {
    assert.equal(
      labels(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`f${String(i)}`, i]))).length,
      MAX_JSON_FIELDS,
    );
    assert.equal(labels(Array(1000).fill(1)).length, 16);
    let deep: unknown = 1;
    for (let i = 0; i < 50; i++) deep = { a: deep };
    assert.deepEqual(labels(deep), []);
    assert.deepEqual(labels({ "a.b": 1, "c[0]": 2, "": 3, d: 4 }), ["d"]);
  });

  it("become columns, with NaN where a sample has none or is no JSON", () => {
    const columns = jsonColumns(
      ['{"x":1,"p":{"y":[5]}}', '{"x":"text"}', "broken", '{"x":true,"p":{"y":[6]}}'].map(bytes),
      ["x", "p.y[0]"],
    );
    assert.deepEqual(columns, {
      x: Float64Array.of(1, NaN, NaN, 1),
      "p.y[0]": Float64Array.of(5, NaN, NaN, 6),
    });
    assert.deepEqual(jsonColumns([bytes("4")], [""]), { "": Float64Array.of(4) });
  });
});
