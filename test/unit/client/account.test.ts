// SPDX-License-Identifier: MIT
// The account of a subscription adds up at any time: delivered, waiting, skipped and lost.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { accountText, lossText, lostOf, type Account } from "../../../bridge/client/account.ts";
import type { Client } from "../../../bridge/client/client.ts";
import type { SubscribeOptions } from "../../../bridge/client/options.ts";
import type { Subscription } from "../../../bridge/client/subscription.ts";
import { gap, range, READING_SCHEMA, readingBatch } from "../../support/batches.ts";
import type { Peer } from "../../support/scripted-bridge.ts";
import { announce, arrived, withClient } from "../../support/scripted-client.ts";

const EPOCH = 11n;
const head = { stream: 3, schema: 7, epoch: EPOCH };

/** Subscribes; the bridge announces the channel at sequence 10. */
async function open(peer: Peer, client: Client, options: SubscribeOptions = {}): Promise<Subscription> {
  const subscription = client.subscribe("rig/reading", options);
  await peer.answer("subscribe", { subscription: 1 });
  announce(peer, { schema: READING_SCHEMA, epoch: EPOCH, next: 10 });
  return subscription;
}

/** Reads so many deliveries. */
async function read(subscription: Subscription, count: number): Promise<void> {
  const iterator = subscription[Symbol.asyncIterator]();
  for (let i = 0; i < count; i++) await iterator.next();
}

function addsUp(account: Account): void {
  const { due, delivered, waiting, skipped, lost } = account;
  assert.equal(due, delivered + waiting + skipped + lostOf(lost));
}

describe("the account of a subscription", () => {
  it("says where each sample went, and adds up at any time", () =>
    withClient(async ({ peer, client }) => {
      const subscription = await open(peer, client, { queueBatches: 2 });
      peer.records(readingBatch({ ...head, sequences: range(10, 14) }), gap(3, EPOCH, 15, 24, 10, 1));
      peer.records(readingBatch({ ...head, sequences: range(25, 29) }));
      await read(subscription, 2);
      addsUp(subscription.account);
      for (let i = 0; i < 5; i++) peer.records(readingBatch({ ...head, sequences: range(30 + i * 2, 31 + i * 2) }));
      await arrived(peer, client);
      // Of the six batches that were not read two may wait.
      assert.deepEqual(subscription.account, {
        due: 30,
        delivered: 5,
        waiting: 4,
        skipped: 0,
        lost: { ring_full: 10, slow_reader: 11 },
      });
    }));

  it("counts over connections and lives", () =>
    withClient(async ({ bridge, peer, client }) => {
      const subscription = await open(peer, client);
      peer.records(readingBatch({ ...head, sequences: range(10, 14) }));
      await read(subscription, 1);
      peer.drop();
      const next = await bridge.peer();
      await next.welcome();
      await next.answer("subscribe", { subscription: 1 });
      announce(next, { schema: READING_SCHEMA, epoch: EPOCH, next: 20 });
      next.send({ op: "restart", stream: 3, channel: "rig/reading", schema: 7, epoch: "12", previous: "11", next: 1 });
      next.records(readingBatch({ ...head, epoch: 12n, sequences: [1, 2] }));
      await arrived(next, client);
      const { account } = subscription;
      assert.deepEqual(account, { due: 13, delivered: 5, waiting: 2, skipped: 0, lost: { disconnected: 6 } });
      assert.equal(accountText(account), "lost 6 of 13: 6 while disconnected");
    }));

  it("takes for skipped what thinning leaves out, and not what is lost beside it", () =>
    withClient(async ({ peer, client }) => {
      const subscription = await open(peer, client, { delivery: "minmax", columnMs: 10 });
      peer.records(readingBatch({ ...head, sequences: [10, 14, 19] }), gap(3, EPOCH, 20, 39, 3, 3));
      peer.records(readingBatch({ ...head, sequences: [40, 49] }));
      await arrived(peer, client);
      const { account } = subscription;
      assert.deepEqual({ waiting: account.waiting, lost: account.lost }, { waiting: 5, lost: { slow_reader: 3 } });
      assert.equal(account.due, 40);
      addsUp(account);
    }));

  it("loses nothing with latest", () =>
    withClient(async ({ peer, client }) => {
      const subscription = await open(peer, client, { delivery: "latest" });
      peer.records(readingBatch({ ...head, sequences: [15] }));
      peer.records(readingBatch({ ...head, sequences: [99] }));
      await arrived(peer, client);
      assert.deepEqual(subscription.account, { due: 90, delivered: 0, waiting: 2, skipped: 88, lost: {} });
    }));
});

describe("the words for an account", () => {
  it("are complete, or how many are lost and where", () => {
    assert.equal(accountText({ due: 5, lost: {} }), "complete");
    assert.equal(accountText({ due: 5, lost: { ring_full: 0 } }), "complete");
    const lost = { ring_full: 2, slow_reader: 7 };
    assert.equal(accountText({ due: 90, lost }), "lost 9 of 90: 7 this reader was too slow, 2 in the driver's ring");
    assert.equal(lossText({ link_full: 1, disconnected: 0 }), "1 between driver and bridge");
  });
});
