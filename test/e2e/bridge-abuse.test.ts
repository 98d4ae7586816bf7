// SPDX-License-Identifier: MIT
// Peers that ask too much, over real sockets: they are bounded, counted and told so, and nobody else notices.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { batchSequences, recordType } from "../../bridge/layout/record.ts";
import { startTestBridge, type TestBridge } from "../support/bridge.ts";
import * as says from "../support/driver-records.ts";
import { temporaryFolders } from "../support/folder.ts";
import { ForeignDriver, type ForeignLink } from "../support/foreign-driver.ts";
import { batchRecord, doubles, gapRecord } from "../support/records.ts";
import { schemaBlob } from "../support/schemas.ts";
import { samplesOf, WireClient, type Message } from "../support/wire-client.ts";

const EPOCH = 1_763_600_000_000_000_000n;

describe("a bridge with peers that ask too much", () => {
  const newFolder = temporaryFolders();
  const closing: (() => Promise<unknown>)[] = [];
  let started: TestBridge;
  let link: ForeignLink;
  let healthy: WireClient;

  beforeEach(async () => {
    const folder = newFolder();
    mkdirSync(join(folder, "drivers"), { mode: 0o700 });
    const driver = await ForeignDriver.listen(join(folder, "drivers", "foreign.sock"), (each) => {
      each.say(says.hello({ epoch: EPOCH, schema: schemaBlob() }), says.advertise());
    });
    closing.push(() => driver.die());
    const arrival = driver.arrival();
    started = await startTestBridge(folder);
    closing.push(() => started.bridge.stop());
    link = await arrival;
    healthy = await enter();
    await healthy.ask({ op: "subscribe", channels: ["foreign/state"], wait: true });
    await healthy.next(({ op }) => op === "stream");
  });

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function enter(): Promise<WireClient> {
    const client = await WireClient.enter(started.bridge.url, started.bridge.token);
    closing.push(() => {
      client.ws.terminate();
      return client.closed;
    });
    return client;
  }

  function publish(first: number, count: number, time = 0n): void {
    link.say(
      batchRecord({ stream: 1, epoch: EPOCH, first, samples: doubles(...new Array<number>(count).fill(1)), time }),
    );
  }

  /** The sequences that a client got up to `last`, once that has come. */
  async function sequencesUntil(client: WireClient, last: number): Promise<number[]> {
    for (;;) {
      const batches = client.came
        .flatMap((message) => (message instanceof Uint8Array ? samplesOf(message) : []))
        .filter((record) => recordType(record) === 1);
      const sequences = batches.flatMap((batch) => [...batchSequences(batch)]);
      const at = sequences.indexOf(last);
      if (at >= 0) return sequences.slice(0, at + 1);
      await client.change();
    }
  }

  const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

  it("refuses the subscriptions beyond the bound of a session that asks for ten thousand", async () => {
    const greedy = await enter();
    const codes = new Map<string, number>();
    const answers = Array.from({ length: 10_000 }, (_, i) =>
      greedy.ask({ op: "subscribe", channels: ["foreign/*"], maxHz: (i % 9999) + 1 }).then(
        () => "subscribed",
        (error: unknown) => (error as { code: string }).code,
      ),
    );
    publish(0, 100);
    for (const code of await Promise.all(answers)) codes.set(code, (codes.get(code) ?? 0) + 1);
    assert.deepEqual(Object.fromEntries(codes), { subscribed: 256, busy: 9744 });
    publish(100, 100);
    assert.deepEqual(await sequencesUntil(healthy, 199), upTo(200));
  });

  it("says what is wrong with a negative rate, and goes on", async () => {
    await assert.rejects(healthy.ask({ op: "subscribe", channels: ["foreign/state"], maxHz: -1 }), {
      code: "invalid_argument",
    });
    publish(0, 3);
    assert.deepEqual(await sequencesUntil(healthy, 2), [0, 1, 2]);
  });

  it("hands on a driver whose clock jumps, and its thinned readers go on in both directions", async () => {
    const [rate, columns] = [await enter(), await enter()];
    await rate.ask({ op: "subscribe", channels: ["foreign/state"], maxHz: 1000 });
    await columns.ask({ op: "subscribe", channels: ["foreign/state"], delivery: "minmax", columnMs: 1 });
    const hourNs = 3_600_000_000_000n;
    for (const [i, time] of [0n, -hourNs, hourNs, 2n ** 62n, 0n].entries()) publish(i * 10, 10, time);
    assert.deepEqual(await sequencesUntil(healthy, 49), upTo(50));
    assert.deepEqual(await sequencesUntil(rate, 49), upTo(50));
    publish(50, 1, hourNs);
    assert.deepEqual(await sequencesUntil(columns, 49), upTo(50));
    const { drivers } = await healthy.ask<{ drivers: { latency: { p99Ms: number } }[] }>({ op: "status" });
    assert.equal(typeof drivers[0]?.latency.p99Ms, "number");
  });

  it("reads a driver that sends one byte at a time", async () => {
    const record = batchRecord({ stream: 1, epoch: EPOCH, first: 0, samples: doubles(1, 2, 3) });
    for (const byte of record) {
      link.say(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual(await sequencesUntil(healthy, 2), [0, 1, 2]);
  });

  it("counts what a driver says it dropped, and shows it in the ledger, the status and the metrics", async () => {
    publish(0, 10);
    link.say(gapRecord(1, EPOCH, 10, 14, 1), batchRecord({ stream: 1, epoch: EPOCH, first: 15, samples: doubles(1) }));
    await sequencesUntil(healthy, 15);
    const { streams } = await healthy.ask<{ streams: Message[] }>({ op: "ledger" });
    assert.deepEqual(
      [streams[0]?.["due"], streams[0]?.["delivered"], streams[0]?.["lost"]],
      [16, 11, { ring_full: 5 }],
    );
    const { channels, samples } = await healthy.ask<{ channels: Message[]; samples: Message }>({ op: "status" });
    assert.deepEqual([channels[0]?.["received"], channels[0]?.["lost"]], [11, { ring_full: 5 }]);
    assert.deepEqual(samples, { delivered: 11, lost: { ring_full: 5 } });
    const { url, token } = started.bridge;
    const metrics = await (await fetch(`${url}/metrics`, { headers: { Authorization: `Bearer ${token}` } })).text();
    assert.match(metrics, /^structwire_lost_samples_total\{reason="ring_full"\} 5$/m);
    assert.match(metrics, /^structwire_channel_received_samples_total\{channel="foreign\/state"\} 11$/m);
    assert.match(
      metrics,
      /^structwire_driver_latency_seconds\{driver="foreign",address="[^"]+",quantile="0.99"\} \S+$/m,
    );
  });
});
