// SPDX-License-Identifier: MIT
// `set` on the real motor, measured by what the motor does; and two bridges on one driver.
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { connect, type ParameterEvent } from "../../bridge/index.ts";
import { bridgeEnv, startBridgeProgram, type BridgeProgram } from "../support/bridge-program.ts";
import { CliRun, jsonObjects, runCli, untilListed } from "../support/cli.ts";
import { RuntimeFolder, startDriver, type DriverProgram } from "../support/driver-program.ts";
import { untilDirectory } from "../support/rig.ts";

type MotorSample = {
  readonly seq: number;
  readonly value: { readonly error: number; readonly p: number };
};

describe("set", function () {
  this.timeout(400_000);
  const runtime = new RuntimeFolder();
  const env = bridgeEnv(runtime);
  let driver: DriverProgram;
  let bridge: BridgeProgram;

  before(async () => {
    driver = await startDriver(runtime, "motor");
    bridge = await startBridgeProgram(runtime, ["--port", "0", "--name", "first"]);
    await untilListed("motor/reset", env);
  });

  after(async () => {
    await bridge.stop();
    await driver.stop();
    runtime.remove();
  });

  async function gains(name = "first"): Promise<unknown> {
    const { stdout } = await runCli("built", ["get", "motor/gains", "--json", "--bridge", name], env);
    return jsonObjects(stdout)[0]?.["value"];
  }

  it("kp=4 prints all gains and the first sample from which on the motor answers with it", async () => {
    const before = (await gains()) as { kp: number; ki: number; kd: number };
    assert.equal(before.kp, 2);
    const watching = new CliRun("built", ["sub", "motor/state", "--json"], env);
    await watching.line(() => true);
    const { code, stdout } = await runCli("built", ["set", "motor/gains", "kp=4", "--json"], env);
    assert.equal(code, 0);
    const [set] = jsonObjects(stdout) as {
      parameter: string;
      applied: object;
      channel: string;
      epoch: string;
      seq: number;
      time: number;
    }[];
    assert.deepEqual(set?.applied, { ...before, kp: 4 });
    assert.deepEqual([set.parameter, set.channel], ["motor/gains", "motor/state"]);
    assert.match(set.epoch, /^\d{19}$/);

    const seqOf = (line: string): number => (JSON.parse(line) as MotorSample).seq;
    await watching.line((line) => seqOf(line) > set.seq + 1000, watching.lines.length);
    const samples = jsonObjects((await watching.stop("SIGINT")).stdout) as MotorSample[];
    const first = samples[0]!.seq;
    assert.ok(first < set.seq, `${String(first)} < ${String(set.seq)}`);
    for (const { seq, value } of samples) {
      const kp = seq < set.seq ? 2 : 4;
      assert.ok(
        Math.abs(value.p - kp * value.error) < 1e-9,
        `sample ${String(seq)} answers with another gain than ${String(kp)}`,
      );
    }
    assert.deepEqual(await gains(), { ...before, kp: 4 });
  });

  for (const [what, argument, code] of [
    ["beyond its limits", "kp=400", "out_of_range"],
    ["of a field that is not there", "kq=1", "unknown_field"],
    ["that is no number", "kp=fast", "bad_value"],
  ] as const) {
    it(`of a value ${what} changes nothing and says why`, async () => {
      const before = await gains();
      const refused = await runCli("built", ["set", "motor/gains", "ki=3", argument, "--json"], env);
      assert.equal(refused.code, 1);
      assert.equal(refused.stdout, "");
      assert.equal((jsonObjects(refused.stderr)[0]?.["error"] as { code: string }).code, code);
      assert.deepEqual(await gains(), before);
    });
  }

  it("of a parameter that is not there fails", async () => {
    const { code, stderr } = await runCli("built", ["set", "motor/gain", "kp=1"], env);
    assert.equal(code, 1);
    assert.match(stderr, /unknown_parameter.*motor\/gain/);
  });

  it("through one bridge works and loses nothing while another bridge of the driver stands still, and is seen by both afterwards", async () => {
    const second = await startBridgeProgram(runtime, ["--port", "0", "--name", "second"]);
    const client = await connect(second.link);
    try {
      await untilDirectory(client, () => client.directory.services.some(({ service }) => service === "motor/reset"));
      await client.channel("motor/state").take(10, { timeoutMs: 100_000 });
      const seen = new Promise<ParameterEvent>((resolve) => client.on("parameter", resolve));
      process.kill(second.pid, "SIGSTOP");
      try {
        const flags = ["--bridge", "first", "--json"];
        const watching = new CliRun("built", ["sub", "motor/state", "--count", "3000", ...flags], env);
        await watching.line(() => true);
        const set = await runCli("built", ["set", "motor/gains", "kp=7", "ki=1", ...flags], env);
        assert.equal(set.code, 0, set.stderr);
        const samples = jsonObjects((await watching.ended).stdout) as MotorSample[];
        assert.equal(samples.length, 3000);
        samples.forEach(({ seq }, i) => {
          assert.equal(seq, samples[0]!.seq + i);
        });
      } finally {
        process.kill(second.pid, "SIGCONT");
      }
      const { value } = await seen;
      assert.deepEqual(value, { kp: 7, ki: 1, kd: 0.1 });
      assert.deepEqual(await gains("second"), value);
      assert.deepEqual(await gains("first"), value);
    } finally {
      await client.close();
      await second.stop();
    }
  });
});
