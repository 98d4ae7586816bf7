// SPDX-License-Identifier: MIT
// Columns of both codecs beyond the golden ones: selection, reuse, many samples in every run of neighbours, what is refused.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { SchemaField } from "../../../bridge/model/schema.ts";
import { batchRecord, doubles, utf8 } from "../../support/records.ts";
import { bits, CODECS, layoutOf, throwsCode } from "../../support/codecs.ts";

const POINT: readonly SchemaField[] = [
  { n: "x", t: "f64", o: 0 },
  { n: "name", t: "c8", o: 8, d: [4] },
  { n: "n", t: "u32", o: 12 },
];

/** `count` structs of `size` bytes in which each byte depends on its place. */
function structs(count: number, size: number): Uint8Array[] {
  return Array.from({ length: count }, (_sample, i) =>
    Uint8Array.from({ length: size }, (_byte, k) => (i * 131 + k * 29 + 7) % 251),
  );
}

for (const codec of CODECS) {
  describe(`columns of the ${codec.name} codec`, () => {
    const layout = layoutOf(16, POINT);
    const batch = batchRecord({ stream: 1, first: 0, samples: structs(3, 16) });

    it("are those that were asked for, in that order", () => {
      assert.deepEqual(Object.keys(codec.columns(layout, batch)), ["x", "name", "n"]);
      assert.deepEqual(Object.keys(codec.columns(layout, batch, ["n", "x"])), ["n", "x"]);
      assert.deepEqual(Object.keys(codec.columns(layout, batch, [])), []);
      throwsCode("unknown_field", () => codec.columns(layout, batch, ["x", "y"]));
      throwsCode("unknown_field", () => codec.columns(layout, batch, ["__proto__"]));
    });

    it("go into the arrays of an earlier call where these fit", () => {
      const first = codec.columns(layout, batch);
      const again = codec.columns(layout, batch, undefined, first);
      assert.equal(again["x"], first["x"]);
      assert.equal(again["n"], first["n"]);
      const shorter = codec.columns(
        layout,
        batchRecord({ stream: 1, first: 0, samples: structs(2, 16) }),
        undefined,
        first,
      );
      assert.notEqual(shorter["x"], first["x"]);
      assert.equal(shorter["x"]?.length, 2);
      const other = codec.columns(layout, batch, ["n"], { n: new Int32Array(3) });
      assert.ok(other["n"] instanceof Uint32Array);
    });

    it("refuse a batch of other structs, of payloads, or of nothing whole", () => {
      throwsCode("bad_record", () => codec.columns(layout, batchRecord({ stream: 1, first: 0, samples: doubles(1) })));
      throwsCode("bad_record", () =>
        codec.columns(layout, batchRecord({ stream: 1, first: 0, samples: [utf8("{}")], variable: true })),
      );
      throwsCode("bad_record", () => codec.columns(layout, batch.subarray(0, 40)));
      throwsCode("bad_record", () => codec.columns(layout, new Uint8Array(0)));
    });

    it("read a batch at any alignment", () => {
      for (let at = 0; at < 8; at++) {
        const memory = new Uint8Array(batch.length + 8);
        memory.set(batch, at);
        const columns = codec.columns(layout, memory.subarray(at, at + batch.length));
        assert.deepEqual(bits(columns["x"]), bits(codec.columns(layout, batch)["x"]));
      }
    });

    // Runs of 1 to 9 neighbours of each width, at an odd offset too, in more samples than one block has and in counts that no run divides.
    for (const type of ["u8", "i16", "f32", "u32", "f64", "u64"] as const) {
      it(`keep neighbouring fields of ${type} apart`, () => {
        const width = { u8: 1, i16: 2, f32: 4, u32: 4, f64: 8, u64: 8 }[type];
        for (const endian of ["le", "be"] as const) {
          for (const fields of [1, 2, 3, 4, 5, 9]) {
            const size = 1 + fields * width;
            const list = Array.from({ length: fields }, (_, k): SchemaField => ({
              n: `f${String(k)}`,
              t: type,
              o: 1 + k * width,
            }));
            const samples = structs(fields === 9 ? 1031 : 7, size);
            const columns = codec.columns(
              layoutOf(size, list, { endian }),
              batchRecord({ stream: 1, first: 0, samples }),
            );
            list.forEach((field, k) => {
              const expected = samples.map((sample) => {
                const bytes = [...sample.subarray(1 + k * width, 1 + (k + 1) * width)];
                return Buffer.from(endian === "le" ? bytes : bytes.reverse()).toString("hex");
              });
              const [, hex] = bits(columns[field.n]) as [string, string];
              assert.equal(hex, expected.join(""), `${field.n} of ${String(fields)} ${endian}`);
            });
          }
        }
      });
    }

    it("keep names that JavaScript gives a meaning to", () => {
      const odd = layoutOf(2, [
        { n: "__proto__", t: "u8", o: 0 },
        { n: "constructor", t: "u8", o: 1 },
      ]);
      const columns = codec.columns(odd, batchRecord({ stream: 1, first: 0, samples: [Uint8Array.of(1, 2)] }));
      assert.deepEqual(Object.keys(columns), ["__proto__", "constructor"]);
      assert.deepEqual(Object.getOwnPropertyDescriptor(columns, "__proto__")?.value, Uint8Array.of(1));
    });
  });
}
