// SPDX-License-Identifier: MIT
// Integers of 64 bits survive JSON, as the types say.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { fieldsToJson, reviveFields } from "../../../bridge/client/json-values.ts";

describe("values on their way through JSON", () => {
  it("keep every digit of a 64-bit integer", () => {
    assert.deepEqual(fieldsToJson({ small: 5n, large: 2n ** 63n, negative: -(2n ** 60n) }), {
      small: 5,
      large: "9223372036854775808",
      negative: "-1152921504606846976",
    });
  });

  it("turn bytes into base64 and typed arrays into lists", () => {
    const values = {
      raw: new Uint8Array([0, 255, 16]),
      winding: new Float64Array([1, 2.5]),
      wide: new BigInt64Array([1n]),
    };
    assert.deepEqual(fieldsToJson(values), { raw: "AP8Q", winding: [1, 2.5], wide: [1] });
  });

  it("leave out what is undefined, also in nested structs", () => {
    assert.deepEqual(fieldsToJson({ pid: { kp: 1, ki: undefined }, mode: undefined }), { pid: { kp: 1 } });
  });

  it("keep a field called __proto__, so that the bridge can refuse it", () => {
    const values = JSON.parse('{"__proto__":{"kp":1},"kd":2}') as object;
    assert.equal(JSON.stringify(fieldsToJson(values)), '{"__proto__":{"kp":1},"kd":2}');
  });

  for (const [what, value] of [
    ["a NaN", NaN],
    ["an infinity", -Infinity],
    ["a function", () => 1],
    ["a symbol", Symbol("x")],
  ] as const) {
    it(`refuse ${what}, naming the field`, () => {
      assert.throws(() => fieldsToJson({ pid: { kp: value } }), { code: "bad_value", message: /^pid\.kp/ });
    });
  }

  it("come back as the generated types say", () => {
    const fields = [
      { name: "total", type: "u64" },
      { name: "items.count", type: "i64", dims: [2] },
      { name: "angle", type: "f64" },
      { name: "raw", type: "bytes" },
      { name: "mode", type: "enum" },
      { name: "label", type: "text" },
    ];
    const json = {
      total: "18446744073709551615",
      items: [{ count: -1 }, { count: "9007199254740993" }],
      angle: null,
      raw: "AP8Q",
      mode: "SINE",
      label: "12",
    };
    assert.deepEqual(reviveFields(json, fields), {
      total: 18446744073709551615n,
      items: [{ count: -1n }, { count: 9007199254740993n }],
      angle: NaN,
      raw: new Uint8Array([0, 255, 16]),
      mode: "SINE",
      label: "12",
    });
  });

  it("stay as they are where the type does not fit, e.g. after the driver changed", () => {
    assert.deepEqual(reviveFields({ total: 1.5 }, [{ name: "total", type: "u64" }]), { total: 1.5 });
  });
});
