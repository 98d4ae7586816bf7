// SPDX-License-Identifier: MIT
// The right edge of live plots.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { SampleClock } from "../../../../bridge/pages/parts/trace/sample-clock.ts";

describe("sample clock", () => {
  it("is the local clock until samples come", () => {
    assert.equal(new SampleClock().now(1234), 1234);
  });

  it("follows the samples that came with the least delay, so that lumps do not shake the picture", () => {
    const clock = new SampleClock();
    for (let local = 0; local < 1000; local += 10) clock.observe(local + 5000 - (local % 30), local);
    assert.equal(clock.now(1000), 6000);
  });

  it("follows a clock that was set back once the old lead is seconds old", () => {
    const clock = new SampleClock();
    for (let local = 0; local < 3000; local += 100) clock.observe(local + 5000, local);
    for (let local = 3000; local < 9000; local += 100) clock.observe(local - 700, local);
    assert.equal(clock.now(9000), 8300);
  });

  it("takes no harm from a batch without a time", () => {
    const clock = new SampleClock();
    clock.observe(NaN, 10);
    assert.equal(clock.now(20), 20);
  });
});
