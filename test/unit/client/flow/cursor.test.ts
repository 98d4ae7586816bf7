// SPDX-License-Identifier: MIT
// A reader's position: each sample is delivered, or said to be lost, exactly once.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { Cursor } from "../../../../bridge/client/flow/cursor.ts";
import type { Loss } from "../../../../bridge/model/values.ts";

const EPOCH = 5n;

function gapOf(from: number, to: number, count = to - from + 1): Loss {
  return { epoch: EPOCH, from, to, count, reason: "ring_full" };
}

describe("a reader's position in a channel", () => {
  it("tells nothing while the sequences are consecutive", () => {
    const cursor = new Cursor(EPOCH, 10, true);
    assert.equal(cursor.advance(10, 19, 10), undefined);
    assert.equal(cursor.advance(20, 20, 1), undefined);
    assert.equal(cursor.next, 21);
  });

  it("tells a jump that nobody explained", () => {
    const cursor = new Cursor(EPOCH, 10, true);
    cursor.advance(10, 12, 3);
    assert.deepEqual(cursor.advance(20, 25, 6), { epoch: EPOCH, from: 13, to: 19, count: 7, reason: "unknown" });
  });

  it("tells a jump between the beginning and the first sample", () => {
    const cursor = new Cursor(EPOCH, 10, true);
    assert.equal(cursor.advance(12, 12, 1)?.count, 2);
  });

  it("takes a gap for an explanation", () => {
    const cursor = new Cursor(EPOCH, 10, true);
    cursor.advance(10, 12, 3);
    assert.deepEqual(cursor.explain(gapOf(13, 19)), gapOf(13, 19));
    assert.equal(cursor.advance(20, 25, 6), undefined);
  });

  it("takes a gap that says only how many of a range are lost", () => {
    const cursor = new Cursor(EPOCH, 0, true);
    cursor.explain(gapOf(0, 9, 5));
    assert.equal(cursor.advance(1, 9, 5), undefined);
    assert.equal(cursor.advance(11, 11, 1)?.count, 1, "the explanation is used up");
  });

  it("tells what gaps have explained no second time when the connection is lost behind them", () => {
    const cursor = new Cursor(EPOCH, 0, true);
    cursor.advance(0, 4, 5);
    cursor.explain(gapOf(5, 9));
    assert.deepEqual(cursor.resume(12), { epoch: EPOCH, from: 10, to: 11, count: 2, reason: "disconnected" });
    cursor.explain(gapOf(12, 14));
    assert.equal(cursor.resume(15), undefined);
    assert.equal(cursor.advance(17, 17, 1)?.count, 2, "the explanations are used up");
  });

  it("is not concerned by what was lost before it began", () => {
    const cursor = new Cursor(EPOCH, 10, true);
    assert.equal(cursor.explain(gapOf(0, 9)), undefined);
    assert.deepEqual(cursor.explain(gapOf(5, 12)), gapOf(10, 12));
  });

  it("takes one newest sample from before the beginning, and it once", () => {
    const cursor = new Cursor(EPOCH, 10, true);
    assert.equal(cursor.wanted(9, 9), 9);
    assert.equal(cursor.advance(9, 9, 1), undefined);
    assert.equal(cursor.wanted(9, 9), undefined);
    assert.equal(cursor.advance(10, 10, 1), undefined);
  });

  it("wants only what is new of a batch that it has in part", () => {
    const cursor = new Cursor(EPOCH, 10, true);
    cursor.advance(10, 14, 5);
    assert.equal(cursor.wanted(12, 20), 15);
    assert.equal(cursor.wanted(12, 14), undefined);
  });

  it("tells what was published while there was no connection", () => {
    const cursor = new Cursor(EPOCH, 10, true);
    cursor.advance(10, 14, 5);
    assert.deepEqual(cursor.resume(20), { epoch: EPOCH, from: 15, to: 19, count: 5, reason: "disconnected" });
    assert.equal(cursor.resume(20), undefined);
    assert.equal(cursor.advance(20, 20, 1), undefined);
  });

  it("accounts for every sample exactly once, whatever is dropped and explained", () => {
    const run = fc.record({ count: fc.integer({ min: 1, max: 20 }), kept: fc.boolean(), told: fc.boolean() });
    fc.assert(
      fc.property(fc.array(run, { maxLength: 40 }), (runs) => {
        const cursor = new Cursor(EPOCH, 0, true);
        let next = 0;
        let delivered = 0;
        let lost = 0;
        for (const { count, kept, told } of runs) {
          const [first, last] = [next, next + count - 1];
          next += count;
          if (kept) {
            lost += cursor.advance(first, last, count)?.count ?? 0;
            delivered += count;
          } else if (told) {
            lost += cursor.explain(gapOf(first, last))?.count ?? 0;
          }
        }
        lost += cursor.advance(next, next, 1)?.count ?? 0;
        assert.equal(delivered + lost, next);
      }),
    );
  });
});
