// SPDX-License-Identifier: MIT
// The simulated motor from outside: exact steps, sets that take effect on a sample, services that run in its loop.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { setTimeout as pause } from "node:timers/promises";
import type { Batch, Channel, Delivery, DriverHandle, Subscription } from "../../bridge/index.ts";
import type { ParameterEntry } from "../../bridge/session/messages.ts";
import { isBridgeError } from "../support/errors.ts";
import { Rig } from "../support/rig.ts";

interface State {
  readonly angle: number;
  readonly testing: boolean;
}

interface StateColumns {
  readonly angle: Float64Array;
  readonly reference: Float64Array;
  readonly error: Float64Array;
  readonly voltage: Float64Array;
  readonly p: Float64Array;
  readonly lateness: Float32Array;
  readonly testing: Uint8Array;
}

interface StepReply {
  readonly baseline: number;
  readonly rise_time: number;
  readonly overshoot: number;
  readonly settling_time: number;
  readonly steady_state_error: number;
  readonly sample_interval: number;
  readonly samples: readonly number[];
}

/** The parts of native/drivers/motor/motor.h that are looked at here, as `gen` types them. */
interface Motor {
  channels: { state: { value: State; columns: StateColumns } };
  parameters: {
    gains: { kp: number; ki: number; kd: number };
    reference: { mode: string | number; amplitude: number; frequency: number };
    load: { torque: number; inertia: number };
  };
  services: {
    step_response: { request: { amplitude: number; duration_ms: number }; reply: StepReply };
    reset: { request: Record<string, never>; reply: { angle: number } };
  };
}

type StateBatch = Batch<State, StateColumns>;
type StateSubscription = Subscription<Delivery<State, StateColumns>>;

const STEP_NS = 1_000_000n;
const PAUSE_MS = 300;
/** For calls that take seconds: none gives up before its test does. */
const PATIENTLY = { timeoutMs: 400_000 };

