// SPDX-License-Identifier: MIT
// Tokens and tickets: who is let in, how often and how long.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ENTERED_MS, Gate } from "../../../bridge/session/gate.ts";

const NOW = 1_000_000;
const gate = (): Gate => new Gate("token", new Uint8Array(32).fill(7));

describe("the gate", () => {
  it("lets the token in everywhere, as often as it comes", () => {
    const door = gate();
    assert.equal(door.admit("token", NOW)?.full, true);
    for (let i = 0; i < 3; i++)
      assert.deepEqual([door.enter("token", NOW)?.access.full, door.enter("token", NOW)?.ticket], [true, undefined]);
    assert.equal(door.enter("Token", NOW), undefined);
  });

  it("lets a ticket in until its time is over", () => {
    const door = gate();
    const ticket = door.issue({ channels: ["a"] }, NOW + 10);
    assert.equal(door.enter(ticket, NOW)?.access.channel("a"), true);
    assert.equal(door.enter(ticket, NOW)?.access.expires, NOW + 10);
    assert.equal(door.enter(ticket, NOW + 10), undefined);
  });

  it("opens one session with a one-time ticket, which goes on by another ticket of the same rights", () => {
    const door = gate();
    const once = door.issue({ publish: ["data"] }, NOW + 10, true);
    const another = door.issue({ publish: ["data"] }, NOW + 10, true);
    assert.equal(door.admit(once, NOW), undefined, "it answers no other question");
    const entry = door.enter(once, NOW + 9);
    assert.equal(entry?.access.publish("data"), true);
    assert.equal(entry.access.publish("other"), false);
    assert.equal(entry.access.channel("data"), false);
    assert.equal(entry.access.expires, NOW + 9 + ENTERED_MS);
    assert.equal(door.enter(once, NOW + 9), undefined);
    const { ticket = "" } = entry;
    for (const now of [NOW + 20, NOW + 30]) assert.equal(door.enter(ticket, now)?.access.publish("data"), true);
    assert.equal(door.enter(ticket, NOW + 9 + ENTERED_MS), undefined);
    assert.ok(door.enter(another, NOW + 9), "each is used for itself");
  });

  it("opens nothing with a one-time ticket that was not used in time, nor with one of another bridge", () => {
    const once = gate().issue({ publish: ["data"] }, NOW + 10, true);
    assert.equal(gate().enter(once, NOW + 10), undefined);
    assert.equal(new Gate("token", new Uint8Array(32).fill(8)).enter(once, NOW), undefined);
  });
});
