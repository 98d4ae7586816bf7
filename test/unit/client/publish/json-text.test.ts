// SPDX-License-Identifier: MIT
// Published values become the JSON of the protocol, or are refused with their place.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { base64, jsonText } from "../../../../bridge/client/publish/json-text.ts";

describe("the JSON text of a value", () => {
  it("is that of JSON.stringify for what JSON can say", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 10 }), (value) => {
        assert.equal(jsonText(value), JSON.stringify(value));
      }),
    );
  });

  for (const [what, value, text] of [
    ["a missing number", [NaN, Infinity, -0], "[null,null,0]"],
    ["a bigint", { small: 5n, large: 2n ** 63n }, '{"small":5,"large":"9223372036854775808"}'],
    ["a typed array", { x: new Float32Array([1, 0.5]) }, '{"x":[1,0.5]}'],
    ["bytes", { b: new Uint8Array([1, 2, 255]), c: Buffer.from([1]) }, '{"b":"AQL/","c":"AQ=="}'],
    ["a date", new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ["what is undefined", [undefined, { a: undefined, b: 1 }], '[null,{"b":1}]'],
    ["nothing", undefined, "null"],
    ["a field called __proto__", { ["__proto__"]: 5n }, '{"__proto__":5}'],
  ] as const) {
    it(`says ${what} as the protocol does`, () => {
      assert.equal(jsonText(value), text);
    });
  }

  it("is refused with its place for what cannot be sent", () => {
    assert.throws(() => jsonText({ a: [1, { f: () => 1 }] }), {
      code: "bad_value",
      message: /^value\.a\[1\]\.f is a function/,
    });
    const loop: unknown[] = [];
    loop.push(loop);
    assert.throws(() => jsonText(loop), {
      code: "bad_value",
      message: /^value\[0\].{1,40}… is nested deeper than 64, or holds itself$/,
    });
  });

  it("may be nested 64 deep", () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
    assert.equal(jsonText(nested(64)).length, 129);
    assert.throws(() => jsonText(nested(65)), { code: "bad_value" });
  });
});

describe("bytes as base64", () => {
  it("are what Buffer says", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30_000 }), (bytes) => {
        assert.equal(base64(bytes), Buffer.from(bytes).toString("base64"));
      }),
    );
  });
});
