// SPDX-License-Identifier: MIT
// docs/performance.md shows what was measured, and nothing else.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { pageOf, readMeasured } from "../../bench/support/page.ts";
import { projectText } from "../support/docs.ts";

describe("docs/performance.md", () => {
  const page = projectText("docs/performance.md");

  it("has the tables that bench/measured.json gives", async () => {
    assert.equal(await pageOf(page, readMeasured()), page);
  });

  it("says of a benchmark that did not run that it is not measured", async () => {
    const text = await pageOf(page, {});
    assert.equal(text.match(/Not measured yet\./g)?.length, 10);
  });
});
