// SPDX-License-Identifier: MIT
// A wait for another process is over after its time, but not because this process stood still.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { waitInTurns } from "../../../bridge/model/patience.ts";
import { ManualClock } from "../../support/manual-clock.ts";

function waiting(waitMs: number): { clock: ManualClock; isLate: () => boolean; end: () => void } {
  const clock = new ManualClock();
  let late = 0;
  const end = waitInTurns(waitMs, clock, () => {
    late += 1;
  });
  return { clock, isLate: () => late === 1, end };
}

describe("a wait for another process", () => {
  it("is over after its time", () => {
    const { clock, isLate } = waiting(1000);
    clock.advance(999);
    assert.equal(isLate(), false);
    clock.advance(1);
    assert.equal(isLate(), true);
    assert.equal(clock.waiting, 0);
  });

  it("does not count the time in which this process stood still", () => {
    const { clock, isLate } = waiting(1000);
    clock.hold(3_600_000);
    clock.advance(900);
    assert.equal(isLate(), false);
    clock.advance(100);
    assert.equal(isLate(), true);
  });

  it("is ended by what came while this process stood still at its very end", () => {
    const { clock, isLate, end } = waiting(1000);
    clock.advance(950);
    clock.hold(3_600_000);
    clock.after(0, end); // the answer, which is read after the alarms that went off meanwhile
    clock.advance(0);
    assert.deepEqual([isLate(), clock.waiting], [false, 0]);
  });

  it("can be ended", () => {
    const { clock, isLate, end } = waiting(1000);
    clock.advance(500);
    end();
    clock.advance(1000);
    assert.deepEqual([isLate(), clock.waiting], [false, 0]);
  });
});
