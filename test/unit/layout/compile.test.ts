// SPDX-License-Identifier: MIT
// Layouts: leaves with paths, offsets and dimensions; members as they nest.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { compileLayout } from "../../../bridge/layout/compile.ts";
import { layoutHash } from "../../../bridge/layout/hash.ts";
import { parseSchema } from "../../../bridge/layout/schema.ts";
import { layoutOf, throwsCode, vectorJson } from "../../support/codecs.ts";

const features = parseSchema(vectorJson("structs/features-le.schema.json"));

describe("a compiled layout", () => {
  const layout = compileLayout(features, "features");
  const leaf = (path: string): unknown => layout.leaves.find((each) => each.path === path);

  it("has the struct's name, size, byte order and text", () => {
    const { type, size, endian, doc } = layout;
    assert.deepEqual(
      { type, size, endian, doc },
      { type: "features", size: 160, endian: "le", doc: "everything that a struct can hold" },
    );
  });

  it("has nested structs as leaves with their whole path and offset", () => {
    assert.deepEqual(leaf("pid.ki"), {
      path: "pid.ki",
      kind: "number",
      type: "f32",
      offset: 100,
      dims: [],
      count: 1,
      capacity: 0,
    });
  });

  it("has limits, unit, step and default", () => {
    assert.deepEqual(leaf("pid.kp"), {
      path: "pid.kp",
      kind: "number",
      type: "f32",
      offset: 96,
      dims: [],
      count: 1,
      capacity: 0,
      unit: "V/rad",
      min: 0,
      max: 10,
      step: 0.1,
      def: 2,
    });
  });

  it("has arrays of structs as dimensions of their leaves, outermost first", () => {
    const dims = [
      { length: 2, stride: 8 },
      { length: 2, stride: 2 },
    ];
    assert.deepEqual(leaf("items.at"), {
      path: "items.at",
      kind: "number",
      type: "i16",
      offset: 106,
      dims,
      count: 4,
      capacity: 0,
      unit: "mm",
    });
  });

  it("has texts and bytes with their capacity apart from their dimensions", () => {
    assert.deepEqual(leaf("names"), {
      path: "names",
      kind: "text",
      type: "c8",
      offset: 132,
      dims: [{ length: 2, stride: 6 }],
      count: 2,
      capacity: 6,
    });
    assert.deepEqual(leaf("letter"), {
      path: "letter",
      kind: "text",
      type: "c8",
      offset: 7,
      dims: [],
      count: 1,
      capacity: 1,
    });
    assert.deepEqual(leaf("digest"), {
      path: "digest",
      kind: "bytes",
      type: "u8",
      offset: 60,
      dims: [],
      count: 1,
      capacity: 4,
    });
  });

  it("has strides of several dimensions", () => {
    const { leaves } = layoutOf(48, [{ n: "m", t: "u16", o: 0, d: [2, 3, 4] }]);
    assert.deepEqual(leaves[0]?.dims, [
      { length: 2, stride: 24 },
      { length: 3, stride: 8 },
      { length: 4, stride: 2 },
    ]);
  });

  it("has enums with exact labels, of their type or of a tag", () => {
    const labels = (path: string): unknown => [...(layout.leaves.find((each) => each.path === path)?.labels ?? [])];
    assert.deepEqual(labels("level"), [
      ["LOWEST", -(2n ** 63n)],
      ["ONE", 1n],
    ]);
    assert.deepEqual(labels("small"), [
      ["NONE", 0n],
      ["SMALL", 2n],
    ]);
  });

  it("does not take a tag for an enum where it names none, nor one of a float", () => {
    const other = layoutOf(
      5,
      [
        { n: "a", t: "u8", o: 0, tags: { enum: "nothing" } },
        { n: "b", t: "f32", o: 1, tags: { enum: "mode" } },
      ],
      { types: { mode: { k: "enum", t: "u8", v: { A: 1 } } } },
    );
    assert.deepEqual(
      other.leaves.map(({ kind }) => kind),
      ["number", "number"],
    );
  });

  it("takes the tag bytes only of an array of bytes", () => {
    const other = layoutOf(9, [
      { n: "a", t: "u8", o: 0, tags: { bytes: "" } },
      { n: "b", t: "i16", o: 1, d: [2], tags: { bytes: "" } },
      { n: "c", t: "c8", o: 5, d: [2, 2], tags: { bytes: "" } },
    ]);
    assert.deepEqual(
      other.leaves.map(({ kind, count, capacity }) => [kind, count, capacity]),
      [
        ["number", 1, 0],
        ["number", 2, 0],
        ["bytes", 2, 2],
      ],
    );
  });

  it("has members as they nest, which name their leaves", () => {
    const items = layout.members.find(({ name }) => name === "items");
    assert.ok(items !== undefined && "members" in items);
    assert.deepEqual(items.dims, [{ length: 2, stride: 8 }]);
    assert.deepEqual(
      items.members.map((member) => [
        member.name,
        member.dims.length,
        "leaf" in member ? layout.leaves[member.leaf]?.path : "",
      ]),
      [
        ["id", 0, "items.id"],
        ["at", 1, "items.at"],
        ["tag", 0, "items.tag"],
      ],
    );
  });

  it("is not there for what is no struct", () => {
    throwsCode("bad_schema", () => compileLayout(features, "mode"));
    throwsCode("bad_schema", () => compileLayout(features, "nothing"));
    throwsCode("bad_schema", () => layoutHash(features, "toString"));
  });
});
