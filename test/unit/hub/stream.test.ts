// SPDX-License-Identifier: MIT
// A stream hands out at once what came in a rush, and collects what comes more slowly.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { batchRecord, doubles } from "../../support/records.ts";
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

  it("go out with all of the chunk that they came in, so that its memory is read at once", () => {
    const bench = new SessionBench();
    bench.connect();
    const state = bench.struct("state");
    const client = bench.enter();
    client.ask({ op: "subscribe", channels: ["motor/state"] });
    bench.publish(state, 0); // the leading edge
    bench.clock.advance(4);
    const { sent } = client.connection;
    const before = sent.length;
    const batch = (): void => {
      const samples = doubles(...Array.from({ length: 4000 }, (_, i) => i)); // 64 kB
      const { epoch, next: first } = state;
      bench.take(state, batchRecord({ stream: state.source.id, schema: state.schema?.id ?? 0, epoch, first, samples }));
    };
    for (let i = 0; i < 5; i++) batch();
    assert.equal(sent.length, before);
    bench.hub.settle();
    assert.equal(sent.length, before + 1);
    batch();
    bench.hub.settle();
    bench.clock.advance(2); // what waits already does not make the next chunks slow ones
    for (let i = 0; i < 4; i++) batch();
    assert.equal(sent.length, before + 1);
    bench.hub.settle();
    assert.equal(sent.length, before + 2);
  });
});
