// SPDX-License-Identifier: MIT
// Samples around the crossing of a level, as an oscilloscope takes them.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { trigger, type Triggered, type TriggerSpec } from "../../../../bridge/client/capture/trigger.ts";
import {
  channelOf,
  readings,
  START_MS,
  type Reading,
  type ReadingBatch,
  type ReadingColumns,
} from "../../../support/captured.ts";

/** Up for 50 samples, then down for 50: crosses 25 between 25 and 26, and on the way down at 75. */
const triangle = (sequence: number): number => {
  const at = sequence % 100;
  return at < 50 ? at : 100 - at;
};

function run(
  batches: readonly ReadingBatch[],
  spec: Omit<TriggerSpec, "field"> & { readonly field?: string },
  timeoutMs = 1000,
): Promise<Triggered<Reading, ReadingColumns>> {
  return trigger(channelOf(batches), { field: "value", ...spec }, { timeoutMs });
}

describe("a trigger", () => {
  it("gives the samples before and behind the crossing, with the time of the crossing between two samples", async () => {
    const taken = await run([readings(0, 19, triangle), readings(20, 39, triangle), readings(40, 99, triangle)], {
      level: 25.5,
      pre: 10,
      post: 5,
    });
    assert.equal(taken.at, 10);
    assert.deepEqual([...taken.columns.value], [16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
    assert.equal(taken.crossedMs, START_MS + 25.5);
    assert.equal(taken.sinceMs[taken.at], 0.5);
  });

  it("takes times as well as numbers of samples", async () => {
    const taken = await run([readings(0, 99, triangle)], { level: 25, pre: { ms: 3 }, post: { ms: 4 } });
    assert.deepEqual([...taken.columns.value], [22, 23, 24, 25, 26, 27, 28]);
    assert.equal(taken.at, 3);
  });

  it("waits for the edge that is wanted", async () => {
    const falling = await run([readings(0, 149, triangle)], { level: 25, edge: "falling", post: 2 });
    assert.deepEqual([...falling.sequences], [75, 76]);
    const either = await run([readings(60, 149, triangle)], { level: 25, edge: "either", post: 1 });
    assert.deepEqual([...either.sequences], [75]);
  });

  it("is armed only when what is wanted before is there", async () => {
    const taken = await run([readings(0, 199, triangle)], { level: 25, pre: 60, post: 1 });
    assert.deepEqual([taken.sequences[0], taken.sequences[taken.at], taken.at], [65, 125, 60]);
  });

  it("takes noise around the level for no crossing when there is a hysteresis", async () => {
    const noisy = (sequence: number): number =>
      sequence < 50 ? (sequence % 2 === 0 ? 0.9 : 1.1) : sequence === 50 ? -1 : 2;
    const taken = await run([readings(0, 99, noisy)], { level: 1, hysteresis: 0.5, post: 1 });
    assert.deepEqual([...taken.sequences], [51]);
  });

  it("begins anew with the channel", async () => {
    const taken = await run(
      [
        readings(0, 20, () => 0),
        readings(0, 20, (sequence) => 5 + sequence, { epoch: 2n, restarted: true }),
        readings(21, 30, () => 0, { epoch: 2n }),
        readings(31, 40, () => 9, { epoch: 2n }),
      ],
      { level: 3, pre: 2, post: 1 },
    );
    assert.equal(taken.epoch, 2n);
    assert.deepEqual([...taken.sequences], [29, 30, 31]);
  });

  it("says what is missing among the samples, and nothing of what was missing before them", async () => {
    const loss = (from: number, to: number) => ({
      epoch: 1n,
      from,
      to,
      count: to - from + 1,
      reason: "ring_full" as const,
    });
    const taken = await run(
      [
        readings(0, 3, () => 0),
        readings(6, 9, () => 0, { lostBefore: [loss(4, 5)] }),
        readings(12, 15, (sequence) => sequence, { lostBefore: [loss(10, 11)] }),
      ],
      { level: 13, pre: 2, post: 1 },
    );
    assert.deepEqual([[...taken.sequences], taken.lost.map(({ from }) => from)], [[9, 12, 13], [10]]);
  });

  it("rejects with timeout, saying where the field was instead", async () => {
    await assert.rejects(run([readings(0, 99, triangle)], { level: 60 }, 50), {
      code: "timeout",
      message: "value of rig/reading did not cross 60 within 50 ms: it was from 0 to 50",
    });
    await assert.rejects(run([], { level: 60 }, 20), { code: "timeout", message: /no sample came/ });
  });

  it("names the fields that there are, and refuses a level that is none", async () => {
    const message = 'rig/reading has no field "speed"; it has value, count';
    await assert.rejects(run([readings(0, 1)], { field: "speed", level: 1 }), { code: "unknown_field", message });
    assert.throws(() => run([], { level: Number.NaN }), { code: "invalid_argument" });
  });
});
