// SPDX-License-Identifier: MIT
// What the page says it received and missed.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { SequenceCheck } from "../../../../bridge/pages/parts/trace/sequence-check.ts";

const sequences = (...list: number[]): Float64Array => Float64Array.from(list);

describe("sequence check", () => {
  it("finds nothing missing in consecutive batches, wherever they begin", () => {
    const check = new SequenceCheck();
    assert.equal(check.batch(1n, sequences(500, 501)), 0);
    assert.equal(check.batch(1n, sequences(502, 503, 504)), 0);
    assert.deepEqual([check.samples, check.missed, check.batches], [5, 0, 2]);
  });

  it("counts a jump that nobody explained, between batches and inside one", () => {
    const check = new SequenceCheck();
    check.batch(1n, sequences(0, 1));
    assert.equal(check.batch(1n, sequences(5, 6)), 3);
    assert.equal(check.batch(1n, sequences(7, 9, 10, 14)), 4);
    assert.equal(check.missed, 7);
  });

  it("does not count twice what a gap told", () => {
    const check = new SequenceCheck();
    check.batch(1n, sequences(0, 1));
    check.gap({ epoch: 1n, from: 2, to: 9, count: 8, reason: "link_full" });
    assert.equal(check.batch(1n, sequences(10)), 0);
    assert.deepEqual([check.lost, check.missed], [8, 0]);
  });

  it("expects nothing of another life but its own order", () => {
    const check = new SequenceCheck();
    check.batch(1n, sequences(900));
    check.restart();
    assert.equal(check.batch(2n, sequences(3, 4)), 0);
    assert.equal(check.batch(2n, sequences(6)), 1);
    assert.equal(check.restarts, 1);
  });

  it("asks nothing of the same life where another subscription takes over, and still knows that life from the next", () => {
    const check = new SequenceCheck();
    check.batch(1n, sequences(0, 1));
    check.seam();
    assert.equal(check.epoch, 1n);
    assert.equal(check.batch(1n, sequences(50, 51)), 0);
    assert.equal(check.batch(1n, sequences(60)), 8);
    check.begin();
    assert.equal(check.epoch, null);
  });
});
