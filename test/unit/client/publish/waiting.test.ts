// SPDX-License-Identifier: MIT
// Samples that wait to be sent are bounded, and the oldest give way.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Waiting } from "../../../../bridge/client/publish/waiting.ts";

const sample = (bytes: number, mark: number) => ({ payload: new Uint8Array(bytes).fill(mark) });
const marks = (taken: readonly { readonly payload: Uint8Array }[]): (number | undefined)[] =>
  taken.map(({ payload }) => payload[0]);

describe("samples that wait to be sent", () => {
  it("are taken in order, so many bytes or samples at a time, at least one", () => {
    const waiting = new Waiting();
    for (let i = 0; i < 5; i++) waiting.add(sample(100, i), Infinity);
    assert.deepEqual(marks(waiting.take(250, 10)), [0, 1]);
    assert.deepEqual(marks(waiting.take(1, 10)), [2]);
    assert.deepEqual(marks(waiting.take(1000, 1)), [3]);
    assert.deepEqual(marks(waiting.take(1000, 10)), [4]);
    assert.deepEqual([waiting.count, waiting.bytes, waiting.dropped], [0, 0, 0]);
  });

  it("give way when there are too many, the oldest first, and are counted", () => {
    const waiting = new Waiting();
    for (let i = 0; i < 200; i++) waiting.add(sample(936, i), 10_000);
    assert.deepEqual([waiting.count, waiting.dropped, waiting.bytes], [10, 190, 10_000]);
    assert.deepEqual(marks(waiting.take(Infinity, 2)), [190, 191]);
  });

  it("always have room for the newest", () => {
    const waiting = new Waiting();
    waiting.add(sample(500, 1), 100);
    waiting.add(sample(500, 2), 100);
    assert.deepEqual(marks(waiting.take(1, 9)), [2]);
    assert.equal(waiting.dropped, 1);
  });
});
