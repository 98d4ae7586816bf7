// SPDX-License-Identifier: MIT
// Structs from columns, by both codecs: what was read from structs makes them again.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { compileLayout } from "../../../bridge/layout/compile.ts";
import { parseSchema } from "../../../bridge/layout/schema.ts";
import type { Column, Columns } from "../../../bridge/model/values.ts";
import { bits, CODECS, layoutOf, throwsCode } from "../../support/codecs.ts";
import { randomBytes, randomSchema } from "../../support/random-layouts.ts";
import { batchRecord } from "../../support/records.ts";

/** Structs one behind the other as a batch. */
function batchOf(structs: Uint8Array, size: number): Uint8Array {
  const samples = Array.from({ length: structs.length / size }, (_, i) => structs.slice(i * size, (i + 1) * size));
  return batchRecord({ stream: 1, first: 0, samples });
}

/** Texts that hold U+FFFD may stand for longer or other bytes. */
function clean(columns: Columns): Columns {
  const entries = Object.entries(columns).map(([path, column]) => {
    if (ArrayBuffer.isView(column)) return [path, column] as const;
    return [path, column.map((text) => (text.includes("\ufffd") ? "" : text))] as const;
  });
  return Object.fromEntries<Column>(entries);
}

for (const codec of CODECS) {
  describe(`structs from columns by the ${codec.name} codec`, () => {
    const layout = layoutOf(8, [
      { n: "x", t: "f32", o: 0 },
      { n: "bits", t: "i8", o: 4, b: [1, 1, 3] },
      { n: "name", t: "c8", o: 5, d: [2] },
    ]);

    it("have zeros where no column is given, and no bits beyond a bitfield", () => {
      assert.deepEqual(codec.structs(layout, {}, 2), new Uint8Array(16));
      const made = codec.structs(layout, { bits: Int8Array.of(-1, 9), name: ["a", "bc"] }, 2);
      const into = new Uint8Array(16).fill(255);
      assert.equal(codec.structs(layout, { bits: Int8Array.of(-1, 9), name: ["a", "bc"] }, 2, into), into);
      assert.deepEqual(into, made);
      assert.deepEqual([...made], [0, 0, 0, 0, 14, 97, 0, 0, 0, 0, 0, 0, 2, 98, 99, 0]);
    });

    it("are refused for columns that do not fit", () => {
      throwsCode("unknown_field", () => codec.structs(layout, { y: Float32Array.of(1) }, 1));
      throwsCode("bad_value", () => codec.structs(layout, { x: Float64Array.of(1) }, 1));
      throwsCode("bad_value", () => codec.structs(layout, { x: Float32Array.of(1, 2) }, 1));
      throwsCode("bad_value", () => codec.structs(layout, { x: ["1"] }, 1));
      throwsCode("bad_value", () => codec.structs(layout, { name: ["abc"] }, 1));
      throwsCode("bad_value", () => codec.structs(layout, { name: ["a\0"] }, 1));
      throwsCode("bad_value", () => codec.structs(layout, { name: Uint8Array.of(1) }, 1));
      throwsCode("invalid_argument", () => codec.structs(layout, {}, -1));
      throwsCode("invalid_argument", () => codec.structs(layout, {}, 0.5));
      throwsCode("invalid_argument", () => codec.structs(layout, {}, 2, new Uint8Array(15)));
      throwsCode("message_too_large", () => codec.structs(layout, {}, 3_000_000));
    });

    it("turn neighbouring columns of every width and byte order back", () => {
      for (const type of ["u8", "i16", "f32", "u32", "f64", "u64"] as const) {
        const width = { u8: 1, i16: 2, f32: 4, u32: 4, f64: 8, u64: 8 }[type];
        for (const endian of ["le", "be"] as const) {
          for (const fields of [1, 2, 3, 4, 5, 9]) {
            const list = Array.from({ length: fields }, (_, k) => ({ n: `f${String(k)}`, t: type, o: k * width }));
            const row = layoutOf(fields * width, list, { endian });
            const structs = Uint8Array.from({ length: row.size * 523 }, (_, i) => (i * 31 + (i >> 8)) % 251);
            assert.deepEqual(codec.structs(row, codec.columns(row, batchOf(structs, row.size)), 523), structs);
          }
        }
      }
    });

    it("read back as the columns they came from, whatever the struct and its byte order", () => {
      fc.assert(
        fc.property(
          randomSchema.chain(({ json, size }) =>
            fc.record({
              json: fc.constant(json),
              structs: fc.array(randomBytes(size), { minLength: 1, maxLength: 9 }),
            }),
          ),
          ({ json, structs }) => {
            const random = compileLayout(parseSchema(json), "message");
            const columns = clean(codec.columns(random, batchRecord({ stream: 1, first: 0, samples: structs })));
            const made = codec.structs(random, columns, structs.length);
            const again = codec.columns(random, batchOf(made, random.size));
            for (const path of Object.keys(columns)) assert.deepEqual(bits(again[path]), bits(columns[path]), path);
            const used = new Uint8Array(made.length).fill(170);
            for (const other of CODECS) assert.deepEqual(other.structs(random, columns, structs.length, used), made);
          },
        ),
        { numRuns: 200 },
      );
    });
  });
}
