// SPDX-License-Identifier: MIT
// A struct is marked as CDR exactly when a CDR writer puts every field where the compiler did.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { isCdr } from "../../../bridge/generate/schema/cdr.ts";
import { compileLayout } from "../../../bridge/layout/compile.ts";
import { elementOffsets } from "../../../bridge/layout/element.ts";
import { SCALARS } from "../../../bridge/layout/scalars.ts";
import type { Schema } from "../../../bridge/model/schema.ts";
import { runGen, structOf } from "../../support/gen-runs.ts";

/** The marks of structs `s0`, `s1`, … */
function marks(text: string): boolean[] {
  const run = runGen(`#include <stdint.h>\n${text}`);
  return Object.keys(run.schema.types)
    .filter((name) => /^s\d+$/.test(name))
    .sort()
    .map((name) => structOf(run, name).cdr === true);
}

/** By the definition: every element of every leaf, one after the other. */
function isCdrByWriting(schema: Schema, type: string): boolean {
  const leaves = compileLayout(schema, type).leaves.flatMap((leaf) => {
    const bytes = leaf.capacity > 0 ? 1 : SCALARS[leaf.type].bytes;
    return [...elementOffsets(leaf)].map((offset) => ({ offset, bytes, length: Math.max(leaf.capacity, 1) * bytes }));
  });
  let position = 0;
  for (const { offset, bytes, length } of leaves.sort((a, b) => a.offset - b.offset)) {
    if (Math.ceil(position / bytes) * bytes !== offset) return false;
    position = offset + length;
  }
  return true;
}

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

  it("agrees with writing everything out", () => {
    const member = fc.constantFrom(
      "uint8_t",
      "int16_t",
      "float",
      "double",
      "struct a",
      "struct b",
      "uint8_t@2",
      "struct a@3",
      "struct b@2",
    );
    const struct = fc.array(member, { minLength: 1, maxLength: 5 });
    const text = (members: readonly string[]): string =>
      members
        .map((each, at) => {
          const [type = "", length] = each.split("@");
          return `${type} m${String(at)}${length === undefined ? "" : `[${length}]`};`;
        })
        .join(" ");
    fc.assert(
      fc.property(fc.array(struct, { minLength: 30, maxLength: 30 }), (structs) => {
        const header = `
          #include <stdint.h>
          struct a { double x; uint8_t y; };
          struct b { uint16_t x; uint8_t y; };
          ${structs.map((members, at) => `struct s${String(at)} { ${text(members)} };`).join("\n")}`;
        const { schema } = runGen(header);
        for (const name of Object.keys(schema.types))
          assert.equal(isCdr(schema, name), isCdrByWriting(schema, name), name);
      }),
      { numRuns: 5 },
    );
  });
});
