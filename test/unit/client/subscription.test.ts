// SPDX-License-Identifier: MIT
// What a subscription brings: batches, losses, restarts and ends, over connections too.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Delivery } from "../../../bridge/client/delivery.ts";
import type { StateEvent } from "../../../bridge/client/events.ts";
import type { Client } from "../../../bridge/client/client.ts";
import type { Subscription } from "../../../bridge/client/subscription.ts";
import { gap, OTHER_SCHEMA, payloadBatch, range, READING_SCHEMA, readingBatch } from "../../support/batches.ts";
import { announce, arrived, withClient } from "../../support/scripted-client.ts";

const EPOCH = 11n;
const head = { stream: 3, schema: 7, epoch: EPOCH };

/** The next so many deliveries, in short. */
async function read(subscription: Subscription, count: number): Promise<string[]> {
  const iterator = subscription[Symbol.asyncIterator]();
  const seen: string[] = [];
  while (seen.length < count) {
    const next = await iterator.next();
    if (next.done === true) return [...seen, "done"];
    seen.push(brief(next.value));
  }
  return seen;
}

function brief(delivery: Delivery): string {
  switch (delivery.kind) {
    case "batch":
      return `batch ${String(delivery.first)}-${String(delivery.last)}`;
    case "lost": {
      const { from, to, count, reason, epoch } = delivery.loss;
      return `lost ${String(from)}-${String(to)} (${String(count)}) ${reason} of ${String(epoch)}`;
    }
    case "restart":
      return `restart ${String(delivery.previous)} -> ${String(delivery.epoch)}`;
    case "end":
      return `end ${delivery.reason}`;
  }
}

function nextState(client: Client): Promise<StateEvent> {
  return new Promise((resolve) => {
    const stop = client.on("state", (event) => {
      stop();
      resolve(event);
    });
  });
}

