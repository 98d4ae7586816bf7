// SPDX-License-Identifier: MIT
// Writing of fields by name with both codecs: every kind, every way to name it, and what is refused.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { compileLayout } from "../../../bridge/layout/compile.ts";
import { parseSchema } from "../../../bridge/layout/schema.ts";
import { CODECS, layoutOf, throwsCode, vectorJson } from "../../support/codecs.ts";

type Values = Readonly<Record<string, unknown>>;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const features = (["le", "be"] as const).map((endian) =>
  compileLayout(parseSchema(vectorJson(`structs/features-${endian}.schema.json`)), "features"),
);

/** What each value reads back as in JSON, and the values that mean the same. */
const SAME: readonly (readonly [json: string, values: readonly Values[]])[] = [
  ['"a":200', [{ a: 200 }, { a: 200n }, { a: "200" }]],
  ['"b":-128', [{ b: -128 }, { b: "-128" }]],
  ['"flag":true', [{ flag: true }, { flag: 1 }]],
  ['"letter":"é"', []],
  ['"letter":"z"', [{ letter: "z" }]],
  ['"ratio":0.10000000149011612', [{ ratio: 0.1 }, { ratio: Math.fround(0.1) }]],
  ['"mode":"SINE"', [{ mode: "SINE" }, { mode: "ALSO_SINE" }, { mode: 1 }, { mode: 1n }, { mode: "1" }]],
  ['"mode":4294967295', [{ mode: 4294967295 }]],
  ['"small":"SMALL"', [{ small: "SMALL" }, { small: 2 }]],
  ['"level":"LOWEST"', [{ level: "LOWEST" }, { level: -(2n ** 63n) }, { level: "-9223372036854775808" }]],
  ['"g":"18446744073709551615"', [{ g: 2n ** 64n - 1n }, { g: "18446744073709551615" }]],
  ['"h":-9007199254740991', [{ h: Number.MIN_SAFE_INTEGER }, { h: "-9007199254740991" }]],
  ['"angle":5e-324', [{ angle: 5e-324 }]],
  ['"angle":3', [{ angle: 3n }]],
  ['"label":"héllo wörl"', [{ label: "héllo wörl" }]],
  [
    '"digest":"AQID/w=="',
    [{ digest: "AQID/w==" }, { digest: Uint8Array.of(1, 2, 3, 255) }, { digest: Buffer.from([1, 2, 3, 255]) }],
  ],
  [
    '"vector":[1,2,3]',
    [{ vector: [1, 2, 3] }, { vector: Float32Array.of(1, 2, 3) }, { "vector[0]": 1, "vector[1]": 2, "vector[2]": 3 }],
  ],
  ['"x":7', [{ x: 7 }]],
  ['"y":-16', [{ y: -16 }]],
  ['"z":true', [{ z: true }]],
  ['"wide":"-1152921504606846976"', [{ wide: -(2n ** 60n) }]],
  ['"pid":{"kp":1,"ki":2}', [{ pid: { kp: 1, ki: 2 } }, { "pid.kp": 1, "pid.ki": 2 }, { pid: { kp: 1 }, "pid.ki": 2 }]],
  [
    '"items":[{"id":0,"at":[0,0],"tag":""},{"id":9,"at":[0,-1],"tag":"b"}]',
    [{ "items[1]": { id: 9, "at[1]": -1, tag: "b" } }, { "items[1].id": 9, "items[1].at[1]": -1, "items[1].tag": "b" }],
  ],
  [
    '"matrix":[[1,2,3],[4,5,6]]',
    [{ matrix: [[1, 2, 3], Uint16Array.of(4, 5, 6)] }, { "matrix[1]": [4, 5, 6], "matrix[0]": [1, 2, 3] }],
  ],
  ['"matrix":[[0,0,0],[0,0,65535]]', [{ "matrix[1][2]": 65535 }]],
  ['"names":["left","r"]', [{ names: ["left", "r"] }]],
  ['"part":-2', [{ part: -2 }]],
];

