// SPDX-License-Identifier: MIT
// Measuring with a real motor: triggers, sweeps that begin at the exact sample, channels on one time base.
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { align, toArrow, type DriverHandle } from "../../bridge/index.ts";
import { Rig } from "../support/rig.ts";

interface Motor {
  channels: {
    state: {
      value: { reference: number; angle: number };
      columns: { reference: Float64Array; angle: Float64Array; error: Float64Array; p: Float64Array };
    };
  };
  parameters: {
    gains: { kp: number; ki: number; kd: number };
    reference: { mode: string | number; amplitude: number; frequency: number };
  };
  services: object;
}

describe("measuring", () => {
  let rig: Rig;
  let motor: DriverHandle<Motor>;

  before(async () => {
    rig = await Rig.start("motor");
    await rig.until(() => rig.client.directory.parameters.length === 3);
    motor = rig.client.driver<Motor>("motor");
    await motor.set("reference", { mode: "SINE", amplitude: 1, frequency: 2 });
  });

  after(() => rig.stop());

  it("triggers on a field of a running loop", async () => {
    const { columns, at, sinceMs, lost } = await motor
      .channel("state")
      .trigger({ field: "reference", level: 0.5, pre: { ms: 50 }, post: 100 });
    assert.deepEqual(lost, []);
    assert.ok(columns.reference[at - 1]! < 0.5 && columns.reference[at]! >= 0.5);
    assert.ok(
      Math.abs(sinceMs[0]! + 50) < 1.5 && Math.abs(sinceMs.at(-1)! - 100) < 2.5,
      String([sinceMs[0], sinceMs.at(-1)]),
    );
  });

  it("waits for a sample", async () => {
    const { value } = await motor.channel("state").until(({ reference }) => reference < -0.9);
    assert.ok(value.reference < -0.9);
  });

  it("goes through values of a parameter, each window cut at the very sample from which it held, and puts the old value back", async () => {
    const old = await motor.get("gains");
    const steps: string[] = [];
    const { runs, failed, complete } = await motor.sweep(
      "gains",
      { kp: [1, 2, 4], ki: [0] },
      { settle: 0, record: 200, onStep: (done, total) => steps.push(`${String(done)}/${String(total)}`) },
    );
    assert.ok(complete, String(failed[0]?.error.message));
    assert.deepEqual(steps, ["1/3", "2/3", "3/3"]);
    for (const { set, applied, seq, sequences, columns, count } of runs) {
      assert.deepEqual([applied.kp, applied.ki], [set.kp, 0]);
      assert.deepEqual([count, sequences[0]], [200, seq]);
      // The proportional part of every sample is the gain that held for it, times the error.
      for (const [i, error] of columns.error.entries()) {
        assert.ok(Math.abs(columns.p[i]! - set.kp! * error) < 1e-9, `sample ${String(i)} with kp ${String(set.kp)}`);
      }
    }
    assert.deepEqual(await motor.get("gains"), old);
  });

  it("keeps what was measured when a value is refused", async () => {
    const { runs, failed, complete } = await motor.sweep("gains", { kp: [1, -5, 2] }, { record: 20, channel: "state" });
    assert.deepEqual(
      [runs.map(({ set }) => set.kp), failed.map(({ set, error }) => [set.kp, error.code]), complete],
      [[1, 2], [[-5, "out_of_range"]], false],
    );
    assert.deepEqual(Object.keys(runs[0]!.columns).includes("angle"), true);
  });

  it("says what a sweep needs", async () => {
    await assert.rejects(motor.sweep("gains", {}, { record: 5 }), { code: "invalid_argument" });
  });
});

describe("a sweep whose driver dies", () => {
  it("keeps what was measured, and says why the rest is missing", async () => {
    const rig = await Rig.start("motor");
    try {
      await rig.until(() => rig.client.directory.parameters.length === 3);
      const { runs, failed } = await rig.client.driver<Motor>("motor").sweep(
        "gains",
        { kp: [1, 2, 3, 4] },
        {
          record: { ms: 100 },
          onStep: (done) => {
            if (done === 2) rig.driver.process.kill("SIGKILL");
          },
        },
      );
      assert.deepEqual(
        [runs.map(({ set }) => set.kp), failed.map(({ set, error }) => [set.kp, error.code])],
        [
          [1, 2],
          [
            [3, "disconnected"],
            [4, "disconnected"],
          ],
        ],
      );
    } finally {
      await rig.client.close();
      await rig.bridge.stop();
      assert.equal((await rig.driver.ended).signal, "SIGKILL");
      rig.runtime.remove();
    }
  });
});

describe("several channels", () => {
  it("come onto one time base and into a table", async () => {
    const rig = await Rig.start("host");
    try {
      await rig.until(() =>
        ["host/cpu", "host/memory"].every((name) =>
          rig.client.directory.channels.some(({ channel }) => channel === name),
        ),
      );
      await rig.client.set("host/sampling", { period_ms: 20 });
      const [cpu, memory] = await Promise.all(
        ["host/cpu", "host/memory"].map((name) => rig.client.channel(name).take(50)),
      );
      const aligned = align(
        [
          { name: "cpu", taken: cpu! },
          { name: "memory", taken: memory! },
        ],
        { onto: { hz: 100 } },
      );
      const fromMs = Math.max(cpu!.times[0]!, memory!.times[0]!);
      const toMs = Math.min(cpu!.times.at(-1)!, memory!.times.at(-1)!);
      assert.equal(aligned.count, Math.floor((toMs - fromMs) / 10) + 1);
      assert.ok(aligned.count > 1);
      assert.ok(Object.keys(aligned.columns).some((name) => name.startsWith("memory.")));
      assert.ok((await toArrow(aligned)).byteLength > aligned.count * 8);
    } finally {
      await rig.stop();
    }
  });
});
