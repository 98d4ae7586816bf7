// SPDX-License-Identifier: MIT
// Two schemas compared: every outcome of the table in docs/schema.md, by hand, and what must hold of any two.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { compareSchemas } from "../../../bridge/layout/compat/compare-schemas.ts";
import { compareStructs } from "../../../bridge/layout/compat/compare-structs.ts";
import { worst } from "../../../bridge/layout/compat/verdict.ts";
import { layoutHash } from "../../../bridge/layout/hash.ts";
import { parseSchema } from "../../../bridge/layout/schema.ts";
import type { Schema } from "../../../bridge/model/schema.ts";
import { randomSchema } from "../../support/random-layouts.ts";

type Field = Readonly<Record<string, unknown>>;

const MODES = { k: "enum", t: "u8", v: { OFF: 0, SINE: 1 } };

/** A schema with one channel `state` of these fields; offsets count up by 16 where none is given. */
function schemaOf(fields: readonly Field[], types: Readonly<Record<string, unknown>> = {}): Schema {
  const f = fields.map((field, at) => ({ o: 16 * at, ...field }));
  const all = { mode: MODES, ...types, state: { k: "struct", size: 256, hash: "", f } };
  return parseSchema({ v: 1, endian: "le", types: all, messages: [{ name: "state", role: "channel", type: "state" }] });
}

/** `verdict path: why` of each difference. */
function told(before: Schema, now: Schema): string[] {
  const { differences } = compareStructs({ schema: before, type: "state" }, { schema: now, type: "state" });
  return differences.map(({ verdict, path, why }) => `${verdict} ${path}: ${why}`);
}

/** What is told when one field becomes another. */
function becomes(before: Field, now: Field, types: Readonly<Record<string, unknown>> = {}): string[] {
  return told(schemaOf([{ n: "x", ...before }], types), schemaOf([{ n: "x", ...now }], types));
}

