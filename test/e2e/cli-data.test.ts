// SPDX-License-Identifier: MIT
// `sub` on real drivers: what is printed is what was published, each sample once.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, it } from "mocha";
import { promisify } from "node:util";
import { bridgeEnv, CLI, startBridgeProgram, type BridgeProgram } from "../support/bridge-program.ts";
import { CliRun, jsonObjects, runCli, untilListed } from "../support/cli.ts";
import { RuntimeFolder, startDriver, type DriverProgram } from "../support/driver-program.ts";
import { assertTicksBetween, CPU_FIELDS, type CpuTicks, cpuTicks } from "../support/proc.ts";

interface CpuSample {
  readonly time: number;
  readonly value: { readonly online: number; readonly total: Readonly<Record<string, number | string>> };
}

describe("sub", function () {
  this.timeout(400_000);
  const runtime = new RuntimeFolder();
  const env = bridgeEnv(runtime);
  let bridge: BridgeProgram;
  const drivers: DriverProgram[] = [];

  before(async () => {
    for (const name of ["host", "motor", "tally"]) drivers.push(await startDriver(runtime, name));
    bridge = await startBridgeProgram(runtime);
    for (const service of ["host/processes", "motor/reset", "tally/count"]) await untilListed(service, env);
  });

  after(async () => {
    await bridge.stop();
    for (const driver of drivers) await driver.stop();
    runtime.remove();
  });

  /** The last words on standard error, without how long samples took. */
  function accountOf(stderr: string): object {
    const { account } = jsonObjects(stderr).at(-1) as { account: { latency: unknown } };
    const { latency, ...counts } = account;
    assert.ok(latency === null || typeof latency === "object");
    return counts;
  }

  it("host/cpu lies between the kernel's own numbers read just before and just after", async () => {
    const run = new CliRun("built", ["sub", "host/cpu", "--json"], env);
    const sampleOf = (line: string): CpuSample => JSON.parse(line) as CpuSample;
    await run.line(() => true);
    const earlier = cpuTicks().get("cpu") ?? [];
    const earlierMs = Date.now() + 1; // a sample's time has a fraction, Date.now() has none
    // The first that was published since may have been read before; the next was read after that.
    let since = 0;
    const { value } = sampleOf(await run.line((line) => sampleOf(line).time > earlierMs && ++since === 2));
    const later = cpuTicks().get("cpu") ?? [];
    assert.equal((await run.stop("SIGINT")).code, 0);
    const ticks = Object.fromEntries(CPU_FIELDS.map((name) => [name, BigInt(value.total[name] ?? -1)]));
    assertTicksBetween(earlier, ticks as CpuTicks, later, value.online);
  });

  it("motor/state gives 5000 consecutive samples, exactly 1 ms apart", async () => {
    const args = ["sub", "motor/state", "--count", "5000", "--json", "--ns"];
    const { code, stdout, stderr } = await runCli("built", args, env);
    assert.equal(code, 0);
    assert.deepEqual(accountOf(stderr), { complete: true, due: 5000, delivered: 5000, skipped: 0, lost: {} });
    const samples = jsonObjects(stdout) as { seq: number; time: number; time_ns: string; channel: string }[];
    assert.equal(samples.length, 5000);
    const [first] = samples;
    samples.forEach(({ channel, seq, time, time_ns }, i) => {
      assert.equal(channel, "motor/state");
      assert.equal(seq, first!.seq + i);
      assert.equal(BigInt(time_ns), BigInt(first!.time_ns) + BigInt(i) * 1_000_000n);
      assert.equal(time, Number(BigInt(time_ns) / 1000n) / 1000);
    });
  });

  it("takes patterns, and begins with the newest samples when it is told to", async () => {
    const run = await runCli("built", ["sub", "*/state", "host/*", "--last", "--count", "5", "--json"], env);
    assert.equal(run.code, 0);
    assert.equal(jsonObjects(run.stdout).length, 5);
    const wrong = await runCli("built", ["sub", "host/m*"], env);
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /name_invalid.*host\/m\*/);
  });

  it("without --json shows fields with their units", async () => {
    const { stdout } = await runCli("built", ["sub", "motor/state", "--count", "1"], env);
    assert.match(
      stdout,
      /^\d\d:\d\d:\d\d\.\d{3} {2}motor\/state {2}#\d+ {2}reference=\S+ rad {2}angle=\S+ rad .*mode=SINE/,
    );
  });

  it("fails with timeout when fewer samples come than --count says", async () => {
    const args = ["sub", "tally/counts", "--count", "1", "--timeout", "0.2", "--json"];
    const { code, stdout, stderr } = await runCli("built", args, env);
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.equal((jsonObjects(stderr)[0]?.["error"] as { code: string }).code, "timeout");
  });

  it("ends after --timeout without --count as asked, with 0", async () => {
    const args = ["sub", "motor/state", "--timeout", "0.3", "--json"];
    const { code, stdout, stderr } = await runCli("built", args, env);
    assert.equal(code, 0);
    // How many there are nobody knows; each is there.
    const printed = jsonObjects(stdout).length;
    assert.deepEqual(accountOf(stderr), { complete: true, due: printed, delivered: printed, skipped: 0, lost: {} });
  });

  it("fails with unknown_channel for a name that is not there", async () => {
    const { code, stderr } = await runCli("built", ["sub", "motor/stat"], env);
    assert.equal(code, 1);
    assert.match(stderr, /unknown_channel.*motor\/stat.*--wait waits/);
  });

  it("ends with 0 on Ctrl-C, and says that what it printed is complete", async () => {
    const run = new CliRun("built", ["sub", "motor/state", "--json"], env);
    await run.line(() => true);
    const { code, signal, stdout, stderr } = await run.stop("SIGINT");
    assert.deepEqual([code, signal], [0, null]);
    const printed = jsonObjects(stdout).length;
    assert.deepEqual(accountOf(stderr), { complete: true, due: printed, delivered: printed, skipped: 0, lost: {} });
  });

  it("thins to a rate, and to some fields, and says what it left out", async () => {
    const args = ["sub", "motor/state", "--max-hz", "50", "--fields", "angle,mode", "--count", "20"];
    const { code, stdout, stderr } = await runCli("built", [...args, "--json"], env);
    assert.equal(code, 0);
    const samples = jsonObjects(stdout) as { seq: number; time: number; value: object }[];
    samples.forEach(({ time, value }, i) => {
      assert.deepEqual(Object.keys(value).sort(), ["angle", "mode"]);
      if (i > 0) assert.ok(time - (samples[i - 1]?.time ?? 0) >= 19.999);
    });
    const { complete, delivered, skipped } = accountOf(stderr) as Record<string, number | boolean>;
    assert.deepEqual([complete, delivered], [true, 20]);
    assert.ok(Number(skipped) >= 19 * 19);
  });

  it("keeps the extremes of each column, and says how long samples took", async () => {
    const args = ["sub", "motor/state", "--delivery", "minmax", "--column-ms", "100", "--fields", "angle"];
    for (;;) {
      const { code, stdout, stderr } = await runCli("built", [...args, "--count", "40", "--latency"], env);
      assert.equal(code, 0);
      assert.equal(stdout.trim().split("\n").length, 40);
      const [, leftOut] = /^structwire: complete \(40 samples, (\d+) left out as asked\)$/m.exec(stderr) ?? [];
      // Of a whole column of 100 samples at most four stay: the first, the last and the two extremes.
      assert.ok(Number(leftOut) >= 500, stderr);
      // Where the bridge was slow to tell its time: once more.
      if (stderr.includes("structwire: latency: not known yet")) continue;
      // Below 0 it may be by as much as the clocks are not sure.
      assert.match(stderr, /^structwire: latency p50\/p99 -?\d+\.?\d*\/-?\d+\.?\d* ms, ±\d/m);
      break;
    }
  });

  it("ends quietly when its reader goes", async () => {
    const command = `"${process.execPath}" "${CLI}" sub motor/state --json | head -n 3`;
    const all = { ...process.env, ...env };
    const { stdout, stderr } = await promisify(execFile)("bash", ["-o", "pipefail", "-c", command], { env: all });
    assert.equal(jsonObjects(stdout).length, 3);
    assert.equal(stderr, "");
  });
});
