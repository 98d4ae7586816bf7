// SPDX-License-Identifier: MIT
// A client that does not read costs a bounded amount, and nobody else a sample.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Channel } from "../../../bridge/hub/channel.ts";
import { readBatchHeader, readGap, recordType } from "../../../bridge/layout/record.ts";
import { HELD_BYTES, MAX_CONTROL_BYTES, MAX_LOSSES } from "../../../bridge/session/outbox.ts";
import { LINK_RECORD } from "../../../bridge/model/client-link.ts";
import { SOCKET_BYTES, STUCK_MS } from "../../../bridge/session/window.ts";
import { EPOCH } from "../../support/hub.ts";
import type { MemoryConnection } from "../../support/memory-connection.ts";
import { SessionBench, TOKEN, type Client } from "../../support/session.ts";

const QUEUE_BYTES = 100_000;

interface Slow {
  readonly bench: SessionBench;
  readonly client: Client;
  readonly state: Channel;
  /** Publishes 1000 samples a tick, so many times. */
  readonly run: (ticks: number) => void;
}

function setUp(request: Record<string, unknown> = {}): Slow {
  const bench = new SessionBench();
  bench.connect();
  const state = bench.struct("state");
  const client = bench.enter(TOKEN, QUEUE_BYTES);
  client.ask({ op: "subscribe", channels: ["motor/state"], ...request });
  const run = (ticks: number): void => {
    for (let i = 0; i < ticks; i++) {
      bench.publish(state, state.next, 1000);
      bench.clock.advance(8);
    }
  };
  return { bench, client, state, run };
}

/** The client's system takes nothing more, from now on. */
function stall({ connection }: Client): void {
  connection.reads = false;
  connection.bufferedBytes = SOCKET_BYTES;
}

/** The client reads everything. */
function read({ connection }: Client): void {
  connection.reads = true;
  connection.drain();
}

/** Batches of 1000 samples that the queue takes. */
const QUEUED = 6;

/** What a client makes of the messages: how many samples came, and how many were said to be lost, in order and without a hole. */
function account(connection: MemoryConnection): { samples: number; lost: number; next: number; notes: string[] } {
  let samples = 0;
  let lost = 0;
  let next = 0;
  const notes: string[] = [];
  for (const message of connection.sent.splice(0)) {
    if ("text" in message) {
      notes.push((JSON.parse(message.text) as { op: string }).op);
      continue;
    }
    for (const record of message.records) {
      if (recordType(record) === LINK_RECORD.stamp) continue;
      if (recordType(record) === 1) {
        const { first, count } = readBatchHeader(record);
        assert.equal(first, next, "a hole that no gap explains");
        samples += count;
        next = first + count;
        notes.push("batch");
      } else {
        const gap = readGap(record);
        assert.equal(gap.from, next);
        assert.equal(gap.count, gap.to - gap.from + 1);
        lost += gap.count;
        next = gap.to + 1;
        notes.push(gap.reason);
      }
    }
  }
  return { samples, lost, next, notes };
}