describe("comparing two schemas", () => {
  it("lets fields come at the end, in the middle and inside, and move", () => {
    const inner = (f: readonly Field[]): unknown => ({ k: "struct", size: 16, hash: "", f });
    const before = schemaOf(
      [
        { n: "a", t: "f64" },
        { n: "in", t: "inner" },
      ],
      { inner: inner([{ n: "p", t: "f32", o: 0 }]) },
    );
    const now = schemaOf(
      [
        { n: "new", t: "f32" },
        { n: "a", t: "f64" },
        { n: "in", t: "inner" },
        { n: "last", t: "u8", d: [3] },
      ],
      {
        inner: inner([
          { n: "q", t: "f32", o: 0 },
          { n: "p", t: "f32", o: 4 },
        ]),
      },
    );
    assert.deepEqual(told(before, now), [
      "ok a: stands at byte 16, stood at byte 0",
      "ok in: stands at byte 32, stood at byte 16",
      "ok in.p: stands at byte 4, stood at byte 0",
      "ok in.q: is new",
      "ok new: is new",
      "ok last: is new",
    ]);
  });

  for (const [what, before, now, expected] of [
    ["the same", { t: "f32", u: "m" }, { t: "f32", u: "m", doc: "another text", step: 2, def: 1 }, []],
    ["a float that became wider", { t: "f32" }, { t: "f64" }, ["note x: is f64, was f32"]],
    ["a float that became narrower", { t: "f64" }, { t: "f32" }, ["warn x: is f32, was f64"]],
    ["an integer that became wider", { t: "i16" }, { t: "i32" }, ["note x: is i32, was i16"]],
    ["an integer that became narrower", { t: "u32" }, { t: "u8" }, ["warn x: is u8, was u32"]],
    ["a signed one that became unsigned", { t: "i16" }, { t: "u16" }, ["warn x: is u16, was i16"]],
    ["an integer that a float holds", { t: "i16" }, { t: "f32" }, ["note x: is f32, was i16"]],
    ["an integer that a float does not hold", { t: "i32" }, { t: "f32" }, ["warn x: is f32, was i32"]],
    ["a float that became an integer", { t: "f32" }, { t: "i32" }, ["warn x: is i32, was f32"]],
    ["a number that became a bigint", { t: "i16" }, { t: "i64" }, ["break x: is i64 and so a bigint, was i16"]],
    ["a bigint that became a number", { t: "u64" }, { t: "f64" }, ["break x: is f64, was u64"]],
    ["a bigint that lost its sign", { t: "i64" }, { t: "u64" }, ["warn x: is u64, was i64"]],
    ["a bitfield that became narrower", { t: "u8" }, { t: "u8", b: [1, 0, 3] }, ["warn x: is 3 bits of u8, was u8"]],
    [
      "a bitfield that became wider",
      { t: "u8", b: [1, 0, 3] },
      { t: "u8", b: [1, 0, 4] },
      ["note x: is 4 bits of u8, was 3 bits of u8"],
    ],
    [
      "a bitfield that moved",
      { t: "u8", b: [1, 0, 3] },
      { t: "u8", b: [1, 2, 3] },
      ["ok x: stands at bit 2 of byte 0, stood at bit 0 of byte 0"],
    ],
    [
      "a value that became an array",
      { t: "f32" },
      { t: "f32", d: [3] },
      ["break x: is an array of 3, was a single value"],
    ],
    [
      "another number of dimensions",
      { t: "f32", d: [4] },
      { t: "f32", d: [2, 2] },
      ["break x: is an array of 2 × 2, was an array of 4"],
    ],
    ["another length", { t: "f32", d: [3] }, { t: "f32", d: [4] }, ["warn x: is an array of 4, was an array of 3"]],
    ["a longer text", { t: "c8", d: [8] }, { t: "c8", d: [16] }, ["warn x: has room for 16 characters, had for 8"]],
    ["a number that became a text", { t: "u8", d: [8] }, { t: "c8", d: [8] }, ["break x: is text, was u8[8]"]],
    ["a text that became a number", { t: "c8" }, { t: "u8" }, ["break x: is u8, was text"]],
    ["a number that became a bool", { t: "u8" }, { t: "bool" }, ["break x: is bool, was u8"]],
    ["another unit", { t: "f32", u: "rad" }, { t: "f32", u: "deg" }, ["break x: is in deg, was in rad"]],
    ["a unit that is said now", { t: "f32" }, { t: "f32", u: "deg" }, ["note x: is said to be in deg now"]],
    [
      "a unit that is not said any more",
      { t: "f32", u: "deg" },
      { t: "f32" },
      ["warn x: is not said to be in deg any more"],
    ],
    [
      "other limits",
      { t: "f32", min: 0, max: 5 },
      { t: "f32", max: 9 },
      ["note x: goes from -∞ to 9, went from 0 to 5"],
    ],
    [
      "another meaning",
      { t: "f32", tags: { frame: "NED" } },
      { t: "f32", tags: { frame: "ENU" } },
      ["warn x: is [@frame ENU], was [@frame NED]"],
    ],
    ["one meaning more", { t: "f32" }, { t: "f32", tags: { frame: "NED", was: "y" } }, ["note x: is [@frame NED] now"]],
    ["one meaning less", { t: "i64", tags: { time: "" } }, { t: "i64" }, ["warn x: is not [@time] any more"]],
    ["a union around it", { t: "u8" }, { t: "u8", alt: 1 }, ["warn x: shares its bytes with others now"]],
    ["labels for a number", { t: "u8" }, { t: "mode" }, ["break x: is an enum of u8, was u8"]],
    ["no labels any more", { t: "mode" }, { t: "u16" }, ["warn x: is u16 without labels, was an enum of u8"]],
    ["labels by a tag", { t: "mode" }, { t: "u8", tags: { enum: "mode" } }, []],
  ] as const) {
    it(`tells ${what}`, () => {
      assert.deepEqual(becomes(before, now), expected);
    });
  }

  it("tells labels that are gone, have another number or are new", () => {
    const other = { k: "enum", t: "u8", v: { SINE: 3, SQUARE: 1 } };
    assert.deepEqual(told(schemaOf([{ n: "x", t: "mode" }]), schemaOf([{ n: "x", t: "mode" }], { mode: other })), [
      "warn x: has no label OFF any more",
      "note x: has SINE as 3, had it as 1",
      "ok x: has new labels: SQUARE",
    ]);
  });

  it("knows a field by what it was called, whichever side is newer", () => {
    const inner = (n: string): Record<string, unknown> => ({
      inner: { k: "struct", size: 4, hash: "", f: [{ n, t: "f32", o: 0 }] },
    });
    const old = schemaOf(
      [
        { n: "pid", t: "inner" },
        { n: "lost", t: "u8" },
      ],
      inner("kp"),
    );
    const renamed = schemaOf(
      [
        { n: "controller", t: "inner", tags: { was: "pid" } },
        { n: "found", t: "u8" },
      ],
      inner("kp"),
    );
    const [forth, back] = [
      compareStructs({ schema: old, type: "state" }, { schema: renamed, type: "state" }),
      compareStructs({ schema: renamed, type: "state" }, { schema: old, type: "state" }),
    ];
    assert.deepEqual(
      forth.differences.map(({ verdict, path, now, why }) => [verdict, path, now, why]),
      [
        ["note", "pid", "controller", "is called controller now"],
        ["break", "lost", undefined, "is gone"],
        ["ok", "found", undefined, "is new"],
      ],
    );
    assert.deepEqual(
      [...forth.renamed],
      [
        ["pid", "controller"],
        ["pid.kp", "controller.kp"],
      ],
    );
    assert.deepEqual(
      [...back.renamed],
      [
        ["controller", "pid"],
        ["controller.kp", "pid.kp"],
      ],
    );
  });

  it("does not take a field for another that is still there", () => {
    const before = schemaOf([
      { n: "a", t: "u8" },
      { n: "b", t: "u8" },
    ]);
    const now = schemaOf([{ n: "b", t: "u8", tags: { was: "a" } }]);
    assert.deepEqual(told(before, now), ["break a: is gone", "ok b: stands at byte 0, stood at byte 16"]);
  });

  it("breaks on another unit although the bytes and so the layout hash are the same", () => {
    const [before, now] = ["rad", "deg"].map((u) => schemaOf([{ n: "x", t: "f64", u }]));
    assert.ok(before !== undefined && now !== undefined);
    assert.equal(layoutHash(before, "state"), layoutHash(now, "state"));
    assert.equal(worst(compareSchemas(before, now)[0]?.differences ?? []), "break");
  });

  it("finds messages by role and name, whatever their types are called", () => {
    const struct = { k: "struct", size: 4, hash: "", f: [{ n: "x", t: "f32", o: 0 }] };
    const schema = (types: readonly string[], messages: readonly string[]): Schema =>
      parseSchema({
        v: 1,
        endian: "le",
        types: Object.fromEntries(types.map((type) => [type, struct])),
        messages: messages.map((message) => {
          const [role, name, type] = message.split(" ");
          return { role, name, type };
        }),
      });
    const before = schema(["a", "b"], ["channel state a", "request home b", "channel * b"]);
    const now = schema(["c", "b"], ["channel state c", "parameter home b", "channel * b", "channel * c"]);
    assert.deepEqual(
      compareSchemas(before, now).map(({ role, name, type, differences }) => [
        role,
        name,
        type,
        worst(differences),
        differences[0]?.why,
      ]),
      [
        ["channel", "state", "c", "ok", undefined],
        ["request", "home", "b", "break", "is gone"],
        ["channel", "b", "b", "ok", undefined],
        ["parameter", "home", "b", "ok", "is new"],
        ["channel", "c", "c", "ok", "is new"],
      ],
    );
    assert.deepEqual(
      compareSchemas(schema(["a", "b"], []), now).map(({ name, differences }) => [name, worst(differences)]),
      [
        ["a", "break"],
        ["b", "ok"],
      ],
    );
    assert.equal(compareSchemas(before, now, "b")[0]?.name, "b");
    assert.throws(() => compareSchemas(before, now, "a"), {
      code: "type_unsupported",
      message: /second schema has no struct "a"; it has c, b/,
    });
  });

  it("finds nothing between a schema and itself, and never fails", () => {
    fc.assert(
      fc.property(randomSchema, randomSchema, (first, second) => {
        const [one, other] = [parseSchema(first.json), parseSchema(second.json)];
        for (const { differences } of compareSchemas(one, one)) assert.deepEqual(differences, []);
        for (const { differences } of compareSchemas(one, other)) worst(differences);
      }),
      { numRuns: 100 },
    );
  });
});
