// SPDX-License-Identifier: MIT
// The delays that a subscription measures by the bridge's stamps.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { LatencyBook, type Latency } from "../../../bridge/client/flow/latency.ts";
import type { Subscription } from "../../../bridge/client/subscription.ts";
import { writeStamp } from "../../../bridge/layout/link-records.ts";
import { READING_SCHEMA, readingBatch } from "../../support/batches.ts";
import { announce, arrived, withClient } from "../../support/scripted-client.ts";

const MS = 1_000_000n;

function measured({ latency }: Subscription): Latency {
  if (latency === undefined) throw new Error("nothing was measured yet");
  return latency;
}

describe("the latency of a subscription", () => {
  it("comes from the stamps, by the bridge's clock", () =>
    withClient(async ({ peer, client }) => {
      const subscription = client.subscribe("rig/reading");
      await peer.answer("subscribe", { subscription: 1 });
      announce(peer, { schema: READING_SCHEMA, epoch: 11n, next: 0 });
      assert.throws(() => measured(subscription));
      // The bridge is an hour ahead. Of two samples the newest, 1 ms later, is the one that is stamped.
      const timeNs = BigInt(Date.now() + 3_600_000) * MS;
      peer.records(
        writeStamp({ stream: 3, read: timeNs + 3n * MS, sent: timeNs + 8n * MS }),
        readingBatch({ stream: 3, schema: 7, epoch: 11n, sequences: [0, 1], timeNs }),
      );
      for (let i = 0; i < 8; i++) {
        const { id } = await peer.expect("ping");
        const time = performance.timeOrigin + performance.now() + 3_600_000;
        peer.result(id, { received: time, time });
      }
      await arrived(peer, client);
      const latency = measured(subscription);
      assert.equal(latency.stamps, 1);
      assert.ok(Math.abs(latency.toBridge.p50Ms - 2) < 0.01);
      assert.ok(Math.abs(latency.inBridge.p99Ms - 5) < 0.01);
      const parts = latency.toBridge.p50Ms + latency.inBridge.p50Ms + latency.toClient.p50Ms;
      assert.ok(Math.abs(latency.total.p50Ms - parts) < 0.01);
      assert.ok(latency.uncertaintyMs >= 0 && latency.total.p50Ms > -60_000 && latency.total.p50Ms < 60_000);
    }));
});

describe("the last stamps", () => {
  it("say what half and what 99 of 100 samples took, and forget the oldest", () => {
    const book = new LatencyBook();
    const offset = { offsetMs: 0, uncertaintyMs: 0.25 };
    assert.equal(book.read(offset), undefined);
    const add = (receivedMs: number): void => {
      book.add({ stamp: { stream: 1, read: 0n, sent: 0n }, publishedMs: 0, receivedMs });
    };
    for (let i = 0; i < 1000; i++) add(9999);
    for (let i = 1; i <= 512; i++) add(i);
    const latency = book.read(offset);
    assert.deepEqual(latency?.total, { p50Ms: 256, p99Ms: 507 });
    assert.deepEqual([latency.stamps, latency.uncertaintyMs], [512, 0.25]);
  });
});
