// SPDX-License-Identifier: MIT
// How many sessions are open with each ticket.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { TicketSessions } from "../../../bridge/session/ticket-sessions.ts";

describe("the sessions of tickets", () => {
  it("are counted for each ticket, and told to those who follow it", () => {
    const sessions = new TicketSessions();
    const told: number[] = [];
    const stop = sessions.watch("a", (count) => void told.push(count));
    const leave = sessions.enter("a");
    const leaveOther = sessions.enter("b");
    assert.deepEqual([sessions.count("a"), sessions.count("b"), sessions.count("c")], [1, 1, 0]);
    leave();
    stop();
    leaveOther();
    assert.deepEqual(told, [1, 0]);
  });

  it("leave nothing behind once they are over and nobody follows their ticket", () => {
    const sessions = new TicketSessions();
    const stop = sessions.watch("a", () => undefined);
    const leave = sessions.enter("a");
    stop();
    assert.equal(sessions.size, 1);
    leave();
    assert.equal(sessions.size, 0);
    sessions.watch("a", () => undefined)();
    assert.equal(sessions.size, 0);
  });
});
