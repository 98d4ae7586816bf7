// SPDX-License-Identifier: MIT
// A stream hands out at once what came in a rush, and collects what comes more slowly.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { SessionBench } from "../../support/session.ts";

describe("samples that come in a rush", () => {
  it("go out as soon as they make a large message; what comes more slowly waits for the tick", () => {
    const bench = new SessionBench();
    bench.connect();
    const state = bench.struct("state");
    const client = bench.enter();
    client.ask({ op: "subscribe", channels: ["motor/state"] });
    const publish = (batches: number): void => {
      for (let i = 0; i < batches; i++) bench.publish(state, state.next, 1000); // of 16 kB
    };
    const messages = (): number => client.connection.sent.length;
    publish(1);
    assert.equal(messages(), 1); // the leading edge
    publish(15);
    assert.equal(messages(), 1);
    publish(1);
    assert.equal(messages(), 2);
    publish(8);
    bench.clock.advance(2);
    publish(12);
    assert.equal(messages(), 2);
    bench.clock.advance(6);
    assert.equal(messages(), 3);
  });
});
