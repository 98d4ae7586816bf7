// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { Deadlines, MAX_LENGTHS } from "../../../bridge/hub/deadlines.ts";
import { ManualClock } from "../../support/manual-clock.ts";

function setUp(): {
  clock: ManualClock;
  deadlines: Deadlines;
  ended: string[];
  wait: (name: string, ms: number) => () => void;
} {
  const clock = new ManualClock();
  const deadlines = new Deadlines(clock);
  const ended: string[] = [];
  const wait = (name: string, ms: number): (() => void) => deadlines.after(ms, () => ended.push(name));
  return { clock, deadlines, ended, wait };
}

describe("the time limits of requests", () => {
  it("end each at its own time, in any order of their lengths", () => {
    const { clock, ended, wait } = setUp();
    wait("a", 100);
    clock.advance(40);
    wait("b", 100);
    wait("c", 30);
    clock.advance(59);
    assert.deepEqual(ended, ["c"]);
    clock.advance(1);
    assert.deepEqual(ended, ["c", "a"]);
    clock.advance(39);
    assert.deepEqual(ended, ["c", "a"]);
    clock.advance(1);
    assert.deepEqual(ended, ["c", "a", "b"]);
  });

  it("never end when they were cancelled, and leave no timer for longer than one of them took", () => {
    const { clock, ended, wait } = setUp();
    for (let i = 0; i < 1000; i++) wait("cancelled", 100)();
    assert.equal(clock.waiting, 1);
    clock.advance(100);
    assert.deepEqual([ended, clock.waiting], [[], 0]);
  });

  it("hold for a request that begins when another one's time is over", () => {
    const { clock, deadlines, ended, wait } = setUp();
    deadlines.after(100, () => wait("again", 100));
    clock.advance(100);
    clock.advance(99);
    assert.deepEqual(ended, []);
    clock.advance(1);
    assert.deepEqual([ended, clock.waiting], [["again"], 0]);
  });

  it("of very many lengths end in time too, and leave no timers behind", () => {
    const { clock, ended, wait } = setUp();
    const cancels = Array.from({ length: 1000 }, (_, i) => wait("cancelled", 1000 + i));
    for (const cancel of cancels) cancel();
    assert.equal(clock.waiting, MAX_LENGTHS);
    wait("late", 50_000);
    clock.advance(49_999);
    assert.deepEqual(ended, []);
    clock.advance(1);
    assert.deepEqual([ended, clock.waiting], [["late"], 0]);
  });

  it("stop with the bridge", () => {
    const { clock, deadlines, ended, wait } = setUp();
    wait("a", 100);
    deadlines.stop();
    assert.equal(clock.waiting, 0);
    clock.advance(100);
    assert.deepEqual(ended, []);
  });
});
