// SPDX-License-Identifier: MIT
// Sets and calls by records and by JSON, to the same driver: nobody can tell which way they went.
import assert from "node:assert/strict";
import fc from "fast-check";
import { after, before, describe, it } from "mocha";
import { BridgeError, connect, type Client } from "../../bridge/index.ts";
import { Rig } from "../support/rig.ts";
import { startDriver } from "../support/driver-program.ts";

/** A time of its own makes a request take the way by JSON. */
const BY_NAME = { timeoutMs: 9_999 };

const number = fc.oneof(
  fc.double({ min: -20, max: 60, noNaN: true }),
  fc.constantFrom<unknown>("x", null, true, 1e300, [1], "7"),
);

/** What a request gave: its result, or its error. */
async function outcome(request: Promise<unknown>): Promise<unknown> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof BridgeError)) throw error;
    return { code: error.code, message: error.message };
  }
}

describe("a client that sets again and again", () => {
  let rig: Rig;
  let client: Client;

  before(async () => {
    rig = await Rig.start("motor");
    client = await connect(rig.bridge.link);
    for (let i = 0; i < 3; i++) {
      await client.set("motor/gains", {});
    }
  });

  after(async () => {
    await client.close();
    await rig.stop();
  });

  it("gets the same value, or the same refusal, as by JSON", () =>
    fc.assert(
      fc.asyncProperty(
        fc.record({ kp: number, ki: number, kd: number, nope: number }, { requiredKeys: [] }),
        async (values) => {
          const quick = (await outcome(client.set("motor/gains", values))) as Record<string, unknown>;
          const slow = (await outcome(client.set("motor/gains", values, BY_NAME))) as Record<string, unknown>;
          for (const key of ["seq", "time"]) assert.equal(typeof quick[key], typeof slow[key]);
          // The second one was applied later.
          assert.deepEqual({ ...quick, seq: 0, time: 0 }, { ...slow, seq: 0, time: 0 });
        },
      ),
      { numRuns: 60 },
    ));

  it("goes on with the driver that comes after its own", async () => {
    await rig.driver.stop();
    await rig.until(() => rig.client.directory.drivers.some(({ state }) => state === "down"));
    const away = await outcome(client.set("motor/gains", { kp: 3 }));
    assert.deepEqual(away, await outcome(client.set("motor/gains", { kp: 3 }, BY_NAME)));
    const next = await startDriver(rig.runtime, "motor");
    await rig.until(() => rig.client.directory.services.some(({ driver }) => driver === "motor"));
    for (let i = 0; i < 4; i++) {
      const { applied, epoch } = await client.set("motor/gains", { kp: 3 + i });
      assert.equal((applied as { kp: number }).kp, 3 + i);
      assert.equal(epoch, rig.client.directory.drivers[0]?.epoch);
    }
    await next.stop();
  });
});

describe("a client that calls again and again", () => {
  it("gets the same reply, or the same refusal, as by JSON", async () => {
    const rig = await Rig.start("tally");
    const count = (args: object, options = {}): Promise<unknown> =>
      outcome(rig.client.call("tally/count", args, options));
    for (let i = 0; i < 3; i++) await count({ value: 1 });
    const value = fc.oneof(fc.integer({ min: -1, max: 12 }), number);
    await fc.assert(
      fc.asyncProperty(fc.record({ value, nope: number }, { requiredKeys: [] }), async (args) => {
        const quick = (await count(args)) as { counts: number[]; last: number; total: number } | { code: string };
        const slow = await count(args, BY_NAME);
        if ("code" in quick) {
          assert.deepEqual(quick, slow);
          return;
        }
        // The same was counted once more.
        const { counts, last, total } = quick;
        assert.deepEqual(slow, { counts: counts.map((n, i) => (i === last ? n + 1 : n)), last, total: total + 1 });
      }),
      { numRuns: 60 },
    );
    await rig.stop();
  });
});
