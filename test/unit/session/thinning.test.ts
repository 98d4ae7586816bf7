// SPDX-License-Identifier: MIT
// Subscriptions that ask for less get it, and nothing of that counts as lost.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Channel } from "../../../bridge/hub/channel.ts";
import { batchSequences, readBatchHeader, recordType, splitMessage } from "../../../bridge/layout/record.ts";
import { readStamp } from "../../../bridge/layout/link-records.ts";
import { LINK_RECORD } from "../../../bridge/model/client-link.ts";
import type { LedgerEntry } from "../../../bridge/session/messages.ts";
import { EPOCH } from "../../support/hub.ts";
import { batchRecord, join } from "../../support/records.ts";
import { SessionBench, type Client } from "../../support/session.ts";

/** A wide state: its angle is a saw over ten samples, its speed the sequence; a millisecond apart. */
function publish(bench: SessionBench, channel: Channel, first: number, count: number): void {
  const samples = Array.from(
    { length: count },
    (_, i) => new Uint8Array(new Float64Array([(first + i) % 10, first + i]).buffer),
  );
  const record = batchRecord({
    stream: channel.source.id,
    schema: channel.schema?.id ?? 0,
    epoch: channel.epoch,
    first,
    samples,
    time: BigInt(first) * 1_000_000n,
  });
  bench.take(channel, record);
  bench.hub.settle();
  bench.clock.advance(8);
}

function setUp(): { bench: SessionBench; client: Client; channel: Channel } {
  const bench = new SessionBench();
  bench.connect();
  const channel = bench.struct("state", { type: "wide_state" });
  return { bench, client: bench.enter(), channel };
}

function subscribe(client: Client, body: Record<string, unknown>): Record<string, unknown>[] {
  return client.ask({ op: "subscribe", channels: ["motor/state"], ...body });
}

/** The batches that came since the last call. */
function batches(client: Client): Uint8Array[] {
  return client.connection.sent
    .splice(0)
    .flatMap((message) => ("records" in message ? splitMessage(join(...message.records)) : []))
    .filter((record) => recordType(record) === 1);
}

const sequences = (client: Client): number[] => batches(client).flatMap((batch) => [...batchSequences(batch)]);

const ledger = (client: Client): LedgerEntry => {
  client.connection.sent.splice(0);
  return (client.result({ op: "ledger" })["streams"] as LedgerEntry[])[0]!;
};

