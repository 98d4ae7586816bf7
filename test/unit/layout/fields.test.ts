// SPDX-License-Identifier: MIT
// Fields as the directory lists them.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { compileLayout } from "../../../bridge/layout/compile.ts";
import { describeFields } from "../../../bridge/layout/fields.ts";
import { parseSchema } from "../../../bridge/layout/schema.ts";
import { vectorJson } from "../../support/codecs.ts";

const features = parseSchema(vectorJson("structs/features-le.schema.json"));

describe("fields as the directory lists them", () => {
  const fields = new Map(describeFields(compileLayout(features, "features")).map((field) => [field.name, field]));

  it("have only what applies", () => {
    assert.deepEqual(fields.get("a"), { name: "a", type: "u8" });
    assert.deepEqual(fields.get("flag"), { name: "flag", type: "bool" });
    assert.deepEqual(fields.get("label"), { name: "label", type: "text" });
    assert.deepEqual(fields.get("digest"), { name: "digest", type: "bytes" });
    assert.deepEqual(fields.get("g"), { name: "g", type: "u64", max: "18446744073709551615" });
    assert.deepEqual(fields.get("items.at"), {
      name: "items.at",
      type: "i16",
      dims: [2, 2],
      levels: [[2], [2]],
      unit: "mm",
    });
    assert.deepEqual(fields.get("pid.kp"), {
      name: "pid.kp",
      type: "f32",
      unit: "V/rad",
      min: 0,
      max: 10,
      step: 0.1,
      default: 2,
    });
  });

  it("have the labels of enums as JSON can hold them", () => {
    assert.deepEqual(fields.get("mode"), {
      name: "mode",
      type: "enum",
      doc: "what it does",
      labels: { OFF: 0, SINE: 1, ALSO_SINE: 1 },
    });
    assert.deepEqual(fields.get("level"), {
      name: "level",
      type: "enum",
      labels: { LOWEST: "-9223372036854775808", ONE: 1 },
    });
  });
});
