// SPDX-License-Identifier: MIT
// Reading one channel: batch by batch, the newest sample, or so many of them.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Batch } from "../../../bridge/client/batch.ts";
import type { Channel } from "../../../bridge/client/channel.ts";
import type { Client } from "../../../bridge/client/client.ts";
import { gap, OTHER_SCHEMA, range, READING_SCHEMA, readingBatch } from "../../support/batches.ts";
import type { Peer } from "../../support/scripted-bridge.ts";
import { announce, withClient } from "../../support/scripted-client.ts";

const EPOCH = 11n;
const START_NS = 1_700_000_000_000_000_000n;
const head = { stream: 3, schema: 7, epoch: EPOCH };

interface Reading {
  readonly value: number;
  readonly count: bigint;
}
interface ReadingColumns {
  readonly value: Float64Array;
  readonly count: BigInt64Array;
}

/** Accepts the subscription of whatever the client began to read. */
async function accept(peer: Peer, next = 0): Promise<void> {
  await peer.answer("subscribe", { subscription: 1 });
  announce(peer, { schema: READING_SCHEMA, epoch: EPOCH, next });
}

function send(peer: Peer, from: number, to: number): void {
  const timeNs = START_NS + BigInt(from) * 1_000_000n;
  peer.records(readingBatch({ ...head, sequences: range(from, to), timeNs }));
}

function reading(client: Client): Channel<Reading, ReadingColumns> {
  return client.channel<Reading, ReadingColumns>("rig/reading");
}

describe("iterating a channel", () => {
  it("gives batches, with what was lost before and whether the producer began anew", () =>
    withClient(async ({ peer, client }) => {
      const batches: Batch<Reading, ReadingColumns>[] = [];
      const loop = (async () => {
        for await (const batch of reading(client)) {
          batches.push(batch);
          if (batches.length === 3) break;
        }
      })();
      await accept(peer);
      send(peer, 0, 4);
      peer.records(gap(3, EPOCH, 5, 9, 5, 2));
      send(peer, 10, 11);
      peer.send({ op: "restart", stream: 3, channel: "rig/reading", schema: 7, epoch: "12", previous: "11", next: 0 });
      peer.records(readingBatch({ ...head, epoch: 12n, sequences: [0] }));
      await loop;
      assert.deepEqual(
        batches.map(({ lostBefore, restarted, epoch }) => [lostBefore.map((loss) => loss.count), restarted, epoch]),
        [
          [[], false, EPOCH],
          [[5], false, EPOCH],
          [[], true, 12n],
        ],
      );
      assert.equal(batches[1]?.columns.value[0], 10);
    }));
});

describe("the latest sample", () => {
  it("is the one that the bridge has", () =>
    withClient(async ({ peer, client }) => {
      const latest = reading(client).latest({ timeoutMs: 60_000 });
      await accept(peer, 43);
      send(peer, 42, 42);
      assert.deepEqual(await latest, { seq: 42, time: 1_700_000_000_042, value: { value: 42, count: -42n } });
      await peer.expect("unsubscribe");
    }));

  it("is undefined when the channel has none yet", () =>
    withClient(async ({ peer, client }) => {
      const latest = reading(client).latest({ timeoutMs: 50 });
      await accept(peer);
      assert.equal(await latest, undefined);
      await peer.expect("unsubscribe");
    }));

  it("of an unknown channel is refused", () =>
    withClient(async ({ peer, client }) => {
      const latest = reading(client).latest({ timeoutMs: 60_000 });
      peer.refuse((await peer.expect("subscribe")).id, "unknown_channel");
      await assert.rejects(latest, { code: "unknown_channel" });
    }));
});

