// SPDX-License-Identifier: MIT
// The library on a real bridge and real drivers, with the types that gen wrote.
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import type { Delivery, DriverHandle, Subscription } from "../../bridge/index.ts";
import type { Motor } from "../../notebooks/motor.js";
import { Rig } from "../support/rig.ts";

/** Reads until so many samples came. */
async function collect(subscription: Subscription, samples: number): Promise<Delivery[]> {
  const seen: Delivery[] = [];
  let count = 0;
  for await (const delivery of subscription) {
    seen.push(delivery);
    if (delivery.kind === "batch") count += delivery.count;
    if (count >= samples) break;
  }
  return seen;
}

/** All sequences of the batches, and what is told besides. */
function accountOf(deliveries: readonly Delivery[]): { sequences: number[]; others: string[] } {
  const sequences = deliveries.flatMap((each) => (each.kind === "batch" ? [...each.sequences] : []));
  return { sequences, others: deliveries.filter(({ kind }) => kind !== "batch").map(({ kind }) => kind) };
}

describe("the client on a motor", () => {
  let rig: Rig;
  let motor: DriverHandle<Motor>;

  before(async () => {
    rig = await Rig.start("motor");
    motor = rig.client.driver<Motor>("motor");
  });

  after(async () => {
    await rig.stop();
  });

  it("takes samples as typed arrays, exactly 1 ms apart", async () => {
    const { count, columns, timesNs, sequences, lost } = await motor.channel("state").take(2000);
    assert.equal(count, 2000);
    assert.ok(columns.angle instanceof Float64Array && columns.lateness instanceof Float32Array);
    assert.deepEqual([columns.angle.length, columns.mode.length, columns.saturated.length], [2000, 2000, 2000]);
    assert.deepEqual(lost, []);
    for (let i = 1; i < count; i++) {
      assert.equal(timesNs[i]! - timesNs[i - 1]!, 1_000_000n);
      assert.equal(sequences[i]! - sequences[i - 1]!, 1);
    }
  });

  it("takes the samples of a time", async () => {
    const begun = performance.now();
    const { count, times } = await motor.channel("state").take({ ms: 250 });
    // Where nothing comes for a second more than was asked for, it gives what there is.
    assert.ok(count === 250 || (count < 250 && performance.now() - begun > 1000), String(count));
    assert.ok(Math.abs(times.at(-1)! - times[0]! - (count - 1)) < 1e-3);
  });

  it("gives the latest sample as an object", async () => {
    const sample = await motor.channel("state").latest();
    assert.ok(sample !== undefined);
    assert.equal(typeof sample.value.angle, "number");
    assert.equal(sample.value.mode, "SINE");
    assert.ok(Math.abs(sample.time - Date.now()) < 60_000);
  });

  it("sets by the generated types, and is told the first sample after", async () => {
    const batches = motor.channel("state").batches();
    const first = (await batches.next()).value!;
    const set = await motor.set("gains", { kp: 6 });
    assert.deepEqual(set.applied, { ...(await motor.get("gains")), kp: 6 });
    assert.deepEqual([set.channel, set.epoch], ["motor/state", first.epoch]);
    for await (const { columns, sequences } of batches) {
      const at = sequences.indexOf(set.seq!);
      if (at < 0) continue;
      assert.ok(Math.abs(columns.p[at]! - 6 * columns.error[at]!) < 1e-9);
      break;
    }
    await assert.rejects(motor.set("gains", { kp: 1e6 }), { code: "out_of_range" });
    assert.equal((await motor.get("gains")).kp, 6);
  });

  it("calls a service that answers later", async () => {
    const { rise_time, samples } = await motor.call("step_response", { amplitude: 0.5, duration_ms: 300 });
    assert.ok(rise_time > 0);
    assert.equal(samples.length, 200);
    await assert.rejects(rig.client.call("motor/nothing"), { code: "unknown_service" });
  });

  it("gives a call up, and the driver goes on", async () => {
    const controller = new AbortController();
    const calling = motor.call("step_response", { duration_ms: 5000 }, { signal: controller.signal });
    await motor.channel("state").take(100);
    controller.abort();
    await assert.rejects(calling, { code: "cancelled" });
    assert.equal(typeof (await motor.call("reset")).angle, "number");
  });

  it("gives each of two readers of a channel each sample once, whenever the second begins", async () => {
    const first = rig.client.subscribe("motor/state");
    const early = collect(first, 1500);
    await motor.channel("state").take(200);
    const late = collect(rig.client.subscribe("*/state", { last: true }), 1000);
    for (const deliveries of await Promise.all([early, late])) {
      const { sequences, others } = accountOf(deliveries);
      assert.deepEqual(others, []);
      sequences.forEach((sequence, i) => {
        assert.equal(sequence, sequences[0]! + i);
      });
    }
  });

  it("tells a reader that is too slow what it has lost, and no other", async () => {
    const quick = rig.client.subscribe("motor/state");
    const slow = rig.client.subscribe("motor/state", { queueBatches: 4 });
    await Promise.all([quick.ready, slow.ready]);
    const seen: Delivery[] = [];
    // How many samples are in a batch depends on the machine. What has come has come to both.
    for await (const delivery of quick) {
      seen.push(delivery);
      if (slow.dropped > 0 && quick.account.waiting === 0) break;
    }
    const { sequences: all, others } = accountOf(seen);
    assert.deepEqual(others, []);
    const [first, ...rest] = await collect(slow, 10);
    assert.ok(first?.kind === "lost");
    assert.equal(first.loss.reason, "slow_reader");
    const [next] = accountOf(rest).sequences;
    assert.equal(next, first.loss.to + 1);
    assert.equal(first.loss.count, first.loss.to - first.loss.from + 1);
    assert.ok(all.includes(first.loss.to));
  });

  it("refuses a channel that is not there, unless it is to wait for it", async () => {
    await assert.rejects(rig.client.channel("motor/stat").take(1), { code: "unknown_channel" });
    const waiting = rig.client.subscribe("motor/stat", { wait: true });
    await waiting.ready;
    waiting.close();
  });

  it("opens with a ticket only what the ticket names", async () => {
    const { ticket } = await rig.client.ticket({ channels: ["motor/state"] }, 60_000);
    const { connect } = await import("../../bridge/index.ts");
    const limited = await connect({ url: rig.client.url, token: ticket });
    try {
      assert.equal((await limited.channel("motor/state").take(10)).count, 10);
      await assert.rejects(limited.get("motor/gains"), { code: "unknown_parameter" });
      await assert.rejects(limited.ticket({}), { code: "forbidden" });
    } finally {
      await limited.close();
    }
  });
});

describe("the client on a host", () => {
  it("gives 64-bit integers as bigint, in columns, values and replies", async () => {
    const rig = await Rig.start("host");
    try {
      const host = rig.client.driver<{
        channels: { cpu: { value: { total: { user: bigint } }; columns: { "total.user": BigUint64Array } } };
        parameters: { sampling: { period_ms: number } };
        services: object;
      }>("host");
      const { columns, values } = await host.channel("cpu").take(2);
      assert.ok(columns["total.user"] instanceof BigUint64Array);
      const [first] = values();
      assert.equal(first?.total.user, columns["total.user"][0]);
      const json = (await rig.client.status()) as { codec: string };
      assert.equal(json.codec, "addon");
    } finally {
      await rig.stop();
    }
  });
});
