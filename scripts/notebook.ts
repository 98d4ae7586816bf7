// SPDX-License-Identifier: MIT
// `npm run notebook`: the demo and a JupyterLab with the TypeScript kernel, both of this checkout; prints the address and stops both at Ctrl-C.
import { type ChildProcess, spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { registerKernel } from "./tools/kernel.ts";
import { buildPart, PARTS } from "./tools/parts.ts";
import { ROOT } from "./tools/paths.ts";
import { bringPythonTools, hasPythonTools, pythonProgram } from "./tools/python.ts";

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const started: ChildProcess[] = [];
const stop = (): void => {
  for (const child of started) child.kill("SIGTERM");
};
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);

try {
  process.stdout.write(`ready ${await open()}\n`);
} catch (error) {
  stop();
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

/** Builds and starts everything; the address of the first lesson. */
async function open(): Promise<string> {
  for (const part of PARTS) await buildPart(part, { show: false, jobs: availableParallelism(), say });
  if (!hasPythonTools("lab")) say("installing JupyterLab into build/tools");
  await bringPythonTools("lab");
  const jupyterPath = await registerKernel("lab");
  const program = join(ROOT, "dist", "bridge", "cli", "main.js");
  const bridgeUrl = await address(process.execPath, [program, "demo", "--no-open", "--port", "0"], {}, /^ready (\S+)/);
  // Kernels inherit it, so that connect() finds this bridge whatever else runs.
  const env = { STRUCTWIRE_URL: bridgeUrl, JUPYTER_PATH: jupyterPath };
  const root = process.getuid?.() === 0 ? ["--allow-root"] : [];
  const folder = join(ROOT, "notebooks");
  const lab = ["-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", `--ServerApp.root_dir=${folder}`];
  const url = await address(pythonProgram("lab", "python"), [...lab, ...root], env, /(http:\/\/127\.0\.0\.1:\S+)/);
  return url.replace(/\/lab\?/, "/lab/tree/01-first-plot.ipynb?");
}

/** Starts a program and resolves with the address that it prints; when it ends, everything ends. */
function address(
  command: string,
  args: readonly string[],
  more: Readonly<Record<string, string>>,
  pattern: RegExp,
): Promise<string> {
  const child = spawn(command, args, { env: { ...process.env, ...more }, stdio: ["ignore", "pipe", "pipe"] });
  started.push(child);
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on("line", (line) => {
        const found = pattern.exec(line)?.[1];
        if (found !== undefined) resolve(found);
        lines.push(line);
        if (lines.length > 40) lines.shift();
      });
    }
    child.once("exit", (code) => {
      stop();
      reject(new Error(`${command} ended with status ${String(code)}\n${lines.join("\n")}`));
    });
  });
}