const WRONG: readonly Values[] = [
  { a: 256 },
  { a: -1 },
  { a: 1.5 },
  { a: NaN },
  { a: Infinity },
  { a: "1.5" },
  { a: "" },
  { a: "0x10" },
  { a: null },
  { a: true },
  { a: [1] },
  { a: {} },
  { b: 128 },
  { h: 2 ** 53 },
  { h: 2n ** 63n },
  { g: -1n },
  { g: "18446744073709551616" },
  { x: 8 },
  { y: 16 },
  { y: -17 },
  { z: 2 },
  { flag: "true" },
  { flag: 2 },
  { ratio: 1e39 },
  { ratio: "1" },
  { ratio: null },
  { mode: "SQUARE" },
  { mode: 4294967296 },
  { mode: "__proto__" },
  { small: "OFF" },
  { label: "thirteen char" },
  { label: "zwölf ümläute" },
  { label: "a\0b" },
  { label: 5 },
  { digest: "AQID" },
  { digest: "AQID/w" },
  { digest: "****" },
  { digest: [1, 2, 3, 4] },
  { digest: Uint8Array.of(1) },
  { vector: [1, 2] },
  { vector: [1, 2, 3, 4] },
  { vector: 1 },
  { vector: "abc" },
  { vector: [1, undefined, 3] },
  { vector: { 0: 1, 1: 2, 2: 3, length: 3 } },
  { matrix: [1, 2, 3, 4, 5, 6] },
  { items: [{ id: 1 }] },
  { items: [{ id: 1 }, null] },
  { pid: 5 },
  { pid: [1, 2] },
  { "pid.kp": 1, pid: { kp: 2 } },
  { vector: [1, 2, 3], "vector[1]": 5 },
  { whole: 1, part: 2 },
];

const UNKNOWN: readonly Values[] = [
  { nothing: 1 },
  { "": 1 },
  { "pid.kd": 1 },
  { pid: { kd: 1 } },
  { "a.b": 1 },
  { "a[0]": 1 },
  { "vector[3]": 1 },
  { "vector[-1]": 1 },
  { "vector[1.5]": 1 },
  { "vector[1": 1 },
  { "[1]": 1 },
  { ".a": 1 },
  { "a.": 1 },
  { "pid..kp": 1 },
  { "items.id": 1 },
  { "items[0]id": 1 },
  { "items[0][0]": 1 },
  { constructor: 1 },
  { toString: 1 },
  JSON.parse('{"__proto__":{"a":1}}') as Values,
  { pid: JSON.parse('{"__proto__":{"kp":1}}') as Values },
];

for (const codec of CODECS) {
  describe(`writing fields with the ${codec.name} codec`, () => {
    for (const layout of features) {
      it(`writes every kind of field however it is named (${layout.endian})`, () => {
        for (const [json, list] of SAME) {
          for (const values of list) {
            const { value } = codec.encode(layout, values);
            assert.ok(codec.valueJson(layout, value).includes(json), `${json}: ${codec.valueJson(layout, value)}`);
          }
        }
      });

      it(`refuses values that do not fit their field (${layout.endian})`, () => {
        for (const values of WRONG) throwsCode("bad_value", () => codec.encode(layout, values));
      });

      it(`refuses names that are not there (${layout.endian})`, () => {
        for (const values of UNKNOWN) throwsCode("unknown_field", () => codec.encode(layout, values));
      });
    }

    it("marks exactly the bits that were given", () => {
      const [le, be] = features;
      assert.ok(le !== undefined && be !== undefined);
      const mask = (endian: typeof le, values: Values, from: number, to: number): string => {
        const all = codec.encode(endian, values).mask;
        assert.ok(all.every((byte, i) => (i >= from && i < to) || byte === 0));
        return hex(all.subarray(from, to));
      };
      assert.equal(mask(le, { c: 0 }, 2, 4), "ffff");
      assert.equal(mask(le, { y: 0 }, 80, 84), "f8000000");
      assert.equal(mask(be, { y: 0 }, 80, 84), "1f000000");
      assert.equal(mask(le, { x: 0, y: 0, z: false }, 80, 84), "ff010000");
      assert.equal(mask(le, { wide: 0 }, 84, 93), "e0ffffffffffffff03");
      assert.equal(mask(be, { wide: 0 }, 84, 93), "07ffffffffffffffc0");
      assert.equal(mask(le, { label: "" }, 48, 60), "ff".repeat(12));
      assert.equal(mask(le, { "items[1].at[0]": 1 }, 114, 116), "ffff");
      assert.equal(mask(le, {}, 0, 0), "");
      assert.equal(mask(le, { a: undefined }, 0, 0), "");
    });

    it("writes not a number into floats, but not into integers", () => {
      const layout = layoutOf(12, [
        { n: "a", t: "f64", o: 0 },
        { n: "b", t: "f32", o: 8 },
      ]);
      const { value } = codec.encode(layout, { a: NaN, b: -Infinity });
      const view = new DataView(value.buffer);
      assert.ok(Number.isNaN(view.getFloat64(0, true)));
      assert.equal(view.getFloat32(8, true), -Infinity);
    });

    it("takes only objects of fields", () => {
      const [layout] = features;
      assert.ok(layout !== undefined);
      for (const values of [[], new Uint8Array(3)] as const) {
        throwsCode("bad_value", () => codec.encode(layout, Object.assign<object, Values>(values, {})));
      }
      assert.equal(codec.encode(layout, Object.create({ a: 1 }) as Values).mask.indexOf(255), -1);
    });
  });
}