describe("a client that does not read", () => {
  it("costs a bounded queue, and is told exactly what it lost before the newest batch", () => {
    const { client, run, state } = setUp();
    client.connection.reads = false;
    run(100); // 1.6 MB
    assert.ok(client.connection.bufferedBytes < SOCKET_BYTES + 17_000);
    assert.ok(client.session.state.sent.queuedBytes <= QUEUE_BYTES);
    assert.ok(client.session.state.sent.heldBytes <= HELD_BYTES);
    read(client);
    run(2);
    const { samples, lost, next, notes } = account(client.connection);
    assert.equal(samples + lost, 102_000);
    assert.equal(next, state.next);
    assert.equal(client.session.state.sent.dropped, lost);
    const gapAt = notes.indexOf("slow_reader");
    assert.equal(notes.filter((note) => note === "slow_reader").length, 1);
    assert.deepEqual(notes.slice(gapAt), ["slow_reader", "batch", "batch", "batch"]);
  });

  it("costs nobody else a sample", () => {
    const { bench, client, run } = setUp();
    const healthy = bench.enter(TOKEN, QUEUE_BYTES);
    healthy.ask({ op: "subscribe", channels: ["motor/state"] });
    account(healthy.connection);
    client.connection.reads = false;
    const sent = healthy.connection.sent.length;
    run(100);
    assert.equal(sent, 0);
    const { samples, lost } = account(healthy.connection);
    assert.deepEqual([samples, lost], [100_000, 0]);
  });

  it("still gets its answers", () => {
    const { client, run } = setUp();
    client.connection.reads = false;
    run(100);
    const messages = client.ask({ op: "ping" });
    assert.equal(messages.at(-1)?.["op"], "result");
  });

  it("gets a restart in its place, with the loss of the life before it said first", () => {
    const { bench, client, run } = setUp();
    stall(client);
    run(QUEUED + 3);
    bench.disconnect();
    bench.connect(EPOCH + 1n);
    bench.struct("state", { epoch: EPOCH + 1n });
    assert.equal(client.connection.sent.length, 0);
    read(client);
    client.connection.sent.splice(0, QUEUED);
    const notes = client.connection.sent.map((message) =>
      "text" in message ? (JSON.parse(message.text) as { op: string }).op : String(readGap(message.records[0]!).to),
    );
    assert.deepEqual(notes, ["8999", "end", "restart"]);
  });

  it("with latest gets the newest sample when it reads again, and no losses", () => {
    const { client, run } = setUp({ delivery: "latest" });
    stall(client);
    run(50);
    assert.equal(client.connection.sent.length, 0);
    read(client);
    const [message] = client.connection.sent;
    assert.ok(message !== undefined && "records" in message);
    assert.equal(readBatchHeader(message.records[0]!).first, 49_999);
    assert.equal(client.connection.sent.length, 1);
    assert.equal(client.session.state.sent.dropped, 0);
  });

  it("with json is told its losses as text", () => {
    const { client, run } = setUp({ encoding: "json" });
    stall(client);
    run(5);
    read(client);
    const messages = client.connection.texts();
    const [lost, samples] = messages.slice(-2); // behind what the queue took
    assert.deepEqual(lost?.["lost"], { from: 2000, to: 3999, count: 2000, reason: "slow_reader" });
    assert.equal((samples?.["samples"] as unknown[]).length, 1000);
  });

  it("keeps the reasons of other losses apart", () => {
    const { client, run, state, bench } = setUp();
    stall(client);
    run(QUEUED + 1);
    state.lose({ epoch: EPOCH, from: 7000, to: 7009, count: 10, reason: "ring_full" });
    run(1);
    bench.clock.advance(8);
    read(client);
    const { notes, samples, lost } = account(client.connection);
    assert.deepEqual(notes.slice(QUEUED), ["slow_reader", "ring_full", "batch"]);
    assert.deepEqual([samples, lost], [7000, 1010]);
  });

  it("is closed when it has taken nothing for 30 s, and not when it takes a little", () => {
    const { bench, client, run } = setUp();
    client.connection.reads = false;
    run(1);
    client.connection.endTurn();
    bench.clock.advance(STUCK_MS - 1000);
    client.connection.takenBytes += 1; // of a message that is not taken whole, so that nothing drains
    bench.clock.advance(STUCK_MS - 1000);
    const closeCode = (): number | undefined => client.connection.closed?.code;
    assert.equal(closeCode(), undefined);
    bench.clock.advance(7000);
    assert.equal(closeCode(), 4408);
  });

  it("is not heard while its own answers pile up, and is closed when they pile up too high", () => {
    const { client } = setUp();
    client.connection.reads = false;
    while (!client.connection.paused) client.ask({ op: "list" });
    assert.ok(client.connection.bufferedBytes < 3 * QUEUE_BYTES);
    client.connection.drain(0);
    assert.equal(client.connection.paused, false);
    client.connection.bufferedBytes = MAX_CONTROL_BYTES + 1;
    client.say({ op: "ping", id: 1 });
    assert.equal(client.connection.closed?.code, 4408);
  });

  it("gets the events of the directory and of values put together, once it reads again", () => {
    const { bench, client } = setUp();
    const schema = bench.schemas.entry("gains");
    client.ask({ op: "watch" });
    client.ask({ op: "logs" });
    client.connection.bufferedBytes = QUEUE_BYTES + 1;
    const gains = bench.driver.declareParameter({
      id: 1,
      name: "gains",
      schema,
      channel: null,
      value: new Uint8Array(24),
    });
    for (let i = 1; i <= 9; i++) {
      const value = new Uint8Array(new Float64Array([i, 0, 0]).buffer);
      bench.driver.applied(gains, { value, channel: null, epoch: null, next: null, time: 0n });
      bench.hub.journal.add({ driver: "motor", level: "info", time: 0, text: "x" });
      bench.clock.advance(250);
    }
    assert.equal(client.connection.sent.length, 0);
    client.connection.drain();
    const [directory, parameter, notice] = client.connection.texts();
    assert.equal((directory?.["added"] as unknown[]).length, 1);
    assert.deepEqual(parameter?.["value"], { kp: 9, ki: 0, kd: 0 });
    assert.match(String(notice?.["message"]), /^9 log lines/);
  });

  it("holds no more than a mebibyte of newest batches, over all its streams", () => {
    const bench = new SessionBench();
    bench.connect();
    const channels = Array.from({ length: 4 }, (_, i) => bench.struct(`c${String(i)}`));
    const client = bench.enter(TOKEN, QUEUE_BYTES);
    client.ask({ op: "subscribe", channels: ["motor/*"] });
    stall(client);
    for (const channel of channels) bench.publish(channel, 0, 20_000); // 320 KB, of which one may wait alone
    for (const channel of channels) bench.publish(channel, 20_000, 20_000);
    bench.clock.advance(8);
    assert.equal(client.session.state.sent.dropped, 80_000);
    assert.ok(client.session.state.sent.heldBytes <= HELD_BYTES);
    client.ask({ op: "unsubscribe", subscription: 1 });
    assert.equal(client.session.state.sent.heldBytes, 0);
  });

  it("is told a loss that the driver reports while it does not read", () => {
    const { client, state, bench } = setUp();
    stall(client);
    state.lose({ epoch: EPOCH, from: 0, to: 4, count: 5, reason: "ring_full" });
    bench.hub.settle();
    assert.equal(client.connection.sent.length, 0);
    read(client);
    assert.deepEqual(account(client.connection), { samples: 0, lost: 5, next: 5, notes: ["ring_full"] });
  });

  it("whose losses have many reasons is told each sample once, in a bounded number of gaps", () => {
    const { client, state, bench, run } = setUp();
    stall(client);
    run(QUEUED + 1);
    for (let i = 7000; i < 7100; i++) {
      const reason = i % 2 === 0 ? "ring_full" : "link_full";
      state.lose({ epoch: EPOCH, from: i, to: i, count: 1, reason });
    }
    bench.hub.settle();
    read(client);
    const { lost, notes } = account(client.connection);
    assert.deepEqual([lost, notes.length], [1100, QUEUED + MAX_LOSSES]);
  });
});
