// SPDX-License-Identifier: MIT
// The bridge with the real drivers: two bridges on one of them, one stopped; a driver that is killed and comes back.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { readBatchHeader, recordType } from "../../bridge/layout/record.ts";
import { startBridgeProgram } from "../support/bridge-program.ts";
import { RuntimeFolder, startDriver, type DriverProgram } from "../support/driver-program.ts";
import { WireClient, type Message, samplesOf } from "../support/wire-client.ts";

interface Applied {
  readonly applied: Message;
  readonly seq: number;
}

describe("the bridge and a real driver", () => {
  let runtime: RuntimeFolder;
  const closing: (() => Promise<unknown>)[] = [];

  beforeEach(() => {
    runtime = new RuntimeFolder();
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    runtime.remove();
  });

  async function motor(): Promise<DriverProgram> {
    const driver = await startDriver(runtime, "motor");
    closing.push(() => driver.stop("SIGKILL"));
    return driver;
  }

  /** A bridge of its own process and a client of it that sees the motor. */
  async function bridge(name: string): Promise<WireClient> {
    const program = await startBridgeProgram(runtime, ["--port", "0", "--name", name]);
    closing.push(() => program.stop());
    const client = await WireClient.enter(program.url, program.token);
    closing.push(() => client.close());
    await seesMotor(client);
    return client;
  }

  async function seesMotor(client: WireClient): Promise<void> {
    await client.ask({ op: "watch" });
    const isUp = async (): Promise<boolean> => {
      const { services } = await client.ask<{ services: Message[] }>({ op: "list" });
      return services.some(({ service }) => service === "motor/reset");
    };
    while (!(await isUp())) await client.next(({ op }) => op === "directory");
  }

  /** Takes the samples of `motor/state` that come until there are so many; fails on any that is missing. */
  async function take(client: WireClient, count: number): Promise<void> {
    let next: number | undefined;
    for (let taken = 0; taken < count;) {
      const at = client.came.findIndex((message) => message instanceof Uint8Array);
      if (at < 0) {
        await client.change();
        continue;
      }
      for (const record of samplesOf(client.came.splice(at, 1)[0] as Uint8Array)) {
        assert.equal(recordType(record), 1, "a gap");
        const header = readBatchHeader(record);
        assert.equal(header.first, next ?? header.first);
        next = header.first + header.count;
        taken += header.count;
      }
    }
  }

  it("stays whole while another bridge is stopped; what is set meanwhile both see afterwards", async () => {
    await motor();
    const [healthy, stopped] = [await bridge("a"), await bridge("b")];
    for (const client of [healthy, stopped]) await client.ask({ op: "subscribe", channels: ["motor/state"] });
    const { pid } = await stopped.ask<{ pid: number }>({ op: "status" });
    process.kill(pid, "SIGSTOP");
    await take(healthy, 1500);
    const set = { op: "set", parameter: "motor/gains", values: { kp: 4 } };
    const { applied, seq } = await healthy.ask<Applied>(set);
    assert.deepEqual(applied, { kp: 4, ki: 0.5, kd: 0.1 });
    await take(healthy, 1500);
    process.kill(pid, "SIGCONT");
    const event = await stopped.next(({ op, parameter }) => op === "parameter" && parameter === "motor/gains");
    assert.equal((event["set"] as Message)["seq"], seq);
    const { value } = await stopped.ask<{ value: Message }>({ op: "get", parameter: "motor/gains" });
    assert.deepEqual(value, applied);
    await take(healthy, 500);
  });

  it("refuses a set as a whole with the driver's reason, and nothing has changed", async () => {
    await motor();
    const client = await bridge("a");
    const set = client.ask({ op: "set", parameter: "motor/gains", values: { kp: 1e9, ki: 7 } });
    await assert.rejects(set, { code: "out_of_range" });
    const { value } = await client.ask<{ value: Message }>({ op: "get", parameter: "motor/gains" });
    assert.deepEqual(value, { kp: 2, ki: 0.5, kd: 0.1 });
  });

  it("goes on by itself when the driver is killed and comes back: end, restart, the driver's own values", async () => {
    const first = await motor();
    const client = await bridge("a");
    await client.ask({ op: "set", parameter: "motor/gains", values: { kp: 9 } });
    await client.ask({ op: "subscribe", channels: ["motor/state"] });
    const stream = await client.next(({ op }) => op === "stream");
    await take(client, 100);
    await first.stop("SIGKILL");
    const end = await client.next(({ op }) => op === "end");
    assert.deepEqual([end["stream"], end["reason"]], [stream["stream"], "disconnected"]);
    for (const request of [
      { op: "set", parameter: "motor/gains", values: { kp: 1 } },
      { op: "get", parameter: "motor/gains" },
      { op: "call", service: "motor/reset" },
    ]) {
      await assert.rejects(client.ask(request), { code: "disconnected" });
    }
    await motor();
    const restart = await client.next(({ op }) => op === "restart");
    assert.deepEqual([restart["stream"], restart["previous"]], [stream["stream"], stream["epoch"]]);
    await seesMotor(client);
    const { value } = await client.ask<{ value: Message }>({ op: "get", parameter: "motor/gains" });
    assert.deepEqual(value, { kp: 2, ki: 0.5, kd: 0.1 });
  });
});
