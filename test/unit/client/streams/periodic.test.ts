// SPDX-License-Identifier: MIT
// The schedule of a periodic stream does not drift, and counts what it leaves out.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { Periodic } from "../../../../bridge/client/streams/periodic.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

/** A schedule that notes when it calls. */
function scheduled(hz: number, call: (timers: ManualClock) => unknown = () => undefined) {
  const timers = new ManualClock(1000);
  const calledAt: number[] = [];
  const returned: unknown[] = [];
  const threw: unknown[] = [];
  const periodic = new Periodic(timers, hz, {
    call: () => {
      calledAt.push(timers.now() - 1000);
      return call(timers);
    },
    returned: (value) => returned.push(value),
    threw: (error) => threw.push(error),
  });
  return { timers, periodic, calledAt, returned, threw };
}

describe("a periodic stream's schedule", () => {
  it("calls at once and then once a period", () => {
    const { timers, periodic, calledAt } = scheduled(10);
    periodic.start();
    timers.advance(350);
    assert.deepEqual(calledAt, [0, 100, 200, 300]);
    assert.equal(periodic.overruns, 0);
  });

  it("does not drift although each call takes time", () => {
    const { timers, periodic, calledAt } = scheduled(100, (time) => {
      time.hold(3);
    });
    periodic.start();
    timers.advance(10_000);
    assert.equal(calledAt.length, 1001);
    assert.equal(calledAt.at(-1), 10_000);
    assert.equal(periodic.overruns, 0);
  });

  it("leaves out and counts the calls that would be late by more than a period", () => {
    let slow = true;
    const { timers, periodic, calledAt } = scheduled(100, (time) => {
      if (slow) time.hold(35);
      slow = false;
    });
    periodic.start();
    timers.advance(100);
    // 10, 20 and 30 ms were due while the first call ran; 30 is late by less than a period.
    assert.deepEqual(calledAt.slice(0, 3), [0, 35, 40]);
    assert.equal(periodic.overruns, 2);
  });

  it("counts every period of any delays as called or left out", () => {
    const delays = fc.array(fc.integer({ min: 0, max: 80 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(delays, fc.integer({ min: 1, max: 1000 }), (all, hz) => {
        let at = 0;
        const { timers, periodic, calledAt } = scheduled(hz, (time) => {
          time.hold(all[at++ % all.length] ?? 0);
        });
        periodic.start();
        timers.advance(2000);
        const due = Math.floor((timers.now() - 1000) / (1000 / hz) + 1e-9) + 1;
        const counted = calledAt.length + periodic.overruns;
        const grain = Math.max(1, Math.ceil(5 / (1000 / hz))) + Math.ceil((80 * hz) / 1000) + 1;
        assert.ok(counted <= due + 1 && counted >= due - grain, `${String(counted)} of ${String(due)}`);
        for (let i = 1; i < calledAt.length; i++) assert.ok(calledAt[i]! >= calledAt[i - 1]!);
      }),
    );
  });

  it("waits for an async function and never calls it twice at once", async () => {
    const pending: (() => void)[] = [];
    const { timers, periodic, calledAt, returned } = scheduled(
      10,
      () =>
        new Promise((resolve) =>
          pending.push(() => {
            resolve(calledAt.length);
          }),
        ),
    );
    periodic.start();
    timers.advance(450);
    assert.deepEqual(calledAt, [0]);
    pending.shift()?.();
    await Promise.resolve();
    await Promise.resolve();
    timers.advance(0);
    assert.deepEqual(calledAt, [0, 450]);
    assert.equal(periodic.overruns, 3);
    assert.deepEqual(returned, [1]);
  });

  it("goes on after what the function throws, and says it", async () => {
    let count = 0;
    const { timers, periodic, returned, threw } = scheduled(10, () => {
      if (++count === 2) throw new RangeError("two");
      return count === 3 ? Promise.reject(new Error("three")) : count;
    });
    periodic.start();
    timers.advance(250);
    await Promise.resolve();
    await Promise.resolve();
    timers.advance(100);
    assert.deepEqual(returned, [1, 4]);
    assert.deepEqual(threw, [new RangeError("two"), new Error("three")]);
  });

  it("takes another rate at once, with one schedule", () => {
    const { timers, periodic, calledAt } = scheduled(1);
    periodic.start();
    timers.advance(1500);
    periodic.hz = 10;
    timers.advance(250);
    assert.deepEqual(calledAt, [0, 1000, 1600, 1700]);
    assert.equal(timers.waiting, 1);
  });

  it("stops, and begins anew without calling what was missed", () => {
    const { timers, periodic, calledAt } = scheduled(10);
    periodic.start();
    timers.advance(100);
    periodic.stop();
    assert.equal(timers.waiting, 0);
    timers.advance(1000);
    periodic.start();
    periodic.start();
    timers.advance(100);
    assert.deepEqual(calledAt, [0, 100, 1100, 1200]);
    assert.equal(periodic.overruns, 0);
  });

  it("does not tell the result of a call that ended after it was stopped", async () => {
    let resolve: (value: number) => void = () => undefined;
    const { timers, periodic, returned } = scheduled(10, () => new Promise<number>((done) => (resolve = done)));
    periodic.start();
    timers.advance(0);
    periodic.stop();
    resolve(1);
    await Promise.resolve();
    assert.deepEqual(returned, []);
    assert.equal(timers.waiting, 0);
  });

  it("may be stopped by its own function", () => {
    const { timers, periodic, calledAt } = scheduled(10, () => {
      periodic.stop();
    });
    periodic.start();
    timers.advance(500);
    assert.deepEqual(calledAt, [0]);
    assert.equal(timers.waiting, 0);
  });
});