describe("a subscription", () => {
  it("brings batches with columns, times and sequences", () =>
    withClient(async ({ peer, client }) => {
      const subscription = client.subscribe("rig/reading");
      const asked = await peer.answer("subscribe", { subscription: 1 });
      assert.deepEqual(asked["channels"], ["rig/reading"]);
      announce(peer, { schema: READING_SCHEMA, epoch: EPOCH, next: 10 });
      peer.records(readingBatch({ ...head, sequences: range(10, 12), timeNs: 1_700_000_000_123_456_789n }));
      for await (const delivery of subscription) {
        assert.ok(delivery.kind === "batch");
        assert.deepEqual(Object.keys(delivery.columns), ["value", "count"]);
        assert.deepEqual(delivery.columns["value"], new Float64Array([10, 11, 12]));
        assert.deepEqual(delivery.columns["count"], new BigInt64Array([-10n, -11n, -12n]));
        assert.deepEqual(delivery.sequences, new Float64Array([10, 11, 12]));
        assert.equal(delivery.timesNs[1], 1_700_000_000_124_456_789n);
        assert.ok(Math.abs((delivery.times[0] ?? 0) - 1_700_000_000_123.4568) < 0.001);
        assert.deepEqual(delivery.values()[2], { value: 12, count: -12n });
        assert.equal(delivery.layout?.type, "reading");
        assert.deepEqual(JSON.parse(delivery.json()), [
          { seq: 10, time: delivery.times[0], value: { value: 10, count: -10 } },
          { seq: 11, time: delivery.times[1], value: { value: 11, count: -11 } },
          { seq: 12, time: delivery.times[2], value: { value: 12, count: -12 } },
        ]);
        break;
      }
      assert.equal((await peer.expect("unsubscribe"))["subscription"], 1);
    }));

  it("tells gaps, and jumps that no gap explains", () =>
    withClient(async ({ peer, client }) => {
      const subscription = client.subscribe("rig/*");
      await peer.answer("subscribe", { subscription: 1 });
      announce(peer, { schema: READING_SCHEMA, epoch: EPOCH, next: 0 });
      peer.records(
        readingBatch({ ...head, sequences: range(0, 4) }),
        gap(3, EPOCH, 5, 9, 5, 1),
        readingBatch({ ...head, sequences: range(10, 14) }),
      );
      peer.records(readingBatch({ ...head, sequences: range(20, 21) }));
      assert.deepEqual(await read(subscription, 5), [
        "batch 0-4",
        "lost 5-9 (5) ring_full of 11",
        "batch 10-14",
        "lost 15-19 (5) unknown of 11",
        "batch 20-21",
      ]);
    }));

  it("does not take the skipping of latest for a loss", () =>
    withClient(async ({ peer, client }) => {
      const subscription = client.subscribe("rig/reading", { delivery: "latest", last: true });
      const asked = await peer.answer("subscribe", { subscription: 1 });
      assert.deepEqual([asked["delivery"], asked["last"]], ["latest", true]);
      announce(peer, { schema: READING_SCHEMA, epoch: EPOCH, next: 10 });
      peer.records(readingBatch({ ...head, sequences: [9] }));
      peer.records(readingBatch({ ...head, sequences: [500] }));
      assert.deepEqual(await read(subscription, 2), ["batch 9-9", "batch 500-500"]);
    }));

  it("of a stream that another reader has already gets each sample once", () =>
    withClient(async ({ peer, client }) => {
      const first = client.subscribe("rig/reading");
      await peer.answer("subscribe", { subscription: 1 });
      announce(peer, { schema: READING_SCHEMA, epoch: EPOCH, next: 0 });
      peer.records(readingBatch({ ...head, sequences: range(0, 4) }));
      const second = client.subscribe("rig/reading", { last: true });
      await peer.answer("subscribe", { subscription: 2 });
      announce(peer, { epoch: EPOCH, next: 5, subscriptions: [1, 2] });
      peer.records(readingBatch({ ...head, sequences: [4] }));
      peer.records(readingBatch({ ...head, sequences: range(4, 7) }));
      assert.deepEqual(await read(first, 2), ["batch 0-4", "batch 5-7"]);
      assert.deepEqual(await read(second, 2), ["batch 4-4", "batch 5-7"]);
    }));

  it("gets what comes in one piece with the answer to its request", () =>
    withClient(async ({ peer, client }) => {
      const subscription = client.subscribe("rig/reading");
      const { id } = await peer.expect("subscribe");
      peer.corked(() => {
        peer.result(id, { subscription: 1 });
        announce(peer, { schema: READING_SCHEMA, epoch: EPOCH, next: 0 });
        peer.records(readingBatch({ ...head, sequences: range(0, 4) }));
      });
      assert.deepEqual(await read(subscription, 1), ["batch 0-4"]);
    }));

  it("that was accepted too late is taken back at the bridge", () =>
    withClient(
      async ({ peer, client }) => {
        const subscription = client.subscribe("rig/reading");
        const refused = assert.rejects(subscription.ready, { code: "timeout" });
        const { id } = await peer.expect("subscribe");
        await refused;
        peer.result(id, { subscription: 5 });
        assert.equal((await peer.expect("unsubscribe"))["subscription"], 5);
      },
      { timeoutMs: 4000 }, // also what the connection may take
    ));

  it("brings JSON channels as parsed values and byte channels as bytes", () =>
    withClient(async ({ peer, client }) => {
      const subscription = client.subscribe(["rig/notes", "rig/image"]);
      await peer.answer("subscribe", { subscription: 1 });
      const stream = { op: "stream", schema: null, epoch: "11", next: 0, subscriptions: [1] } as const;
      peer.send({ ...stream, stream: 4, channel: "rig/notes", kind: "json", contentType: null });
      peer.send({ ...stream, stream: 5, channel: "rig/image", kind: "bytes", contentType: "image/png" });
      const json = { stream: 4, schema: 0, epoch: EPOCH, sequences: [0, 1] };
      peer.records(payloadBatch(json, ['{"a":1}', "[2]"]), payloadBatch({ ...json, stream: 5 }, ["abc", ""]));
      const iterator = subscription[Symbol.asyncIterator]();
      const notes = (await iterator.next()).value as Delivery;
      const image = (await iterator.next()).value as Delivery;
      assert.ok(notes.kind === "batch" && image.kind === "batch");
      assert.deepEqual(notes.values(), [{ a: 1 }, [2]]);
      assert.deepEqual(notes.columns, {});
      assert.equal(image.contentType, "image/png");
      assert.deepEqual(
        image.payloads().map((payload) => Buffer.from(payload).toString()),
        ["abc", ""],
      );
      assert.match(image.json(), /"value":"YWJj"/);
    }));

  it("shows a restart and reads what follows with the new layout", () =>
    withClient(async ({ peer, client }) => {
      const subscription = client.subscribe("rig/reading");
      await peer.answer("subscribe", { subscription: 1 });
      announce(peer, { schema: READING_SCHEMA, epoch: EPOCH, next: 0 });
      peer.records(readingBatch({ ...head, sequences: range(0, 4) }));
      peer.send({ op: "end", stream: 3, channel: "rig/reading", reason: "disconnected" });
      peer.send({ op: "schema", schema: 8, type: "reading", blob: OTHER_SCHEMA });
      const restart = { op: "restart", stream: 3, channel: "rig/reading", schema: 8, previous: "11" } as const;
      peer.send({ ...restart, epoch: "12", next: 2 });
      peer.records(readingBatch({ stream: 3, schema: 8, epoch: 12n, sequences: range(2, 3) }));
      const iterator = subscription[Symbol.asyncIterator]();
      const seen: Delivery[] = [];
      while (seen.length < 5) seen.push((await iterator.next()).value as Delivery);
      assert.deepEqual(seen.map(brief), [
        "batch 0-4",
        "end disconnected",
        "restart 11 -> 12",
        "lost 0-1 (2) disconnected of 12",
        "batch 2-3",
      ]);
      const [old, , , , fresh] = seen;
      assert.ok(old?.kind === "batch" && fresh?.kind === "batch");
      assert.deepEqual(Object.keys(old.columns), ["value", "count"]);
      assert.deepEqual(Object.keys(fresh.columns), ["wide"]);
      assert.equal(fresh.columns["wide"]?.length, 8);
    }));

  for (const delivery of ["queue", "latest"] as const) {
    it(`with ${delivery} goes on when its channel is withdrawn and advertised anew in the same life`, () =>
      withClient(async ({ peer, client }) => {
        const subscription = client.subscribe("rig/reading", { delivery });
        await peer.answer("subscribe", { subscription: 1 });
        announce(peer, { schema: READING_SCHEMA, epoch: EPOCH, next: 0 });
        peer.records(readingBatch({ ...head, sequences: range(0, 4) }));
        peer.send({ op: "end", stream: 3, channel: "rig/reading", reason: "withdrawn" });
        announce(peer, { epoch: EPOCH, next: 0 });
        peer.records(readingBatch({ ...head, sequences: range(0, 2) }));
        peer.records(readingBatch({ ...head, sequences: range(3, 7) }));
        const seen = await read(subscription, 5);
        assert.deepEqual(seen, ["batch 0-4", "end withdrawn", "restart 11 -> 11", "batch 0-2", "batch 3-7"]);
      }));
  }

  it("is refused: its loop throws, and ready rejects", () =>
    withClient(async ({ peer, client }) => {
      const subscription = client.subscribe("rig/nothing");
      peer.refuse((await peer.expect("subscribe")).id, "unknown_channel", "there is no such channel");
      await assert.rejects(read(subscription, 1), { code: "unknown_channel" });
      await assert.rejects(subscription.ready, { code: "unknown_channel" });
    }));

  it("ends its loop when it is closed, and when its signal aborts", () =>
    withClient(async ({ peer, client }) => {
      const controller = new AbortController();
      const [first, second] = [client.subscribe("a"), client.subscribe("b", { signal: controller.signal })];
      await peer.answer("subscribe", { subscription: 1 });
      await peer.answer("subscribe", { subscription: 2 });
      await Promise.all([first.ready, second.ready]);
      const [reading, aborted] = [read(first, 1), read(second, 1)];
      first.close();
      controller.abort();
      assert.deepEqual([await reading, await aborted], [["done"], ["done"]]);
      assert.equal((await peer.expect("unsubscribe"))["subscription"], 1);
      assert.equal((await peer.expect("unsubscribe"))["subscription"], 2);
    }));

  it("ends its loop when the client is closed", () =>
    withClient(async ({ peer, client }) => {
      const reading = read(client.subscribe("a"), 1);
      await peer.answer("subscribe", { subscription: 1 });
      await client.close();
      assert.deepEqual(await reading, ["done"]);
      await assert.rejects(read(client.subscribe("b"), 1), { code: "closed" });
    }));

  it("loses the oldest batches when its reader is slow, and says so", () =>
    withClient(async ({ peer, client }) => {
      const subscription = client.subscribe("rig/reading", { queueBatches: 2 });
      await peer.answer("subscribe", { subscription: 1 });
      announce(peer, { schema: READING_SCHEMA, epoch: EPOCH, next: 0 });
      for (let i = 0; i < 5; i++) peer.records(readingBatch({ ...head, sequences: range(i * 2, i * 2 + 1) }));
      await arrived(peer, client);
      assert.equal(subscription.dropped, 6);
      assert.deepEqual(await read(subscription, 3), ["lost 0-5 (6) slow_reader of 11", "batch 6-7", "batch 8-9"]);
    }));
});

