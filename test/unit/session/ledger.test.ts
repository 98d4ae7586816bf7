// SPDX-License-Identifier: MIT
// The ledger of a session adds up, and acknowledgements bound what is on its way.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { writeAck } from "../../../bridge/layout/link-records.ts";
import type { LedgerEntry } from "../../../bridge/session/messages.ts";
import { SOCKET_BYTES, WINDOW_BYTES } from "../../../bridge/session/window.ts";
import { EPOCH } from "../../support/hub.ts";
import { SessionBench, TOKEN, type Client } from "../../support/session.ts";

const QUEUE_BYTES = 100_000;

function entryOf(client: Client): LedgerEntry {
  client.connection.sent.splice(0);
  const [entry, ...others] = client.result({ op: "ledger" })["streams"] as LedgerEntry[];
  assert.ok(entry !== undefined && others.length === 0);
  const lost = Object.values(entry.lost).reduce((sum, count) => sum + count, 0);
  assert.equal(entry.delivered + entry.waiting + entry.skipped + lost, entry.due);
  assert.equal(entry.next - entry.from, entry.due);
  return entry;
}

function setUp(request: Record<string, unknown> = {}): { bench: SessionBench; client: Client } {
  const bench = new SessionBench();
  bench.connect();
  const client = bench.enter(TOKEN, QUEUE_BYTES);
  bench.struct("state", { next: 100 });
  client.ask({ op: "subscribe", channels: ["motor/state"], ...request });
  return { bench, client };
}

describe("the ledger", () => {
  it("says that all was delivered when it was", () => {
    const { bench, client } = setUp();
    const channel = bench.hub.directory.channels.get("motor/state")!;
    channel.counters = { published: 150, ringDropped: 0, linkDropped: 0 };
    bench.publish(channel, 100, 50);
    assert.deepEqual(entryOf(client), {
      stream: channel.source.id,
      channel: "motor/state",
      subscriptions: [1],
      epoch: String(EPOCH),
      from: 100,
      next: 150,
      due: 50,
      delivered: 50,
      waiting: 0,
      skipped: 0,
      lost: {},
      before: { epochs: 0, due: 0, delivered: 0, waiting: 0, skipped: 0, lost: {} },
      producer: { published: 150, ringDropped: 0, linkDropped: 0 },
    });
  });

  it("counts what was lost by its reason, and what the session still holds", () => {
    const { bench, client } = setUp();
    const channel = bench.hub.directory.channels.get("motor/state")!;
    channel.lose({ epoch: EPOCH, from: 100, to: 109, count: 10, reason: "ring_full" });
    bench.hub.settle();
    client.connection.bufferedBytes = SOCKET_BYTES;
    for (let i = 0; i < 10; i++) {
      bench.publish(channel, 110 + 1000 * i, 1000);
      bench.clock.advance(8);
    }
    client.connection.bufferedBytes = SOCKET_BYTES - 1; // the ledger's answer keeps its place, so it must get out
    client.connection.drain();
    const { delivered, waiting, lost } = entryOf(client);
    assert.deepEqual(
      { delivered, waiting, lost },
      { delivered: 7000, waiting: 0, lost: { ring_full: 10, slow_reader: 3000 } },
    );
  });

  it("calls what latest leaves out skipped, not lost", () => {
    const { bench, client } = setUp({ delivery: "latest" });
    bench.publish(bench.hub.directory.channels.get("motor/state")!, 100, 50);
    const { delivered, skipped, lost } = entryOf(client);
    assert.deepEqual({ delivered, skipped, lost }, { delivered: 1, skipped: 49, lost: {} });
  });

  it("does not count the sample from before that last asks for", () => {
    const bench = new SessionBench();
    bench.connect();
    bench.publish(bench.struct("state"), 0, 10);
    const client = bench.enter();
    client.ask({ op: "subscribe", channels: ["motor/state"], last: true });
    const { due, delivered } = entryOf(client);
    assert.deepEqual([due, delivered], [0, 0]);
  });

  it("goes on over a lost link in one life, and begins anew with another", () => {
    const { bench, client } = setUp();
    bench.publish(bench.hub.directory.channels.get("motor/state")!, 100, 50);
    bench.disconnect();
    bench.connect();
    bench.struct("state", { next: 160 });
    assert.deepEqual(entryOf(client).lost, { disconnected: 10 });
    bench.disconnect();
    bench.connect(EPOCH + 1n);
    bench.publish(bench.struct("state", { epoch: EPOCH + 1n }), 0, 5);
    const { epoch, from, due, before } = entryOf(client);
    assert.deepEqual([epoch, from, due], [String(EPOCH + 1n), 0, 5]);
    assert.deepEqual(before, {
      epochs: 1,
      due: 60,
      delivered: 50,
      waiting: 0,
      skipped: 0,
      lost: { disconnected: 10 },
    });
  });
});

describe("a client that acknowledges", () => {
  function enter(): { bench: SessionBench; client: Client; sent: () => number } {
    const bench = new SessionBench();
    bench.connect();
    const client = bench.open();
    client.say({ op: "hello", version: 1, token: TOKEN, acks: true });
    bench.struct("state");
    client.ask({ op: "subscribe", channels: ["motor/state"] });
    client.connection.sent.splice(0);
    return { bench, client, sent: () => client.connection.sent.length };
  }

  it("has no more than a window on its way, and gets what waited once it has acknowledged", () => {
    const { bench, client } = enter();
    const channel = bench.hub.directory.channels.get("motor/state")!;
    for (let i = 0; i < 100; i++) {
      bench.publish(channel, 1000 * i, 1000); // 16 kB each
      bench.clock.advance(8);
    }
    const { onWayBytes, queuedBytes, dropped } = client.session.state.sent;
    assert.ok(onWayBytes >= WINDOW_BYTES && onWayBytes < WINDOW_BYTES + 17_000);
    assert.ok(queuedBytes > 0);
    assert.equal(dropped, 0);
    client.session.binary(writeAck(client.connection.sentBytes));
    assert.equal(client.session.state.sent.samples, 100_000);
    assert.equal(client.session.state.sent.queuedBytes, 0);
  });

  it("gets its answers ahead of what waits, and the ledger behind it", () => {
    const { bench, client } = enter();
    const channel = bench.hub.directory.channels.get("motor/state")!;
    for (let i = 0; i < 100; i++) {
      bench.publish(channel, 1000 * i, 1000);
      bench.clock.advance(8);
    }
    client.connection.sent.splice(0);
    const [pong] = client.ask({ op: "ping" });
    assert.equal(pong?.["op"], "result");
    assert.deepEqual(client.ask({ op: "ledger" }), []);
    client.session.binary(writeAck(client.connection.sentBytes));
    const last = client.connection.sent.at(-1);
    assert.ok(last !== undefined && "text" in last);
    const [entry] = (JSON.parse(last.text) as { result: { streams: LedgerEntry[] } }).result.streams;
    assert.equal(entry?.delivered, 100_000);
  });

  it("is closed when it acknowledges more than was sent", () => {
    const { client } = enter();
    client.session.binary(writeAck(client.connection.sentBytes + 1));
    assert.equal(client.connection.closed?.code, 4400);
  });
});