describe("the motor", function () {
  this.timeout(400_000);
  let rig: Rig;
  let motor: DriverHandle<Motor>;
  let state: Channel<State, StateColumns>;

  const recordings: Recording[] = [];
  let atStart: readonly ParameterEntry[];

  before(async () => {
    rig = await Rig.start("motor");
    await rig.until(() => rig.client.directory.parameters.length === 3);
    atStart = rig.client.directory.parameters;
    motor = rig.client.driver<Motor>("motor");
    state = motor.channel("state");
  });

  after(() => rig.stop());

  afterEach(() => {
    for (const recording of recordings.splice(0)) recording.close();
  });

  beforeEach(async () => {
    await motor.set("gains", { kp: 2, ki: 0.5, kd: 0.1 });
    await motor.set("reference", { mode: "SINE", amplitude: 1, frequency: 1 });
    await motor.set("load", { torque: 0, inertia: 0.00015 });
  });

  /** Looks at the newest sample again and again until it is as wanted. */
  async function newest(isWanted: (value: State) => boolean): Promise<number> {
    for await (const batch of state.batches({ delivery: "latest", last: true }))
      if (isWanted(batch.values().at(-1)!)) return batch.last;
    throw new Error("the channel ended");
  }

  /** Follows the state from now on; the first samples have come when it resolves. */
  async function follow(): Promise<Recording> {
    const recording = new Recording(state.subscribe());
    recordings.push(recording);
    await recording.read(() => true);
    return recording;
  }

  it("publishes every millisecond exactly, at whole milliseconds of UTC, without missing a sample", async () => {
    const taken = await state.take(5000);
    assert.equal(taken.count, 5000);
    assert.deepEqual(taken.lost, []);
    assert.equal(taken.timesNs[0]! % STEP_NS, 0n);
    for (let at = 1; at < taken.count; at++) {
      assert.equal(taken.timesNs[at]! - taken.timesNs[at - 1]!, STEP_NS);
      assert.equal(taken.sequences[at], taken.sequences[0]! + at);
    }
    const { lateness } = taken.columns;
    assert.ok(lateness.every((us) => us >= 0));
  });

  it("runs the steps that a pause made it miss, each with the time at which it was due", async () => {
    const recording = await follow();
    rig.driver.process.kill("SIGSTOP");
    await pause(PAUSE_MS);
    rig.driver.process.kill("SIGCONT");
    const late = 900 * PAUSE_MS; // µs
    await recording.read(({ columns }) => columns.lateness.some((each) => each > late));
    await recording.read(({ columns }) => columns.lateness.some((each) => each < late)); // it has caught up
    await recording.readTo((await newest(() => true)) + 1000);
    recording.checkConsecutive();
  });

  it("begins with the values that its header calls the default", () => {
    for (const { parameter, fields, value } of atStart) {
      const values = value as Record<string, unknown>;
      for (const { name, default: wanted, labels } of fields) {
        const is = values[name];
        assert.equal(typeof is === "string" ? labels?.[is] : is, wanted, `${parameter} ${name}`);
      }
    }
  });

  it("computes with a new gain from the very sample that the answer to the set names", async () => {
    const recording = await follow();
    const applied = await motor.set("gains", { kp: 4 });
    assert.deepEqual(applied.applied, { kp: 4, ki: 0.5, kd: 0.1 });
    assert.equal(applied.channel, "motor/state");
    await recording.readTo(applied.seq! + 500);
    recording.checkConsecutive();
    const [p, error] = [recording.column("p"), recording.column("error")];
    const turned = recording.sequences.indexOf(applied.seq!);
    assert.ok(turned > 0, "samples before the set were seen as well");
    for (const [at, volts] of p.entries()) assert.equal(volts, (at < turned ? 2 : 4) * error[at]!);
    assert.deepEqual(await motor.get("gains"), { kp: 4, ki: 0.5, kd: 0.1 });
  });

  it("answers a jump faster and further with a higher gain", async () => {
    const soft = await motor.call("step_response", { amplitude: 1, duration_ms: 800 }, PATIENTLY);
    await motor.set("gains", { kp: 4 });
    const hard = await motor.call("step_response", { amplitude: 1, duration_ms: 800 }, PATIENTLY);
    assert.ok(soft.rise_time > 80 && soft.overshoot < 6, JSON.stringify(soft));
    assert.ok(hard.rise_time < 0.7 * soft.rise_time, JSON.stringify(hard));
    assert.ok(hard.overshoot > soft.overshoot + 3, JSON.stringify(hard));
  });

  for (const { why, values, code } of [
    { why: "below the range", values: { kp: -1 }, code: "out_of_range" },
    { why: "above the range beside one within", values: { kp: 3, ki: 1e9 }, code: "out_of_range" },
    { why: "of no such field", values: { kp: 3, kq: 1 }, code: "unknown_field" },
    { why: "that is no number", values: { kp: "much" }, code: "bad_value" },
  ] as const) {
    it(`changes nothing by a set ${why}`, async () => {
      await assert.rejects(rig.client.set("motor/gains", values), (error) => isBridgeError(error, code));
      assert.deepEqual(await motor.get("gains"), { kp: 2, ki: 0.5, kd: 0.1 });
      const { columns, count } = await state.take(50);
      for (let at = 0; at < count; at++) assert.equal(columns.p[at], 2 * columns.error[at]!);
    });
  }

  it("refuses a reference that it could never follow, and says why", async () => {
    const refused = motor.set("reference", { amplitude: 6, frequency: 20 });
    await assert.rejects(refused, (error) => isBridgeError(error, "refused", /754 rad\/s.*at most at 240 rad\/s/));
    await assert.rejects(motor.set("reference", { mode: 17 }), (error) =>
      isBridgeError(error, "out_of_range", /none of OFF/),
    );
    assert.deepEqual(await motor.get("reference"), { mode: "SINE", amplitude: 1, frequency: 1 });
  });

  it("coasts without voltage in mode OFF", async () => {
    const { seq } = await motor.set("reference", { mode: "OFF" });
    const recording = await follow();
    await recording.readTo(seq! + 3000);
    const off = recording.sequences.indexOf(seq!) + 1; // 0 when it began later
    assert.ok(
      recording
        .column("voltage")
        .slice(off)
        .every((volts) => volts === 0),
    );
    const angle = recording.column("angle");
    assert.equal(angle.at(-1), angle.at(-200), "the shaft has come to rest");
  });

  it("measures a step response while its loop goes on, and refuses a second one meanwhile", async () => {
    const recording = await follow();
    // So long that it still goes on when the refusals come.
    const call = motor.call("step_response", { amplitude: -2, duration_ms: 5000 }, PATIENTLY);
    let reply: StepReply | undefined;
    const replied = call.then((value) => (reply = value));
    let began = false;
    const watched = recording.read(({ columns }) => {
      began ||= columns.testing.includes(1);
      return began && columns.testing.at(-1) === 0;
    });
    watched.catch(() => undefined); // awaited below
    await newest(({ testing }) => testing);
    await assert.rejects(motor.call("step_response", { amplitude: 1, duration_ms: 200 }), (error) =>
      isBridgeError(error, "busy", /step response is being measured for \d+ ms more/),
    );
    await assert.rejects(motor.set("reference", { amplitude: 2 }), (error) =>
      isBridgeError(error, "busy", /for \d+ ms more/),
    );
    assert.equal(reply, undefined, "the refusals overtook the reply");
    reply = await replied;
    await watched;
    recording.checkConsecutive();

    assert.equal(reply.samples.length, 200);
    assert.equal(reply.sample_interval, 25);
    const testing = recording.column("testing");
    const [first, last] = [testing.indexOf(1), testing.lastIndexOf(1)];
    assert.ok(last - first + 1 >= 5030 && last - first < 6000, `${String(last - first)} steps`);
    assert.equal(testing.at(-1), 0);
    // The last 5000 of these steps are those that were watched: the samples are of the same motor.
    const [jump, angle] = [last - 4999, recording.column("angle")];
    assert.equal(reply.baseline, angle[jump]);
    assert.equal(recording.column("reference")[jump], reply.baseline - 2);
    for (const [at, sample] of reply.samples.entries())
      assert.equal(Math.fround(angle[jump + 25 * at]! - reply.baseline), Math.fround(sample));
    assert.ok(reply.rise_time > 50 && reply.rise_time < 300);
    assert.ok(Math.abs(reply.steady_state_error) < 0.1);
  });

  it("refuses a step response that cannot be", async () => {
    for (const args of [
      { amplitude: 0, duration_ms: 500 },
      { amplitude: 7, duration_ms: 500 },
      { amplitude: 1, duration_ms: 199 },
      { amplitude: 1, duration_ms: 5001 },
    ])
      await assert.rejects(motor.call("step_response", args), (error) => isBridgeError(error, "out_of_range"));
  });

  it("gives a step response up when its caller does", async () => {
    const giveUp = new AbortController();
    const args = { amplitude: 1, duration_ms: 5000 };
    const call = motor.call("step_response", args, { ...PATIENTLY, signal: giveUp.signal });
    await newest(({ testing }) => testing);
    giveUp.abort();
    await assert.rejects(call, (error) => isBridgeError(error, "cancelled"));
    await newest(({ testing }) => !testing);
    assert.equal((await motor.call("step_response", { amplitude: 1, duration_ms: 200 })).samples.length, 200);
  });

  it("goes back to angle 0 by a reset, which ends a step response", async () => {
    await motor.set("reference", { mode: "STEP", amplitude: 3 });
    await newest(({ angle }) => angle >= 2.5);
    const call = motor.call("step_response", { amplitude: 1, duration_ms: 5000 }, PATIENTLY);
    const failed = assert.rejects(call, (error) => isBridgeError(error, "service_failed", /reset/));
    await newest(({ testing }) => testing);
    const recording = await follow();
    const { angle } = await motor.call("reset");
    await failed;
    assert.ok(angle > 2);
    await recording.read((batch) => batch.columns.angle.includes(0)); // the answer may overtake the samples
    const angles = recording.column("angle");
    const at = angles.indexOf(0);
    assert.ok(at > 0, "it was at 0");
    assert.ok(Math.abs(angles[at - 1]! - angle) < 0.1, "a step after the angle that the answer has");
    assert.deepEqual(await motor.get("reference"), { mode: "STEP", amplitude: 3, frequency: 1 });
  });
});

