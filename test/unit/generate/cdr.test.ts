// SPDX-License-Identifier: MIT
// A struct is marked as CDR exactly when a CDR writer puts every field where the compiler did.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { isCdr } from "../../../bridge/generate/schema/cdr.ts";
import type { CdrPad, Schema, SchemaEnum, SchemaStruct } from "../../../bridge/model/schema.ts";
import { readsAsCdr } from "../../support/cdr.ts";
import { runGen, structOf } from "../../support/gen-runs.ts";
import { plainHeader, plainStructs } from "../../support/random-natural-structs.ts";

/** The marks of structs `s0`, `s1`, … */
function marks(text: string): boolean[] {
  const run = runGen(`#include <stdint.h>\n${text}`);
  return Object.keys(run.schema.types)
    .filter((name) => /^s\d+$/.test(name))
    .sort()
    .map((name) => structOf(run, name).cdr === true);
}

const PACKED = "__attribute__((packed))";
const ALIGNED = "__attribute__((aligned(16)))";

describe("the mark of CDR", () => {
  it("is on structs of numbers in natural alignment, also nested ones", () => {
    assert.deepEqual(
      marks(`
        struct s0 { int32_t a; uint32_t b; };
        struct s1 { struct s0 t; double x; uint8_t k; float v[3]; int16_t h; uint64_t q; };
        struct s2 { struct s0 list[3]; char name[5]; };`),
      [true, true, true],
    );
  });

  it("is not on packed ones, bitfields, unions, and padding in the middle that only C has", () => {
    assert.deepEqual(
      marks(`
        struct __attribute__((packed)) s0 { uint8_t a; uint32_t b; };
        struct s1 { unsigned a : 3; };
        struct s2 { union { int a; float b; }; };
        struct inner { double a; uint8_t b; };
        struct s3 { struct inner in; uint8_t after; };
        struct s4 { struct inner in[2]; };
        struct s5 { uint8_t a __attribute__((aligned(16))); uint8_t b __attribute__((aligned(16))); };
        struct s6 { struct inner in; double after; };`),
      [false, false, false, false, true, false, true],
    );
  });

  it("is on exactly those that a CDR reader reads, of hundreds of random structs", function () {
    this.timeout(300_000);
    let [marked, unmarked] = [0, 0];
    fc.assert(
      fc.property(plainStructs(25, [PACKED, ALIGNED]), (structs) => {
        const { schema } = runGen(plainHeader(structs));
        for (const [name, type] of Object.entries(schema.types)) {
          if (type.k !== "struct") continue;
          assert.equal(type.cdr === true, readsAsCdr(schema, name), name);
          if (type.cdr === true) marked++;
          else unmarked++;
        }
      }),
      { numRuns: 12, endOnFailure: true },
    );
    assert.ok(marked >= 30 && unmarked >= 30, `${String(marked)} marked, ${String(unmarked)} not`);
  });
});

describe("the pads that would make a struct CDR", () => {
  it("fill what C leaves free at the end of a nested struct and in front of one", () => {
    const { schema } = runGen(`
      #include <stdint.h>
      struct inner { double a; uint8_t b; };
      struct s0 { struct inner in; uint8_t after; };
      struct late { uint8_t a; double b; };
      struct s1 { uint16_t before; struct late in; };
      struct s2 { struct inner in[2]; uint8_t after; };
    `);
    const padsOf = (name: string): unknown => {
      const type = schema.types[name];
      return type?.k === "struct" ? type.cdrPads : undefined;
    };
    assert.deepEqual(padsOf("s0"), [["inner", 9, 7]]);
    assert.deepEqual(padsOf("s1"), [["s1", 2, 6]]);
    assert.deepEqual(padsOf("s2"), [["inner", 9, 7]]);
    assert.equal(padsOf("inner"), undefined);
  });

  it("are not said where no pad can help", () => {
    const run = runGen(`
      #include <stdint.h>
      struct __attribute__((packed)) s0 { uint8_t a; uint32_t b; };
      struct s1 { unsigned a : 3; };
      struct s2 { union { int a; float b; }; };`);
    for (const name of ["s0", "s1", "s2"]) assert.equal(structOf(run, name).cdrPads, undefined, name);
  });

  it("are enough and none too many for random structs, and move nothing in C", function () {
    this.timeout(300_000);
    let padded = 0;
    fc.assert(
      fc.property(plainStructs(25, [ALIGNED]), (structs) => {
        const { schema } = runGen(plainHeader(structs));
        const candidates = Object.entries(schema.types).flatMap(([name, type]) =>
          type.k === "struct" && type.cdr !== true ? [{ name, pads: type.cdrPads ?? [] }] : [],
        );
        for (const { name, pads } of candidates) {
          // Where every number stands at a multiple of its size, pads always help.
          assert.ok(pads.length > 0, name);
          assert.ok(readsAsCdr(withPads(schema, pads), name), name);
          for (const pad of pads) {
            const others = pads.filter((other) => other !== pad);
            assert.ok(!isCdr(withPads(schema, others), name), `${name} without ${pad.join()}`);
          }
          padded++;
        }
        const [first] = candidates;
        if (first === undefined) return;
        const again = runGen(plainHeader(structs, first.pads, schema));
        assert.equal(structOf(again, first.name).cdr, true);
        for (const [name, type] of Object.entries(schema.types)) {
          if (type.k === "struct") assert.equal(structOf(again, name).size, type.size);
        }
      }),
      { numRuns: 12, endOnFailure: true },
    );
    assert.ok(padded >= 30, String(padded));
  });
});

/** The schema with fields where the pads are. */
function withPads(schema: Schema, pads: readonly CdrPad[]): Schema {
  const types = Object.entries(schema.types).map(([name, type]): [string, SchemaStruct | SchemaEnum] => {
    if (type.k !== "struct") return [name, type];
    const own = pads.filter(([owner]) => owner === name);
    const fields = own.map(([, o, length]) => ({ n: `pad${String(o)}`, t: "u8", o, d: [length] }));
    return [name, { ...type, f: [...type.f, ...fields].sort((a, b) => a.o - b.o) }];
  });
  return { ...schema, types: Object.fromEntries(types) };
}
