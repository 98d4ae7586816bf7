// SPDX-License-Identifier: MIT
// How far the bridge's clock is ahead, within the uncertainty that is told.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { BridgeClock } from "../../../../bridge/client/link/bridge-clock.ts";

/** A bridge whose clock is `aheadMs` ahead, and a way to it that takes the given times: there, in the bridge, back. */
function clockOver(
  aheadMs: number,
  ways: readonly (readonly [number, number, number])[],
): { readonly clock: BridgeClock; readonly asked: () => number; readonly pass: (ms: number) => void } {
  let nowMs = 1_700_000_000_000;
  let asked = 0;
  const ping = (): Promise<unknown> => {
    const [there, inside, back] = ways[asked++ % ways.length] ?? [0, 0, 0];
    const received = nowMs + there + aheadMs;
    nowMs += there + inside + back;
    return Promise.resolve({ received, time: received + inside });
  };
  const clock = new BridgeClock({ ping, now: () => nowMs });
  return { clock, asked: () => asked, pass: (ms) => (nowMs += ms) };
}

describe("the clock of the bridge", () => {
  const ms = fc.double({ min: 0, max: 1000, noNaN: true });

  it("is known within the uncertainty that is told, however the answers travel", () =>
    fc.assert(
      fc.asyncProperty(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.array(fc.tuple(ms, ms, ms), { minLength: 1, maxLength: 8 }),
        async (aheadMs, ways) => {
          const { offsetMs, uncertaintyMs } = await clockOver(aheadMs, ways).clock.measure();
          assert.ok(Math.abs(offsetMs - aheadMs) <= uncertaintyMs + 0.01);
          const quickest = Math.min(...ways.map(([there, , back]) => there + back));
          assert.ok(uncertaintyMs <= quickest / 2 + 0.01);
        },
      ),
    ));

  it("is measured once for all who want to know, and again when that was long ago", async () => {
    const { clock, asked, pass } = clockOver(5, [[1, 0, 1]]);
    clock.refresh();
    clock.refresh();
    await clock.measure();
    const once = asked();
    clock.refresh();
    assert.equal(asked(), once);
    assert.deepEqual(clock.offset, { offsetMs: 5, uncertaintyMs: 1 });
    pass(60_000);
    clock.refresh();
    assert.ok(asked() > once);
  });

  it("stays unknown when the bridge does not say it", async () => {
    const clock = new BridgeClock({ ping: () => Promise.resolve({}), now: () => 0 });
    await assert.rejects(clock.measure(), { code: "bad_message" });
    assert.equal(clock.offset, undefined);
  });
});
