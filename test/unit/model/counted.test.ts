// SPDX-License-Identifier: MIT
// Counts as people write them.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { counted } from "../../../bridge/model/counted.ts";

describe("a count that people read", () => {
  it("has its plural, but for one", () => {
    assert.deepEqual(
      [0, 1, 2, 1000].map((count) => counted(count, "sample")),
      ["0 samples", "1 sample", "2 samples", "1000 samples"],
    );
  });

  it("is written as its place wants numbers", () => {
    assert.equal(counted(12_345, "value", "12,345"), "12,345 values");
  });
});
