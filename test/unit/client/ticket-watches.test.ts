// SPDX-License-Identifier: MIT
// How many sessions are open with a ticket, as a client tells it.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { arrived, withClient } from "../../support/scripted-client.ts";

describe("a client that watches a ticket", () => {
  it("tells the number now and each change, until nobody wants to know it", () =>
    withClient(async ({ peer, client }) => {
      const told: number[] = [];
      const stop = client.watchTicket("t1.a", (sessions) => void told.push(sessions));
      await peer.answer("follow", { sessions: 0 });
      peer.send({ op: "ticket", ticket: "t1.a", sessions: 1 });
      peer.send({ op: "ticket", ticket: "t1.other", sessions: 7 });
      await arrived(peer, client);
      assert.deepEqual(told, [0, 1]);
      stop();
      stop();
      const { enabled } = await peer.answer("follow", { sessions: 1 });
      assert.equal(enabled, false);
    }));

  it("asks again on a new connection, and says nothing of a ticket that is refused", () =>
    withClient(async ({ bridge, peer, client }) => {
      const told: number[] = [];
      client.watchTicket("t1.a", (sessions) => void told.push(sessions));
      await peer.answer("follow", { sessions: 2 });
      peer.drop();
      const next = await bridge.peer();
      await next.welcome();
      const { id } = await next.expect("follow");
      next.refuse(id, "invalid_argument");
      await arrived(next, client);
      assert.deepEqual(told, [2]);
    }));
});
