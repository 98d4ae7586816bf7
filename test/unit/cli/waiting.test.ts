// SPDX-License-Identifier: MIT
// What a subscription says while nothing answers to its patterns.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { waitingNote } from "../../../bridge/cli/waiting.ts";

describe("what a subscription waits for", () => {
  const channels = ["motor/state", "host/cpu"];

  it("is said with what there is instead", () => {
    const note = waitingNote(["moter/*", "host/*", "arm/joint"], channels);
    assert.equal(note, 'waiting for "moter/*", "arm/joint"; there are motor/state, host/cpu');
  });

  it("is nothing when every pattern has a channel", () => {
    assert.equal(waitingNote(["**", "motor/state"], channels), undefined);
  });

  it("names only the first of many channels", () => {
    const many = Array.from({ length: 20 }, (_, i) => `c/${String(i)}`);
    assert.match(waitingNote(["x"], many) ?? "", /c\/7 and 12 more$/);
    assert.equal(waitingNote(["x"], []), 'waiting for "x"; no channel is there yet');
  });
});