describe("a thinned subscription", () => {
  it("with maxHz gets samples that far apart, over batches too, and no gap for the others", () => {
    const { bench, client, channel } = setUp();
    subscribe(client, { maxHz: 200 });
    client.connection.sent.splice(0);
    for (let first = 0; first < 28; first += 7) publish(bench, channel, first, 7);
    assert.deepEqual(sequences(client), [0, 5, 10, 15, 20, 25]);
    const { due, delivered, skipped, lost } = ledger(client);
    assert.deepEqual({ due, delivered, skipped, lost }, { due: 28, delivered: 6, skipped: 22, lost: {} });
  });

  it("is told of what is really lost", () => {
    const { bench, client, channel } = setUp();
    subscribe(client, { maxHz: 200 });
    publish(bench, channel, 0, 7);
    channel.lose({ epoch: EPOCH, from: 7, to: 8, count: 2, reason: "ring_full" });
    publish(bench, channel, 9, 7);
    assert.deepEqual(ledger(client).lost, { ring_full: 2 });
  });

  it("with minmax gets the extremes of each column, and the open one when nothing comes any more", () => {
    const { bench, client, channel } = setUp();
    subscribe(client, { delivery: "minmax", columnMs: 20, fields: ["angle"] });
    client.connection.sent.splice(0);
    publish(bench, channel, 0, 25);
    assert.deepEqual(sequences(client), [0, 9, 19]);
    bench.hub.beat();
    assert.deepEqual(sequences(client), []);
    bench.hub.beat();
    assert.deepEqual(sequences(client), [20, 24]);
    bench.hub.beat();
    assert.deepEqual(sequences(client), []);
  });

  it("hands out the open column before a loss and at the end", () => {
    const { bench, client, channel } = setUp();
    subscribe(client, { delivery: "minmax", columnMs: 1000 });
    client.connection.sent.splice(0);
    publish(bench, channel, 0, 5);
    channel.lose({ epoch: EPOCH, from: 5, to: 8, count: 4, reason: "link_full" });
    bench.hub.settle();
    publish(bench, channel, 9, 2);
    bench.disconnect();
    const story = client.connection.sent.splice(0).map((message) => {
      if ("text" in message) return (JSON.parse(message.text) as { op: string }).op;
      const record = splitMessage(join(...message.records)).at(-1)!;
      return recordType(record) === 1 ? [...batchSequences(record)].join() : "gap";
    });
    assert.deepEqual(story, ["0,4", "gap", "9,10", "end"]);
  });

  it("with fields gets a struct of these alone, whose layout comes first", () => {
    const { bench, client, channel } = setUp();
    const messages = subscribe(client, { fields: ["speed"] });
    assert.deepEqual(
      messages.map(({ op }) => op),
      ["result", "schema", "stream"],
    );
    const { blob } = messages[1] as { blob: { types: Record<string, { f: { n: string }[] }> } };
    assert.deepEqual(
      blob.types["wide_state"]?.f.map(({ n }) => n),
      ["speed"],
    );
    publish(bench, channel, 0, 3);
    const [batch] = batches(client);
    const header = readBatchHeader(batch!);
    assert.equal(header.size, 8);
    assert.equal(header.schema, messages[1]?.["schema"]);
    assert.equal(header.stream, messages[2]?.["stream"]);
    const values = new Float64Array(batch!.slice(-24).buffer);
    assert.deepEqual([...values], [0, 1, 2]);
  });

  it("with fields and json gets text of these alone, and the newest sample too when it asks for it", () => {
    const { bench, client, channel } = setUp();
    publish(bench, channel, 0, 3);
    const messages = subscribe(client, { fields: ["speed"], encoding: "json", last: true });
    const { samples } = messages.at(-1) as { samples: { value: unknown }[] };
    assert.deepEqual(
      samples.map(({ value }) => value),
      [{ speed: 2 }],
    );
  });

  it("with latest and maxHz gets the newest at most so often, and the last one in any case", () => {
    const { bench, client, channel } = setUp();
    subscribe(client, { delivery: "latest", maxHz: 10 });
    client.connection.sent.splice(0);
    for (let i = 0; i < 30; i++) publish(bench, channel, i, 1); // over 240 ms
    bench.clock.advance(1000);
    assert.deepEqual(sequences(client), [0, 12, 24, 29]);
  });

  it("shares its work with everybody who wants the same", () => {
    const { bench, client, channel } = setUp();
    const other = bench.enter();
    for (const each of [client, other]) subscribe(each, { fields: ["speed", "angle"], maxHz: 100 });
    for (const each of [client, other]) each.connection.sent.splice(0);
    publish(bench, channel, 0, 20);
    const [a, b] = [client, other].map(({ connection }) => connection.sent.at(-1));
    assert.ok(a !== undefined && "records" in a && b !== undefined && "records" in b);
    assert.equal(a.records, b.records);
  });

  it("leaves nothing behind when it ends, however many forms are asked for", () => {
    const { bench, client, channel } = setUp();
    for (let i = 1; i <= 1000; i++) {
      const [answer] = subscribe(client, { maxHz: i });
      const { subscription } = answer?.["result"] as { subscription: number };
      client.ask({ op: "unsubscribe", subscription });
    }
    assert.equal(channel.streamCount, 1);
    publish(bench, channel, 0, 1);
    assert.equal(client.session.state.streams, 0);
  });

  it("that cannot be had is refused when the channel was named, and left out where a pattern matched", () => {
    const { bench, client } = setUp();
    bench.json("events");
    const code = (body: Record<string, unknown>): string => {
      const [answer] = client.ask({ op: "subscribe", ...body });
      return (answer?.["error"] as { code: string }).code;
    };
    assert.equal(code({ channels: ["motor/state"], fields: ["angel"] }), "unknown_field");
    assert.equal(code({ channels: ["motor/events"], fields: ["angle"] }), "invalid_argument");
    assert.equal(code({ channels: ["motor/events"], delivery: "minmax", columnMs: 10 }), "invalid_argument");
    const messages = client.ask({ op: "subscribe", channels: ["motor/*"], fields: ["angle"] });
    assert.deepEqual(
      messages.flatMap((message) => (message["op"] === "stream" ? [message["channel"]] : [])),
      ["motor/state"],
    );
  });

  it("ends while its channel lacks a field, and goes on when it has it again", () => {
    const { bench, client } = setUp();
    subscribe(client, { fields: ["speed"] });
    client.connection.sent.splice(0);
    for (const [life, type] of [
      [1n, "state"],
      [2n, "wide_state"],
    ] as const) {
      bench.disconnect();
      bench.connect(EPOCH + life);
      bench.struct("state", { epoch: EPOCH + life, type });
    }
    const told = client.connection.texts().map(({ op, previous }) => [op, previous]);
    assert.deepEqual(told, [
      ["end", undefined],
      ["schema", undefined],
      ["restart", String(EPOCH)],
    ]);
  });

  for (const [what, body] of [
    ["a rate of zero", { maxHz: 0 }],
    ["a negative rate", { maxHz: -5 }],
    ["a rate beyond the bound", { maxHz: 10_001 }],
    ["columns without a width", { delivery: "minmax" }],
    ["columns of no width", { delivery: "minmax", columnMs: 0 }],
    ["columns of negative width", { delivery: "minmax", columnMs: -1 }],
    ["a width without columns", { columnMs: 10 }],
    ["columns at a rate", { delivery: "minmax", columnMs: 10, maxHz: 10 }],
  ] as const) {
    it(`refuses ${what} with a word about it, and subscribes to nothing`, () => {
      const { client } = setUp();
      const [answer] = subscribe(client, body);
      const { code, message } = answer?.["error"] as { code: string; message: string };
      assert.equal(code, "invalid_argument");
      assert.match(message, /maxHz|columnMs/);
      assert.equal(client.session.state.subscriptions, 0);
    });
  }
});

describe("a stamp", () => {
  it("stands before the batch whose reading it dates, ten times a second at most", () => {
    const { bench, client, channel } = setUp();
    subscribe(client, {});
    client.connection.sent.splice(0);
    const before = bench.clock.now();
    for (let i = 0; i < 50; i++) publish(bench, channel, i, 1); // over 400 ms
    const messages = client.connection.sent.flatMap((message) => ("records" in message ? [message.records] : []));
    const stamps = messages.filter(([first]) => recordType(first!) === LINK_RECORD.stamp);
    assert.equal(stamps.length, 4);
    assert.equal(messages[0], stamps[0]);
    const { stream, read, sent } = readStamp(stamps[0]![0]!);
    assert.deepEqual(
      [stream, read, sent],
      [channel.source.id, BigInt(before) * 1_000_000n, BigInt(before) * 1_000_000n],
    );
  });
});