/** Samples of the state in the order in which they came. */
class Recording {
  readonly #subscription: StateSubscription;
  readonly #deliveries: AsyncIterator<Delivery<State, StateColumns>>;
  readonly #batches: StateBatch[] = [];
  readonly #lost: unknown[] = [];

  constructor(subscription: StateSubscription) {
    this.#subscription = subscription;
    this.#deliveries = subscription[Symbol.asyncIterator]();
  }

  close(): void {
    this.#subscription.close();
  }

  /** Reads until a batch is as wanted, and that one too. */
  async read(isLast: (batch: StateBatch) => boolean): Promise<void> {
    for (;;) {
      const next = await this.#deliveries.next();
      if (next.done === true) throw new Error("the channel ended");
      if (next.value.kind !== "batch") {
        this.#lost.push(next.value);
        continue;
      }
      this.#batches.push(next.value);
      if (isLast(next.value)) return;
    }
  }

  /** Reads until a sequence has come. */
  readTo(seq: number): Promise<void> {
    return this.read(({ last }) => last >= seq);
  }

  get sequences(): number[] {
    return this.#batches.flatMap((batch) => [...batch.sequences]);
  }

  column(name: keyof StateColumns): number[] {
    return this.#batches.flatMap((batch) => [...batch.columns[name]]);
  }

  /** Nothing was lost, and each sample follows the one before by one sequence and one millisecond. */
  checkConsecutive(): void {
    assert.deepEqual(this.#lost, []);
    const sequences = this.sequences;
    const times = this.#batches.flatMap((batch) => [...batch.timesNs]);
    for (let at = 1; at < sequences.length; at++) {
      assert.equal(sequences[at], sequences[0]! + at);
      assert.equal(times[at]! - times[at - 1]!, STEP_NS);
    }
  }
}
