// SPDX-License-Identifier: MIT
// Programs that publish JSON and bytes to each other through a real bridge.
import assert from "node:assert/strict";
import { after, afterEach, beforeEach, describe, it } from "mocha";
import {
  connect,
  type Batch,
  type Client,
  type Delivery,
  type Publisher,
  type Subscription,
} from "../../bridge/index.ts";
import { startTestBridge, type TestBridge } from "../support/bridge.ts";
import { RuntimeFolder } from "../support/driver-program.ts";
import { Relay } from "../support/relay.ts";

/** The batches of a subscription until so many samples have come. */
async function batchesOf(subscription: Subscription, count: number): Promise<Batch[]> {
  const batches: Batch[] = [];
  let left = count;
  for await (const delivery of subscription) {
    if (delivery.kind !== "batch") continue;
    batches.push(delivery);
    left -= delivery.count;
    if (left <= 0) break;
  }
  return batches;
}

const valuesOf = (batches: readonly Batch[]): unknown[] => batches.flatMap((batch) => batch.values());

describe("channels of programs", () => {
  const runtime = new RuntimeFolder();
  let test: TestBridge;
  let clients: Client[] = [];

  beforeEach(async () => {
    test = await startTestBridge(runtime.path);
  });

  afterEach(async () => {
    for (const client of clients) await client.close();
    clients = [];
    await test.bridge.stop();
  });

  after(() => {
    runtime.remove();
  });

  async function join(name: string, url: string = test.bridge.pageUrl): Promise<Client> {
    const client = await connect({ url, client: name });
    clients.push(client);
    return client;
  }

  it("carry every value in order, with its sender, and give one turn's values as one batch", async () => {
    const [writer, reader] = [await join("writer"), await join("reader")];
    const subscription = reader.subscribe("data", { wait: true });
    await subscription.ready;
    const out = writer.publisher<{ readonly i: number }>("data");
    for (let i = 0; i < 5000; i++) assert.equal(out.publish({ i }), true);
    await out.flush();
    const batches = await batchesOf(subscription, 5000);
    assert.deepEqual(
      valuesOf(batches),
      Array.from({ length: 5000 }, (_, i) => ({ i })),
    );
    assert.equal(batches.length, 1);
    assert.deepEqual([batches[0]?.sender?.client, batches[0]?.carries, batches[0]?.first], ["writer", "json", 0]);
    assert.ok(Math.abs(batches[0]!.times[0]! - Date.now()) < 60_000);
  });

  it("give each reader what others publish, and its own only with echo", async () => {
    const [a, b] = [await join("a"), await join("b")];
    const [plain, echo] = [a.subscribe("talk", { wait: true }), a.subscribe("talk", { wait: true, echo: true })];
    await Promise.all([plain.ready, echo.ready]);
    await a.publish("talk", "mine");
    await b.publish("talk", "yours");
    assert.deepEqual(valuesOf(await batchesOf(plain, 1)), ["yours"]);
    assert.deepEqual(valuesOf(await batchesOf(echo, 2)), ["mine", "yours"]);
  });

  it("carry bytes with their content type, and a program may go on using its buffer", async () => {
    const [writer, reader] = [await join("writer"), await join("reader")];
    const subscription = reader.subscribe("camera/*");
    await subscription.ready;
    const out = writer.publisher<Uint8Array | Float32Array>("camera/frame", {
      contentType: "application/x-array; dtype=f4",
    });
    const pixels = new Float32Array([1, 2, 3]);
    out.publish(pixels, { time: 1_700_000_000_000.25 });
    pixels.fill(0);
    const [batch] = await batchesOf(subscription, 1);
    assert.deepEqual([batch?.carries, batch?.contentType], ["bytes", "application/x-array; dtype=f4"]);
    const bytes = batch?.values()[0] as Uint8Array;
    assert.deepEqual([...new Float32Array(bytes.slice().buffer)], [1, 2, 3]);
    assert.deepEqual([...batch!.times], [1_700_000_000_000.25]);
  });

  it("keep their newest value for whoever asks for the last one", async () => {
    const [writer, reader] = [await join("writer"), await join("reader")];
    const { seq, channel } = await writer.publish("state", { on: true });
    assert.deepEqual([seq, channel], [0, "state"]);
    const sample = await reader.channel<{ readonly on: boolean }>("state").latest();
    assert.deepEqual([sample?.value, sample?.seq, sample?.sender?.client], [{ on: true }, 0, "writer"]);
  });

  it("refuse a value that cannot be sent where it is published, and publish the others", async () => {
    const writer = await join("writer");
    const out = writer.publisher("data");
    assert.throws(() => out.publish({ f: () => 1 }), { code: "bad_value" });
    assert.throws(() => out.publish("x".repeat(1_048_577)), { code: "message_too_large" });
    await assert.rejects(writer.publish("data", "x".repeat(1_100_000)), { code: "message_too_large" });
    out.publish(1);
    await out.flush();
    assert.equal((await writer.list()).channels[0]?.published, 1);
  });

  it("refuse another kind than others publish, to the one who asked", async () => {
    const [first, second] = [await join("first"), await join("second")];
    const out = first.publisher("data");
    await out.opened;
    const other = second.publisher("data", { kind: "bytes" });
    await assert.rejects(other.opened, { code: "name_in_use" });
    assert.throws(() => other.publish(new Uint8Array(1)), { code: "name_in_use" });
    await assert.rejects(other.flush(), { code: "name_in_use" });
    out.publish(1);
    await out.flush();
  });

  it("tell a refusal nobody waits for as a notice", async () => {
    const [first, second] = [await join("first"), await join("second")];
    await first.publisher("data").opened;
    const notice = new Promise<string>((resolve) => {
      second.on("notice", ({ code }) => {
        resolve(code);
      });
    });
    second.publisher("data", { kind: "bytes" });
    assert.equal(await notice, "name_in_use");
  });

  it("are opened again after a lost connection, with what was published meanwhile", async () => {
    const relay = new Relay(Number(new URL(test.bridge.url).port));
    await relay.mend();
    const token = new URL(test.bridge.pageUrl).hash;
    const writer = await join("writer", `http://127.0.0.1:${String(relay.port)}/${token}`);
    const reader = await join("reader");
    const subscription = reader.subscribe("data", { wait: true });
    await subscription.ready;
    const out = writer.publisher<number>("data");
    out.publish(1);
    await out.flush();
    const lost = new Promise<void>((resolve) => {
      const off = writer.on("state", () => {
        off();
        resolve();
      });
    });
    await relay.cut();
    await lost;
    out.publish(2);
    out.publish(3);
    const flushed = out.flush();
    await relay.mend();
    await flushed;
    assert.deepEqual(valuesOf(await batchesOf(subscription, 3)), [1, 2, 3]);
    await writer.close();
    await relay.cut();
  });

  it("keep the newest of what waits without a connection, and count what gave way", async () => {
    const relay = new Relay(Number(new URL(test.bridge.url).port));
    await relay.mend();
    const writer = await join("writer", `http://127.0.0.1:${String(relay.port)}/${new URL(test.bridge.pageUrl).hash}`);
    const out = writer.publisher<string>("data");
    await out.ready();
    await relay.cut();
    while (writer.state === "open") await new Promise(setImmediate);
    const text = "x".repeat(100_000);
    let hasRoom = true;
    for (let i = 0; i < 30; i++) hasRoom = out.publish(`${String(i)}${text}`);
    assert.equal(hasRoom, false);
    assert.equal(out.dropped, 20);
    await relay.mend();
    await out.flush();
    assert.equal((await writer.list()).channels[0]?.published, 10);
    await writer.close();
    await relay.cut();
  });

  it("hold neither the others nor the writer up when a reader of large bytes is slow", async () => {
    const [writer, quick, slow] = [await join("writer"), await join("quick"), await join("slow")];
    const fast = quick.subscribe("frames", { wait: true });
    const stuck = slow.subscribe("frames", { wait: true, queueBatches: 1 });
    await Promise.all([fast.ready, stuck.ready]);
    const out = writer.publisher<Uint8Array>("frames", { contentType: "image/x-raw" });
    const frames = fast[Symbol.asyncIterator]();
    for (let i = 0; i < 100; i++) {
      out.publish(new Uint8Array(300_000).fill(i));
      const next: IteratorResult<Delivery, unknown> = await frames.next();
      const frame = next.done !== true && next.value.kind === "batch" ? next.value.values()[0] : undefined;
      assert.equal((frame as Uint8Array)[0], i);
    }
    assert.equal(out.dropped, 0);
    // The slow one is told what it did not read, once all of it has come to its client or was dropped on the way.
    while (stuck.account.due < 100) await new Promise(setImmediate);
    let [seen, lost] = [0, 0];
    for await (const delivery of stuck) {
      if (delivery.kind === "batch") seen += delivery.count;
      else if (delivery.kind === "lost") lost += delivery.loss.count;
      if (seen + lost === 100) break;
    }
    assert.ok(lost > 90, String(lost));
  });

  it("are as many as one likes, and end with their client", async () => {
    const writer = await join("writer");
    const reader = await join("reader");
    const outs = Array.from({ length: 50 }, (_, i): Publisher<number> => writer.publisher<number>(`many/${String(i)}`));
    for (const [i, out] of outs.entries()) out.publish(i);
    await Promise.all(outs.map((out) => out.flush()));
    assert.equal((await reader.list()).channels.filter(({ publishers }) => publishers === 1).length, 50);
    await outs[0]!.close();
    assert.throws(() => outs[0]!.publish(1), { code: "closed" });
    await writer.close();
    assert.throws(() => outs[1]!.publish(1), { code: "closed" });
    await reader.watch();
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (reader.directory.channels.every(({ publishers }) => publishers === 0)) resolve();
      };
      reader.on("directory", look);
      look();
    });
    assert.equal(reader.directory.channels.length, 50);
  });
});
