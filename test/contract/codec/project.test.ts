// SPDX-License-Identifier: MIT
// Projection of both codecs: a batch of some fields reads as the batch of all fields did, in a layout that stands alone.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { compileLayout } from "../../../bridge/layout/compile.ts";
import { describeFields } from "../../../bridge/layout/fields.ts";
import { parseSchema } from "../../../bridge/layout/schema.ts";
import { makeProjection } from "../../../bridge/layout/select/projection.ts";
import type { Layout } from "../../../bridge/model/schema.ts";
import { bits, CODECS, layoutOf, throwsCode, vector } from "../../support/codecs.ts";
import { randomBytes, randomSchema } from "../../support/random-layouts.ts";
import { batchRecord } from "../../support/records.ts";
import { batchOf, samplesOf } from "../../support/samples.ts";

const TYPES = {
  mode: { k: "enum", t: "u8", v: { OFF: 0, ON: 1, HUGE: 200 } },
  pid: {
    k: "struct",
    size: 16,
    hash: "",
    f: [
      { n: "kp", t: "f32", o: 0, u: "V/rad", min: 0, max: 10, step: 0.5, def: 1, doc: "gain" },
      { n: "flags", t: "u32", o: 4, b: [4, 3, 2] },
      { n: "history", t: "f32", o: 8, d: [2] },
    ],
  },
};
const WIDE = layoutOf(
  64,
  [
    { n: "pad", t: "u8", o: 0 },
    { n: "mode", t: "mode", o: 1, doc: "what it does" },
    { n: "loops", t: "pid", o: 4, d: [2] },
    { n: "name", t: "c8", o: 36, d: [5] },
    { n: "key", t: "u8", o: 41, d: [2, 3], tags: { bytes: "" } },
    { n: "at", t: "u64", o: 48 },
    { n: "on", t: "bool", o: 56 },
  ],
  { types: TYPES },
);

/** A random layout, some of its fields, and structs. */
const chosen = randomSchema
  .chain(({ json, size }) => {
    const layout = compileLayout(parseSchema(json), "message");
    const paths = layout.leaves.map(({ path }) => path);
    return fc.record({
      layout: fc.constant(layout),
      paths: fc.subarray(paths, { minLength: 1 }),
      structs: fc.array(randomBytes(size), { minLength: 1, maxLength: 5 }),
      first: fc.constantFrom(0, 4_000_000_000_000),
      jump: fc.constantFrom(1, 1, 5),
    });
  })
  .map(({ layout, paths, structs, first, jump }) => {
    const batch = batchOf(structs.map((bytes, i) => ({ sequence: first + i * jump, time: -3n + BigInt(i), bytes })));
    return { layout, paths, batch };
  });

/** What a reader knows of a field beyond its place. */
function meaning(layout: Layout, path: string): unknown {
  return describeFields(layout).find(({ name }) => name === path);
}