describe("taking samples", () => {
  it("gives exactly as many as wanted, as joined columns", () =>
    withClient(async ({ peer, client }) => {
      const taking = reading(client).take(7);
      await accept(peer);
      send(peer, 0, 2);
      send(peer, 3, 9);
      const taken = await taking;
      assert.equal(taken.count, 7);
      assert.deepEqual(taken.columns.value, new Float64Array([0, 1, 2, 3, 4, 5, 6]));
      assert.deepEqual(taken.columns.count, new BigInt64Array([0n, -1n, -2n, -3n, -4n, -5n, -6n]));
      assert.deepEqual(taken.sequences, Float64Array.from(range(0, 6)));
      assert.equal(taken.times[6], 1_700_000_000_006);
      assert.equal(taken.timesNs[6], START_NS + 6_000_000n);
      assert.deepEqual(taken.values().at(-1), { value: 6, count: -6n });
      assert.deepEqual(taken.lost, []);
    }));

  it("gives the samples of a time, up to but not with its end", () =>
    withClient(async ({ peer, client }) => {
      const taking = reading(client).take({ ms: 5 });
      await accept(peer);
      send(peer, 0, 2);
      send(peer, 3, 9);
      assert.deepEqual((await taking).sequences, Float64Array.from(range(0, 4)));
    }));

  it("gives what there is when the time is over and no further sample comes", () =>
    withClient(async ({ peer, client }) => {
      const taking = reading(client).take({ ms: 20 });
      await accept(peer);
      send(peer, 0, 2);
      assert.equal((await taking).count, 3);
    }));

  it("says what is missing between the samples", () =>
    withClient(async ({ peer, client }) => {
      const taking = reading(client).take(4);
      await accept(peer);
      send(peer, 0, 1);
      peer.records(gap(3, EPOCH, 2, 5, 4, 3));
      send(peer, 6, 7);
      const { lost, sequences } = await taking;
      assert.deepEqual(sequences, new Float64Array([0, 1, 6, 7]));
      assert.deepEqual(lost, [{ epoch: EPOCH, from: 2, to: 5, count: 4, reason: "slow_reader" }]);
    }));

  it("starts over with the producer, so that all samples have one layout", () =>
    withClient(async ({ peer, client }) => {
      const taking = client.channel("rig/reading").take(3);
      await accept(peer);
      send(peer, 0, 1);
      peer.send({ op: "schema", schema: 8, type: "reading", blob: OTHER_SCHEMA });
      peer.send({ op: "restart", stream: 3, channel: "rig/reading", schema: 8, epoch: "12", previous: "11", next: 0 });
      peer.records(readingBatch({ stream: 3, schema: 8, epoch: 12n, sequences: range(0, 2) }));
      const taken = await taking;
      assert.equal(taken.epoch, 12n);
      assert.deepEqual(Object.keys(taken.columns), ["wide"]);
      assert.equal(taken.columns["wide"]?.length, 12, "four elements a sample");
    }));

  it("starts over with a channel that was withdrawn and advertised anew in the same life", () =>
    withClient(async ({ peer, client }) => {
      const taking = reading(client).take(5);
      await accept(peer);
      send(peer, 0, 2);
      peer.send({ op: "end", stream: 3, channel: "rig/reading", reason: "withdrawn" });
      announce(peer, { epoch: EPOCH, next: 0 });
      send(peer, 0, 4);
      assert.deepEqual((await taking).sequences, Float64Array.from(range(0, 4)));
    }));

  it("rejects with timeout when nothing comes, saying how many had come", () =>
    withClient(async ({ peer, client }) => {
      const taking = reading(client).take(4, { timeoutMs: 3000 });
      const refused = assert.rejects(taking, { code: "timeout", message: /rig\/reading.*3000 ms; 2 had come/ });
      await accept(peer);
      send(peer, 0, 1);
      await refused;
    }));

  it("can be given up", () =>
    withClient(async ({ peer, client }) => {
      const controller = new AbortController();
      const taking = reading(client).take(4, { signal: controller.signal });
      await accept(peer);
      controller.abort();
      await assert.rejects(taking, { code: "cancelled" });
      await assert.rejects(reading(client).take(1, { signal: controller.signal }), { code: "cancelled" });
    }));

  it("is refused for no samples at all", () =>
    withClient(async ({ client }) => {
      await assert.rejects(reading(client).take(0), { code: "invalid_argument" });
      await assert.rejects(reading(client).take({ ms: -1 }), { code: "invalid_argument" });
    }));
});
