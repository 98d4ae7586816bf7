// SPDX-License-Identifier: MIT
// The lessons after the first one, each executed from top to bottom in a real kernel: what their cells say, and that they leave nothing changed.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { type Client, connect } from "../../bridge/index.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import { bridgeEnv, type BridgeProgram, startBridgeProgram } from "../support/bridge-program.ts";
import { type DriverProgram, RuntimeFolder, startDriver } from "../support/driver-program.ts";
import { type ExecutedCell, executeNotebook } from "../support/notebook.ts";

describe("the lessons", function () {
  this.timeout(600_000);
  let runtime: RuntimeFolder;
  let drivers: DriverProgram[];
  let bridge: BridgeProgram;
  let client: Client;

  before(async () => {
    runtime = new RuntimeFolder();
    drivers = await Promise.all(["motor", "tally"].map((name) => startDriver(runtime, name)));
    bridge = await startBridgeProgram(runtime);
    client = await connect({ url: bridge.link });
    await client.channel("motor/state").latest({ timeoutMs: 60_000 });
  });

  after(async () => {
    await client.close();
    await bridge.stop();
    await Promise.all(drivers.map((driver) => driver.stop()));
    runtime.remove();
  });

  /** Executes a lesson; afterwards no cell complained, none holds the token, and the motor has the parameters that it had. */
  const execute = async (name: string): Promise<(id: string) => ExecutedCell> => {
    const motor = client.driver("motor");
    const parameters = (): Promise<unknown> => Promise.all([motor.get("gains"), motor.get("reference")]);
    const former = await parameters();
    const cells = await executeNotebook(join(ROOT, "notebooks", `${name}.ipynb`), bridgeEnv(runtime));
    assert.equal(cells.map(({ complaints }) => complaints).join(""), "");
    assert.equal(JSON.stringify(cells).includes(bridge.token), false);
    assert.deepEqual(await parameters(), former);
    return (id) => {
      const found = cells.find((cell) => cell.id === id);
      assert.ok(found, `there is no cell ${id}`);
      return found;
    };
  };

  it("02-tuning compares what a sweep has measured from the exact sample on, and keeps the best as a preset", async () => {
    const cell = await execute("02-tuning");
    assert.match(cell("plot").html, /"motor\/state"/);
    assert.match(cell("knobs").html, /"motor\/gains"/);
    const runs = cell("sweep").printed;
    assert.match(runs, /^5 runs, 0 failed$/m);
    assert.equal(runs.match(/^kp \d+: 1400 samples, the first is the first with it: true, 0 gaps$/gm)?.length, 5);

    const overshoots = [...cell("jumps").printed.matchAll(/([\d.]+) % overshoot/g)].map(([, percent]) =>
      Number(percent),
    );
    assert.equal(overshoots.length, 5);
    assert.ok((overshoots.at(-1) ?? 0) > (overshoots[0] ?? 0) + 20, overshoots.join());
    assert.equal(cell("chart").svg.match(/<polyline/g)?.length, 5);

    assert.match(cell("grid").printed, /^the fastest calm one: kp \d+, kd 0\.3$/m);
    assert.match(cell("keep").printed, /field: 'kp', saved: (?:8|16), other: 2 /);
    assert.match(cell("keep").printed, /^\{ kp: (?:8|16), ki: 0\.5, kd: 0\.3 \}$/m);
    assert.deepEqual(await client.presets.list(), []);
  });

  it("03-tally counts in a C program what a slider and a button send, and shows it as bars", async () => {
    const cell = await execute("03-tally");
    assert.match(cell("plot").html, /"view":"bars"/);
    assert.match(cell("form").html, /"kind":"call"/);
    assert.equal(cell("call").printed, "named: 7, 1 of 1 in all\n");
    assert.match(cell("refuse").printed, /^out_of_range - .*10$/m);
    const many = cell("many").printed;
    assert.match(many, /^200 more were counted$/m);
    const counts = [...many.matchAll(/\d+:(\d+)/g)].map(([, count]) => Number(count));
    assert.equal(counts.length, 11);
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      202,
    );
  });

  it("04-chain lets a hand turn a motor, by way of a recognizer and an actuator", async () => {
    const cell = await execute("04-chain");
    assert.match(cell("watch-hand").html, /"hand"/);
    assert.deepEqual(cell("through").printed.split("\n").slice(0, 2), [
      "shake: the motor swings by 2 rad, 2 times a second",
      "rest: the motor swings by 0.5 rad, 0.5 times a second",
    ]);
    assert.equal(cell("stop").printed, "the hand: stopped\n");
    assert.deepEqual(await client.streams.list(), []);
  });

  it("05-server starts a bridge and a driver, restarts it, and takes both down", async () => {
    const cell = await execute("05-server");
    assert.equal(cell("bridge").printed, `the bridge "lesson" listens on 127.0.0.1\n`);
    assert.match(cell("launch").printed, /^running, process \d+$/m);
    assert.match(cell("sample").printed, /^sample \d+: the shaft turns at -?[\d.]+ rad\/s$/m);
    assert.equal(cell("restart").printed, "another process: true\nand another count: true\n");
    assert.equal(cell("crash").printed, "{ code: null, signal: 'SIGKILL' } ended\nrunning\n");
    assert.match(cell("wrong").printed, /^driver_failed - .*unknown argument: --sideways/m);
    assert.equal(cell("end").printed, "{ code: 0, signal: null }\n");
    assert.equal(existsSync(runtime.socketOf("shaft")), false);
    assert.equal(existsSync(join(runtime.path, "bridges", "lesson.json")), false);
  });

  it("06-own-driver writes, compiles, starts, turns and changes a driver in C", async () => {
    const cell = await execute("06-own-driver");
    assert.match(cell("compile").printed, /pendulum\.d\.ts .*pendulum\.schema\.c/);
    assert.equal(cell("launch").printed, "running - the pendulum swings\nangle, speed, energy\n");
    assert.match(cell("plot").html, /"pendulum\/state"/);
    assert.match(cell("knobs").html, /"pendulum\/rod"/);
    assert.match(cell("push").html, /"pendulum\/push"/);
    const [long = NaN, short = NaN] = swings(cell("measure").printed);
    // That of a small swing, and up to a tenth more for one of a radian.
    assert.ok(long > 1260 && long < 1400, `${String(long)} ms`);
    assert.ok(short > 630 && short < 700, `${String(short)} ms`);
    const [moon = NaN] = swings(cell("change").printed);
    assert.ok(moon > 1550 && moon < 1720, `${String(moon)} ms`);
    assert.equal(cell("end").printed, "{ code: 0, signal: null }\n");
    assert.equal(existsSync(join(ROOT, "notebooks", "pendulum")), false);
  });
});

/** The measured times of swings in ms. */
function swings(printed: string): number[] {
  return [...printed.matchAll(/: (\d+) ms a swing/g)].map(([, ms]) => Number(ms));
}
