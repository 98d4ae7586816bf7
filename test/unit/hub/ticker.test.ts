// SPDX-License-Identifier: MIT
// The ticker serves what is quiet at once and what is busy once a tick.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Ticker } from "../../../bridge/hub/ticker.ts";
import { ManualClock } from "../../support/manual-clock.ts";

class Bucket {
  waiting = 0;
  readonly flushed: number[] = [];

  flush(): boolean {
    if (this.waiting === 0) return false;
    this.flushed.push(this.waiting);
    this.waiting = 0;
    return true;
  }
}

function setUp(): { clock: ManualClock; ticker: Ticker; bucket: Bucket; put: () => void } {
  const clock = new ManualClock();
  const ticker = new Ticker(clock, 8);
  const bucket = new Bucket();
  const put = (): void => {
    bucket.waiting += 1;
    ticker.touch(bucket);
    ticker.settle();
  };
  return { clock, ticker, bucket, put };
}

describe("Ticker", () => {
  it("serves a quiet stream at once and a busy one once a tick", () => {
    const { clock, bucket, put } = setUp();
    put();
    assert.deepEqual(bucket.flushed, [1]);
    put();
    put();
    assert.deepEqual(bucket.flushed, [1]);
    clock.advance(8);
    assert.deepEqual(bucket.flushed, [1, 2]);
    put();
    clock.advance(8);
    assert.deepEqual(bucket.flushed, [1, 2, 1]);
  });

  it("needs no timer for a stream that is slower than the tick, and serves it at once each time", () => {
    const { clock, bucket, put } = setUp();
    for (let i = 0; i < 5; i++) {
      put();
      assert.equal(clock.waiting, 0);
      clock.advance(8);
    }
    assert.deepEqual(bucket.flushed, [1, 1, 1, 1, 1]);
  });

  it("ticks with what is read just before the tick, and keeps its time", () => {
    const { clock, bucket, put } = setUp();
    const times: number[] = [];
    const start = clock.now();
    bucket.flush = () => {
      bucket.waiting = 0;
      return times.push(clock.now() - start) > 0;
    };
    for (let ms = 0; ms < 33; ms++) {
      put();
      clock.advance(1);
    }
    assert.deepEqual(times, [0, 7, 15, 23, 31]);
    clock.advance(8);
    assert.deepEqual([times.at(-1), clock.waiting], [40, 0]);
  });

  it("forgets a stream that is no more", () => {
    const { clock, ticker, bucket, put } = setUp();
    put();
    put();
    ticker.forget(bucket);
    clock.advance(8);
    assert.deepEqual(bucket.flushed, [1]);
  });

  it("serves a busy stream of which much waits with the next settle", () => {
    const { clock, ticker, bucket, put } = setUp();
    put();
    put();
    ticker.urge(bucket);
    assert.deepEqual(bucket.flushed, [1]);
    ticker.settle();
    assert.deepEqual(bucket.flushed, [1, 1]);
    put(); // is as busy as before
    assert.deepEqual(bucket.flushed, [1, 1]);
    clock.advance(8);
    assert.deepEqual(bucket.flushed, [1, 1, 1]);
  });

  it("does not let a busy stream delay a quiet one", () => {
    const { ticker, put } = setUp();
    put();
    const quiet = new Bucket();
    quiet.waiting = 1;
    ticker.touch(quiet);
    ticker.settle();
    assert.deepEqual(quiet.flushed, [1]);
  });

  it("hands out what waits when it stops, and leaves no timer", () => {
    const { clock, ticker, bucket, put } = setUp();
    put();
    put();
    ticker.stop();
    assert.deepEqual(bucket.flushed, [1, 1]);
    assert.equal(clock.waiting, 0);
  });
});
