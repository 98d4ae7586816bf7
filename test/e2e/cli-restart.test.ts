// SPDX-License-Identifier: MIT
// A driver that is killed in the middle of a record and comes back with another layout of the same size, while `sub` goes on.
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "mocha";
import { ROOT } from "../../scripts/tools/paths.ts";
import { bridgeEnv, startBridgeProgram, type BridgeProgram } from "../support/bridge-program.ts";
import { CliRun, jsonObjects, runCli } from "../support/cli.ts";
import { run } from "../support/compilers.ts";
import { RuntimeFolder } from "../support/driver-program.ts";

const SOURCES = join(ROOT, "test", "support", "shifting");

type Sample = {
  readonly seq: number;
  readonly value: Readonly<Record<string, number | string>>;
};

interface Life {
  readonly samples: Sample[];
  lost: number;
}

/** Builds the driver in one of its layouts; gives the program's path. */
async function build(folder: string, name: string, flags: readonly string[]): Promise<string> {
  const [out, program] = [join(folder, name), join(folder, `${name}.program`)];
  const header = join(SOURCES, "shifting.h");
  const generated = await runCli("built", ["gen", header, "--out", out, "--quiet", "--", ...flags]);
  assert.equal(generated.code, 0, generated.stderr);
  const libraries = ["structwire", "structwire_posix", "structwire_core"].map((library) =>
    join(ROOT, "build", "native", `lib${library}.a`),
  );
  const includes = [`-I${out}`, `-I${SOURCES}`, `-I${join(ROOT, "native", "include")}`];
  const sources = [join(SOURCES, "shifting.c"), join(out, "shifting.schema.c")];
  run("cc", ["-std=gnu11", "-O1", ...flags, ...includes, ...sources, ...libraries, "-lpthread", "-o", program]);
  return program;
}

/** Splits what `sub` printed into the lives of the driver. */
function lives(stdout: string): Life[] {
  const all: Life[] = [{ samples: [], lost: 0 }];
  for (const line of jsonObjects(stdout)) {
    assert.equal(line["channel"], "shifting/flow");
    const life = all.at(-1)!;
    if ("restart" in line) all.push({ samples: [], lost: 0 });
    else if ("lost" in line) life.lost += (line["lost"] as { count: number }).count;
    else life.samples.push(line as Sample);
  }
  return all;
}

describe("a driver that is killed in the middle of a record", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "sw-shifting-"));
  const runtime = new RuntimeFolder();
  const env = bridgeEnv(runtime);
  const started: ChildProcess[] = [];
  let bridge: BridgeProgram;
  let programs: readonly string[] = [];

  before(async () => {
    programs = [await build(folder, "first", []), await build(folder, "second", ["-DSECOND_LAYOUT"])];
    bridge = await startBridgeProgram(runtime);
  });

  after(async () => {
    for (const child of started) child.kill("SIGKILL");
    await bridge.stop();
    runtime.remove();
    rmSync(folder, { recursive: true });
  });

  function start(program: string): ChildProcess {
    const child = spawn(program, { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "inherit"] });
    started.push(child);
    return child;
  }

  it("comes back with another layout, and sub shows the restart and the loss and reads no byte by the old layout", async () => {
    const watching = new CliRun("built", ["sub", "shifting/flow", "--wait", "--json"], env);
    const first = start(programs[0]!);
    await watching.line((line) => line.includes('"half"'));

    // The bridge stands still until the driver's buffers are full to the last byte: somewhere in a record.
    process.kill(bridge.pid, "SIGSTOP");
    await once(createInterface({ input: first.stdout! }), "line");
    first.kill("SIGKILL");
    await once(first, "exit");
    process.kill(bridge.pid, "SIGCONT");

    await watching.note(/shifting\/flow is gone/);
    start(programs[1]!);
    await watching.line((line) => line.includes('"restart"'));
    await watching.line((line) => line.includes('"twice"'));
    const { code, stdout } = await watching.stop("SIGINT");
    assert.equal(code, 0);

    const [before, after, ...more] = lives(stdout);
    assert.deepEqual(more, []);
    for (const { seq, value } of before!.samples) {
      const { number, half, ...rest } = value;
      assert.deepEqual([number, half, Object.keys(rest)], [seq, seq / 2, ["fill"]]);
    }
    for (const { seq, value } of after!.samples) {
      const { number, twice, ...rest } = value;
      assert.deepEqual([number, twice, Object.keys(rest)], [seq, seq * 2, ["fill"]]);
    }
    for (const { samples, lost } of [before!, after!]) {
      const last = samples.at(-1)!.seq;
      assert.ok(samples.length > 20);
      for (let i = 1; i < samples.length; i++) assert.ok(samples[i]!.seq > samples[i - 1]!.seq);
      // Of the second life also what was published before the bridge had it is told as lost.
      const published = samples === after!.samples ? last + 1 : last + 1 - samples[0]!.seq;
      assert.ok(samples.length + lost >= published, "each sample came or was told as lost");
    }
    assert.ok(after!.lost >= 20, "what the second life published before the bridge had it is told as lost");
  });
});
