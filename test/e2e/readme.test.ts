// SPDX-License-Identifier: MIT
// The four steps of README.md, run as they are written there.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "mocha";
import { NEEDS } from "../../scripts/tools/needs.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import { mustRun } from "../../scripts/tools/run.ts";
import { bridgeEnv } from "../support/bridge-program.ts";
import { projectText, section } from "../support/docs.ts";
import { RuntimeFolder, whenDriverListens } from "../support/driver-program.ts";
import { executeNotebook } from "../support/notebook.ts";

const readme = projectText("README.md");

/** The blocks of a language under a heading. */
function blocks(heading: string, language: string): string[] {
  const found = section(readme, heading).matchAll(new RegExp("^```" + language + "\\n([\\s\\S]*?)^```$", "gm"));
  return [...found].map(([, code = ""]) => code);
}

/** The only block of a language under a heading. */
function block(heading: string, language: string): string {
  const [code, ...more] = blocks(heading, language);
  assert.ok(code !== undefined && more.length === 0, `${heading} has one block of ${language}`);
  return code;
}

describe("the four steps of the README", function () {
  this.timeout(600_000);
  let runtime: RuntimeFolder;
  let env: Record<string, string>;
  const terminals: ChildProcess[] = [];

  /** Types a block into a terminal of its own; it ends with the test. */
  const terminal = (code: string): ChildProcess => {
    const child = spawn("bash", ["-e", "-c", code], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
    terminals.push(child);
    return child;
  };

  before(() => {
    runtime = new RuntimeFolder();
    env = bridgeEnv(runtime);
    // The one thing that differs from a user's machine: the port, because others may run here.
    const folder = join(runtime.path, "config", "structwire");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "config.json"), JSON.stringify({ port: 0 }));
  });

  after(async () => {
    for (const child of terminals.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) continue;
      const ended = once(child, "exit");
      process.kill(-child.pid, "SIGINT");
      await ended;
    }
    runtime.remove();
  });

  it("1: builds and runs a driver", async () => {
    terminal(block("1. Build and run a driver", "sh"));
    await whenDriverListens(runtime, "tally");
  });

  it("2: starts the bridge, which prints a link", async () => {
    const child = terminal(block("2. Start the bridge", "sh"));
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout! })) {
      lines.push(line);
      if (line.startsWith("ready ")) break;
    }
    assert.match(lines.join("\n"), /^ready http:\/\/127\.0\.0\.1:\d+\/#token=\S+$/);
  });

  it("3: runs the notebook cells", async () => {
    assert.ok(NEEDS.jupyter.find(), "Jupyter is missing: run the test by npm test, which brings it");
    const folder = mkdtempSync(join(ROOT, "build", "readme-"));
    try {
      const path = join(folder, "cells.ipynb");
      const cells = blocks("3. Run notebook cells", "ts").map((source, at) => ({
        ...{ cell_type: "code", id: `cell-${String(at)}`, metadata: {}, execution_count: null, outputs: [], source },
      }));
      const kernelspec = { name: "tslab", display_name: "TypeScript", language: "typescript" };
      writeFileSync(path, JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }));
      const [counted, newest] = await executeNotebook(path, env);
      assert.match(counted?.printed ?? "", /^counted so far: 1n?$/m);
      assert.match((newest?.printed ?? "").replace(/\s+/g, " "), /^\[ 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0 \] ?$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("4: uses the client command", async () => {
    const code = block("4. Use the client command", "sh");
    const { text } = await mustRun("bash", ["-e", "-c", code], { cwd: ROOT, env, timeoutMs: 500_000 });
    assert.match(text, /tally\/counts/);
    assert.match(text, /tally\/count\b/);
    assert.match(text, /total\D+2\b/);
  });
});
