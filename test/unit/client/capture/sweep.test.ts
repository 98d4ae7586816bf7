// SPDX-License-Identifier: MIT
// The steps of a sweep: which values, and which samples belong to each.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { combinations } from "../../../../bridge/client/capture/grid.ts";
import { SweepWindow } from "../../../../bridge/client/capture/sweep-window.ts";
import { readings, START_MS, type Reading, type ReadingColumns } from "../../../support/captured.ts";

const NONE = { count: 0, ms: 0 };

function windowOf(settle: Partial<typeof NONE>, record: number): SweepWindow<Reading, ReadingColumns> {
  return new SweepWindow({ ...NONE, ...settle }, { count: record, ms: Infinity });
}

describe("the values of a sweep", () => {
  it("are all combinations, the last field changing fastest", () => {
    assert.deepEqual(combinations({ kp: [1, 2], ki: [0, 5] }), [
      { kp: 1, ki: 0 },
      { kp: 1, ki: 5 },
      { kp: 2, ki: 0 },
      { kp: 2, ki: 5 },
    ]);
  });

  it("must be some, and not too many", () => {
    for (const grid of [{}, { kp: [] }]) assert.throws(() => combinations(grid), { code: "invalid_argument" });
    const many = Array.from({ length: 1000 }, (_, i) => i);
    assert.throws(() => combinations({ a: many, b: many }), {
      code: "invalid_argument",
      message: /100000 combinations; these are 1000000/,
    });
  });
});

describe("a step of a sweep", () => {
  it("begins at the very sample that the answer names, though samples came before the answer", async () => {
    const window = windowOf({}, 5);
    window.add(readings(0, 9));
    window.add(readings(10, 19));
    const taken = await window.record({ epoch: 1n, seq: 7, time: START_MS + 6.5 }, 1000);
    assert.deepEqual([...taken.sequences], [7, 8, 9, 10, 11]);
  });

  it("leaves out what settles, by samples or by time", async () => {
    const bySamples = windowOf({ count: 3 }, 2);
    bySamples.add(readings(0, 19));
    assert.deepEqual([...(await bySamples.record({ epoch: 1n, seq: 7, time: START_MS }, 1000)).sequences], [10, 11]);
    const byTime = windowOf({ ms: 4 }, 2);
    byTime.add(readings(0, 19));
    assert.deepEqual([...(await byTime.record({ epoch: 1n, seq: 7, time: START_MS }, 1000)).sequences], [11, 12]);
  });

  it("goes by the time where the channel is not the one that the parameter governs", async () => {
    const window = windowOf({ count: 1 }, 2);
    window.add(readings(0, 19));
    const taken = await window.record({ epoch: null, seq: null, time: START_MS + 4.5 }, 1000);
    assert.deepEqual([...taken.sequences], [6, 7]);
  });

  it("takes what came while the program itself was busy for longer than it waits", async () => {
    const window = windowOf({}, 2);
    const recording = window.record({ epoch: 1n, seq: 0, time: START_MS }, 100);
    setImmediate(() => {
      window.add(readings(0, 9));
    });
    const end = performance.now() + 300;
    while (performance.now() < end);
    assert.deepEqual([...(await recording).sequences], [0, 1]);
  });

  it("fails when the driver begins anew, and with timeout when nothing comes", async () => {
    const restarted = windowOf({}, 5);
    const recording = restarted.record({ epoch: 1n, seq: 0, time: START_MS }, 1000);
    restarted.add(readings(0, 1, undefined, { epoch: 2n, restarted: true }));
    await assert.rejects(recording, { code: "disconnected" });
    await assert.rejects(windowOf({}, 5).record({ epoch: 1n, seq: 0, time: START_MS }, 20), { code: "timeout" });
  });
});
