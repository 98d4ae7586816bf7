// SPDX-License-Identifier: MIT
// `structwire demo`: everything runs after one command, and nothing is left after its end.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, it } from "mocha";
import { bridgeEnv } from "../support/bridge-program.ts";
import { CliRun, jsonObjects, runCli } from "../support/cli.ts";
import { driverPath, RuntimeFolder } from "../support/driver-program.ts";
import { isRunning } from "../support/proc.ts";
import { until } from "../support/until.ts";

const NAMES = ["host", "motor", "tally"];

/** The processes below `pid` that run one of our drivers, by its name. */
function driversOf(pid: number): Map<string, number> {
  const found = new Map<string, number>();
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const [command = ""] = readFileSync(`/proc/${entry}/cmdline`, "utf8").split("\0");
      const parent = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${entry}/status`, "utf8"))?.[1];
      const name = NAMES.find((each) => command === driverPath(each));
      if (name !== undefined && Number(parent) === pid) found.set(name, Number(entry));
    } catch {
      // It ended between the listing and the reading.
    }
  }
  return found;
}

/** Resolves once none of the processes runs; the test's timeout bounds it. */
async function untilGone(pids: readonly number[]): Promise<void> {
  await until(() => !pids.some(isRunning));
}

describe("the demo", function () {
  this.timeout(400_000);
  let runtime: RuntimeFolder;
  let env: NodeJS.ProcessEnv = {};
  let run: CliRun | undefined;

  beforeEach(() => {
    runtime = new RuntimeFolder();
    env = { ...bridgeEnv(runtime), DISPLAY: "", WAYLAND_DISPLAY: "" };
  });

  afterEach(async () => {
    await run?.stop("SIGKILL");
    run = undefined;
    runtime.remove();
  });

  async function start(...args: string[]): Promise<CliRun> {
    run = new CliRun("built", ["demo", "--port", "0", ...args], env);
    await run.line((line) => /^ready http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+$/.test(line));
    return run;
  }

  it("is ready once all three drivers can be read, set and called", async () => {
    await start();
    const { stdout } = await runCli("built", ["ls", "--json"], env);
    const drivers = new Set(jsonObjects(stdout).map((entry) => entry["driver"]));
    assert.deepEqual([...drivers].sort(), NAMES);
    assert.equal((await runCli("built", ["sub", "motor/state", "--count", "100", "--json"], env)).code, 0);
    assert.equal((await runCli("built", ["set", "motor/gains", "kp=3"], env)).code, 0);
    assert.equal((await runCli("built", ["call", "tally/count", "value=3"], env)).code, 0);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`ends everything that it started on ${signal}`, async () => {
      const demo = await start("--no-open");
      const pids = [...driversOf(demo.child.pid!).values()];
      assert.equal(pids.length, 3);
      const { code, signal: killed, stdout } = await demo.stop(signal);
      assert.deepEqual([code, killed], [0, null]);
      assert.match(stdout, /^ready \S+\n$/);
      assert.deepEqual(pids.filter(isRunning), []);
      assert.deepEqual(readdirSync(`${runtime.path}/bridges`), []);
      assert.deepEqual(
        readdirSync(`${runtime.path}/drivers`).filter((name) => name.endsWith(".sock")),
        [],
      );
    });
  }

  it("ends a driver that does not end by itself", async () => {
    const demo = await start();
    const pid = driversOf(demo.child.pid!).get("tally")!;
    process.kill(pid, "SIGSTOP");
    const { code, stderr } = await demo.stop();
    assert.equal(code, 0);
    assert.match(stderr, /tally does not end; killing it/);
    assert.equal(isRunning(pid), false);
  });

  it("starts a driver that dies again and says so", async () => {
    const demo = await start();
    const pid = driversOf(demo.child.pid!).get("motor")!;
    const watching = new CliRun("built", ["sub", "motor/state", "--json"], env);
    await watching.line((line) => line.includes('"seq"'));
    process.kill(pid, "SIGKILL");
    await demo.note(/driver motor ended \(SIGKILL\); starting it again in 0\.25 s/);
    await watching.line((line) => line.includes('"restart"'));
    await watching.line((line) => line.includes('"seq"'), watching.lines.length);
    await watching.stop("SIGINT");
    assert.notEqual(driversOf(demo.child.pid!).get("motor"), pid);
  });

  it("leaves no driver behind when it is killed itself", async () => {
    const demo = await start();
    const pids = [...driversOf(demo.child.pid!).values()];
    await demo.stop("SIGKILL");
    await untilGone(pids);
  });

  it("says what is in the way when a driver of that name runs already", async () => {
    const demo = await start();
    const second = new CliRun("built", ["demo", "--port", "0", "--no-open"], { ...env, STRUCTWIRE_NAME: "second" });
    const { code, stdout, stderr } = await second.ended;
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /driver_failed: the driver \w+ ended \(exit code 1\): .*--name/);
    assert.equal(driversOf(demo.child.pid!).size, 3);
  });

  it("says port_in_use at once when the port is taken", async () => {
    const demo = await start();
    const port = /:(\d+)\//.exec(demo.lines[0]!)![1]!;
    const other = { ...env, STRUCTWIRE_NAME: "second" };
    const { code, stderr } = await runCli("built", ["demo", "--port", port, "--no-open"], other);
    assert.equal(code, 1);
    assert.match(stderr, /port_in_use.*--port/);
  });
});
