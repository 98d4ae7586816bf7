// SPDX-License-Identifier: MIT
// Which engine draws a plot, by how fast its samples come.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { engineFor } from "../../../../../bridge/pages/cell/plot/engine-choice.ts";

describe("the engine of a plot", () => {
  it("is the rich one for what is slow", () => {
    assert.equal(engineFor(10, 4, null), "plotly");
  });

  it("is the fast one for one fast line, or several that are not slow", () => {
    assert.equal(engineFor(1000, 1, null), "uplot");
    assert.equal(engineFor(50, 4, null), "uplot");
  });

  it("stays the fast one when the samples become slow", () => {
    assert.equal(engineFor(0, 1, "uplot"), "uplot");
  });
});