for (const codec of CODECS) {
  describe(`projection by the ${codec.name} codec`, () => {
    const batch = batchRecord({
      ...{ stream: 9, schema: 8, epoch: 7n, first: 5, sequences: [5, 9] },
      samples: [1, 2].map((seed) => Uint8Array.from({ length: 64 }, (_, i) => (i * 7 + seed * 31) % 251)),
    });

    it("keeps ids, times and sequences of the batch, and the fields that were asked for", () => {
      const projection = makeProjection(WIDE, ["at", "mode"]);
      const [small, ...more] = codec.project(projection, batch);
      assert.ok(small !== undefined && more.length === 0);
      assert.deepEqual(small.slice(8, 36), batch.slice(8, 36));
      const expected = samplesOf(batch).map(({ bytes, ...rest }) => ({
        ...rest,
        bytes: Uint8Array.from([bytes[1] ?? 0, 0, 0, 0, 0, 0, 0, 0, ...bytes.slice(48, 56)]),
      }));
      assert.deepEqual(samplesOf(small), expected);
    });

    it("takes a nested struct with all of its fields, and makes integers of bitfields", () => {
      const { layout } = makeProjection(WIDE, ["loops"]);
      assert.deepEqual(
        layout.leaves.map(({ path, offset, dims, bits: b }) => ({ path, offset, dims, b })),
        [
          { path: "loops.kp", offset: 0, dims: [{ length: 2, stride: 16 }], b: undefined },
          { path: "loops.flags", offset: 4, dims: [{ length: 2, stride: 16 }], b: undefined },
          {
            path: "loops.history",
            offset: 8,
            dims: [
              { length: 2, stride: 16 },
              { length: 2, stride: 4 },
            ],
            b: undefined,
          },
        ],
      );
    });

    it("makes a schema that stands alone, with units, limits, labels and texts", () => {
      const { schema, layout } = makeProjection(WIDE, ["key", "loops.kp", "name", "mode", "on"]);
      const again = compileLayout(parseSchema(JSON.parse(JSON.stringify(schema))), WIDE.type);
      assert.deepEqual(again, layout);
      for (const path of ["key", "loops.kp", "name", "mode", "on"]) {
        assert.deepEqual(meaning(layout, path), meaning(WIDE, path));
      }
      const [small = batch] = codec.project(makeProjection(WIDE, ["name", "mode"]), batch);
      const { layout: two } = makeProjection(WIDE, ["mode", "name"]);
      assert.deepEqual(codec.columns(two, small), codec.columns(WIDE, batch, ["mode", "name"]));
    });

    it("refuses fields that are not there, no fields, and what is no batch of the struct", () => {
      throwsCode("unknown_field", () => makeProjection(WIDE, ["at", "nothing"]));
      throwsCode("unknown_field", () => makeProjection(WIDE, ["loops.k"]));
      throwsCode("unknown_field", () => makeProjection(WIDE, ["__proto__"]));
      throwsCode("invalid_argument", () => makeProjection(WIDE, []));
      const projection = makeProjection(WIDE, ["at"]);
      throwsCode("bad_record", () => codec.project(projection, vector("good/pong.bin")));
      throwsCode("bad_record", () =>
        codec.project(projection, batchRecord({ stream: 1, first: 0, samples: [new Uint8Array(8)] })),
      );
    });

    it("makes several batches where packed fields become more bytes than a batch may have", () => {
      const pair = {
        k: "struct",
        size: 9,
        hash: "",
        f: [
          { n: "a", t: "u8", o: 0 },
          { n: "b", t: "u64", o: 1 },
        ],
      };
      const packed = layoutOf(9000, [{ n: "pairs", t: "pair", o: 0, d: [1000] }], { types: { pair } });
      const samples = Array.from({ length: 1100 }, (_, i) => new Uint8Array(9000).fill(i % 251));
      const projection = makeProjection(packed, ["pairs"]);
      const parts = codec.project(projection, batchRecord({ stream: 1, first: 3, samples }));
      assert.deepEqual(
        parts.map((part) => samplesOf(part).length),
        [1048, 52],
      );
      const values = parts.flatMap((part) => [
        ...(codec.columns(projection.layout, part, ["pairs.b"])["pairs.b"] ?? []),
      ]);
      const expected = samples.flatMap(([byte = 0]) => Array<bigint>(1000).fill(BigInt(byte) * 0x0101010101010101n));
      assert.ok(values.every((value, i) => value === expected[i]) && values.length === expected.length);
      assert.equal(samplesOf(...parts)[1099]?.sequence, 3 + 1099);
    });

    it("reads the same as before, whatever the struct, its byte order and its bytes", () => {
      fc.assert(
        fc.property(chosen, ({ layout, paths, batch: whole }) => {
          const projection = makeProjection(layout, paths);
          const [small = whole] = codec.project(projection, whole);
          assert.deepEqual(
            projection.layout.leaves.map(({ path }) => path),
            paths,
          );
          const [before, after] = [codec.columns(layout, whole, paths), codec.columns(projection.layout, small)];
          for (const path of paths) {
            assert.deepEqual(bits(after[path]), bits(before[path]), path);
            assert.deepEqual(meaning(projection.layout, path), meaning(layout, path));
          }
        }),
        { numRuns: 200 },
      );
    });
  });
}

describe("the projections of both codecs", () => {
  it("are the same bytes", () => {
    fc.assert(
      fc.property(chosen, ({ layout, paths, batch }) => {
        const projection = makeProjection(layout, paths);
        const [a, b] = CODECS.map((codec) => codec.project(projection, batch));
        assert.deepEqual(a, b);
      }),
      { numRuns: 300 },
    );
  });
});
