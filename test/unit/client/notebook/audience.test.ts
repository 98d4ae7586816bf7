// SPDX-License-Identifier: MIT
// When the kernel draws because no browser came to an output, and when it leaves that to the browser.
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "mocha";
import { ARRIVAL_MS, Audience } from "../../../../bridge/client/notebook/audience.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

describe("who looks at an output", () => {
  let clock: ManualClock;
  let told: boolean[];
  /** What waits for the sessions of each ticket. */
  let watches: Map<string, (sessions: number) => void>;
  let audience: Audience;

  beforeEach(() => {
    clock = new ManualClock();
    told = [];
    watches = new Map();
    audience = new Audience({
      timers: clock,
      watch: (ticket, changed) => {
        watches.set(ticket, changed);
        return () => watches.delete(ticket);
      },
      missing: (isMissing) => told.push(isMissing),
    });
  });

  const sessions = (ticket: string, count: number): void => watches.get(ticket)?.(count);

  it("is nobody once a browser had its time, until one comes after all", () => {
    audience.follow("one");
    sessions("one", 0);
    clock.advance(ARRIVAL_MS - 1);
    assert.deepEqual(told, []);
    clock.advance(1);
    assert.deepEqual(told, [true]);
    sessions("one", 1);
    assert.deepEqual(told, [true, false]);
    assert.deepEqual([watches.size, clock.waiting], [0, 0]);
  });

  it("was there when a browser came in time, also if it left again", () => {
    audience.follow("one");
    sessions("one", 0);
    sessions("one", 1);
    sessions("one", 0);
    clock.advance(ARRIVAL_MS);
    assert.deepEqual([told, watches.size], [[], 0]);
  });

  it("stays open where the bridge does not tell", () => {
    audience.follow("one");
    clock.advance(ARRIVAL_MS);
    assert.deepEqual(told, []);
  });

  it("is asked for anew with another ticket, and no more when the output is closed", () => {
    audience.follow("one");
    audience.follow("two");
    assert.deepEqual([...watches.keys()], ["two"]);
    audience.close();
    audience.follow("three");
    assert.deepEqual([watches.size, clock.waiting], [0, 0]);
    clock.advance(ARRIVAL_MS);
    assert.deepEqual(told, []);
  });
});
