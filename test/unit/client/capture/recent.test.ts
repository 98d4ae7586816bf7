// SPDX-License-Identifier: MIT
// The last samples of a channel, kept at hand within a bound.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { TakeAmount } from "../../../../bridge/client/capture/pieces.ts";
import type { Recent } from "../../../../bridge/client/capture/recent.ts";
import type { KeepOptions } from "../../../../bridge/client/channel.ts";
import type { Client } from "../../../../bridge/client/client.ts";
import { gap, range, READING_SCHEMA, readingBatch } from "../../../support/batches.ts";
import type { Reading, ReadingColumns } from "../../../support/captured.ts";
import type { Peer } from "../../../support/scripted-bridge.ts";
import { announce, arrived, withClient } from "../../../support/scripted-client.ts";

const EPOCH = 11n;
const START_NS = 1_700_000_000_000_000_000n;

/** Samples a millisecond apart, `from` to `to`. */
function readings(from: number, to: number, epoch = EPOCH): Uint8Array {
  const timeNs = START_NS + BigInt(from) * 1_000_000n;
  return readingBatch({ stream: 3, schema: 7, epoch, sequences: range(from, to), timeNs });
}

interface Kept {
  readonly recent: Recent<Reading, ReadingColumns>;
  readonly peer: Peer;
  readonly client: Client;
  /** Resolves once all that was sent before is kept. */
  readonly settled: () => Promise<void>;
  readonly sequences: (amount?: TakeAmount) => number[];
}

function withKept(run: (kept: Kept) => Promise<void>, amount: TakeAmount, options: KeepOptions = {}): Promise<void> {
  return withClient(async ({ peer, client }) => {
    const recent = client.channel<Reading, ReadingColumns>("rig/reading").keep(amount, options);
    await peer.answer("subscribe", { subscription: 1 });
    announce(peer, { schema: READING_SCHEMA, epoch: EPOCH, next: 0 });
    const settled = async (): Promise<void> => {
      await arrived(peer, client);
      await new Promise(setImmediate);
    };
    await run({ recent, peer, client, settled, sequences: (some) => [...(recent.last(some)?.sequences ?? [])] });
  });
}

describe("the last moments of a channel", () => {
  it("are the newest samples, so many or those of a time, as columns", () =>
    withKept(
      async ({ recent, peer, settled, sequences }) => {
        assert.equal(recent.last(), undefined);
        peer.records(readings(0, 4));
        peer.records(readings(5, 9));
        await settled();
        assert.deepEqual(sequences(3), [7, 8, 9]);
        assert.deepEqual(sequences(7), range(3, 9));
        assert.deepEqual(sequences({ ms: 3 }), [7, 8, 9]);
        assert.deepEqual(sequences({ ms: 6 }), range(4, 9));
        assert.deepEqual(sequences(), range(0, 9));
        assert.deepEqual(recent.last(2)?.columns.value, new Float64Array([8, 9]));
        assert.throws(() => recent.last(0), { code: "invalid_argument" });
      },
      { ms: 1000 },
    ));

  it("hold no more than was asked for, in whole batches, and not more bytes than allowed", async () => {
    await withKept(async ({ recent, peer, settled, sequences }) => {
      for (let from = 0; from < 100; from += 5) peer.records(readings(from, from + 4));
      await settled();
      assert.deepEqual(sequences(), range(85, 99));
      assert.equal(recent.count, 15);
      peer.records(readings(100, 101));
      await settled();
      assert.equal(recent.count, 12);
    }, 12);
    await withKept(
      async ({ recent, peer, settled }) => {
        for (let from = 0; from < 100; from += 5) peer.records(readings(from, from + 4));
        await settled();
        assert.equal(recent.count, 25);
      },
      { ms: 21 },
    );
    const { byteLength } = readings(0, 4);
    await withKept(
      async ({ peer, settled, sequences }) => {
        for (let from = 0; from < 100; from += 5) peer.records(readings(from, from + 4));
        await settled();
        assert.deepEqual(sequences(), range(90, 99));
      },
      { ms: 1000 },
      { maxBytes: 2 * byteLength },
    );
  });

  it("say what is missing between them", () =>
    withKept(async ({ recent, peer, settled }) => {
      peer.records(readings(0, 4), gap(3, EPOCH, 5, 9, 5, 1), readings(10, 14));
      await settled();
      const { lost } = recent.last() ?? {};
      assert.deepEqual(
        lost?.map(({ from, to, reason }) => [from, to, reason]),
        [[5, 9, "ring_full"]],
      );
      assert.deepEqual(recent.last(3)?.lost, []);
    }, 100));

  it("begin anew with the channel", () =>
    withKept(async ({ recent, peer, settled, sequences }) => {
      peer.records(readings(0, 4));
      peer.send({
        op: "restart",
        stream: 3,
        channel: "rig/reading",
        epoch: "12",
        previous: String(EPOCH),
        schema: 7,
        next: 0,
      });
      peer.records(readings(0, 1, 12n));
      await settled();
      assert.deepEqual(sequences(), [0, 1]);
      assert.equal(recent.last()?.epoch, 12n);
    }, 100));

  it("stay readable after the end, of which the bridge is told", () =>
    withKept(async ({ recent, peer, settled, sequences }) => {
      peer.records(readings(0, 4));
      await settled();
      recent.close();
      assert.equal((await peer.expect("unsubscribe"))["subscription"], 1);
      assert.deepEqual(sequences(2), [3, 4]);
    }, 100));

  it("throw why there are none when the bridge refused them", () =>
    withClient(async ({ peer, client }) => {
      const recent = client.channel("rig/nothing").keep(5);
      const { id } = await peer.expect("subscribe");
      peer.send({ op: "error", id, error: { code: "unknown_channel", message: `there is no channel "rig/nothing"` } });
      await assert.rejects(recent.ready, { code: "unknown_channel" });
      await new Promise(setImmediate);
      assert.throws(() => recent.last(), { code: "unknown_channel" });
    }));
});