describe("a subscription across connections", () => {
  it("goes on by itself and tells what it missed of the same life", () =>
    withClient(async ({ bridge, peer, client }) => {
      const subscription = client.subscribe("rig/reading", { last: true });
      await peer.answer("subscribe", { subscription: 1 });
      announce(peer, { schema: READING_SCHEMA, epoch: EPOCH, next: 0 });
      peer.records(readingBatch({ ...head, sequences: range(0, 4) }));
      await arrived(peer, client);
      peer.drop();
      const next = await bridge.peer();
      await next.welcome();
      const asked = await next.answer("subscribe", { subscription: 9 });
      assert.deepEqual([asked["last"], asked["wait"]], [false, true]);
      announce(next, { stream: 5, schema: READING_SCHEMA, epoch: EPOCH, next: 8, subscriptions: [9] });
      next.records(readingBatch({ ...head, stream: 5, sequences: range(8, 9) }));
      assert.deepEqual(await read(subscription, 3), ["batch 0-4", "lost 5-7 (3) disconnected of 11", "batch 8-9"]);
    }));

  it("tells that the producer began anew meanwhile", () =>
    withClient(async ({ bridge, peer, client }) => {
      const subscription = client.subscribe("rig/reading");
      await peer.answer("subscribe", { subscription: 1 });
      announce(peer, { schema: READING_SCHEMA, epoch: EPOCH, next: 0 });
      peer.records(readingBatch({ ...head, sequences: range(0, 4) }));
      await arrived(peer, client);
      peer.drop();
      const next = await bridge.peer();
      await next.welcome();
      await next.answer("subscribe", { subscription: 1 });
      announce(next, { schemaId: 2, schema: OTHER_SCHEMA, epoch: 12n, next: 3 });
      next.records(readingBatch({ stream: 3, schema: 2, epoch: 12n, sequences: [3] }));
      assert.deepEqual(await read(subscription, 4), [
        "batch 0-4",
        "restart 11 -> 12",
        "lost 0-2 (3) disconnected of 12",
        "batch 3-3",
      ]);
    }));

  it("is made when the connection is back, if it was asked for in between", () =>
    withClient(async ({ bridge, peer, client }) => {
      const lost = nextState(client);
      peer.drop();
      await lost;
      const subscription = client.subscribe("rig/reading");
      const next = await bridge.peer();
      await next.welcome();
      await next.answer("subscribe", { subscription: 1 });
      await subscription.ready;
    }));

  for (const [what, records, code] of [
    ["a batch before its layout", [readingBatch({ ...head, schema: 99, sequences: [0] })], "bad_record"],
    ["a batch of another life", [readingBatch({ ...head, epoch: 5n, sequences: [0] })], "bad_record"],
    ["payloads on a struct channel", [payloadBatch({ ...head, schema: 0, sequences: [0] }, ["1"])], "bad_record"],
    ["bytes that are no record", [new Uint8Array(16)], "bad_record"],
  ] as const) {
    it(`gives up a bridge that sends ${what}, and connects again`, () =>
      withClient(async ({ bridge, peer, client }) => {
        client.subscribe("rig/reading");
        await peer.answer("subscribe", { subscription: 1 });
        announce(peer, { schema: READING_SCHEMA, epoch: EPOCH, next: 0 });
        const lost = nextState(client);
        peer.records(...records);
        const { state, error } = await lost;
        assert.deepEqual([state, error?.code], ["connecting", code]);
        await (await bridge.peer()).welcome();
      }));
  }
});
