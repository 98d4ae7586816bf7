// SPDX-License-Identifier: MIT
// `npm run notebook`: builds the checkout, brings a JupyterLab into it, and opens the lessons there beside a demo.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { buildPart, PARTS } from "./tools/parts.ts";
import { ROOT } from "./tools/paths.ts";
import { bringPythonTools, hasPythonTools, pythonProgram } from "./tools/python.ts";

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

for (const part of PARTS) await buildPart(part, { show: false, jobs: availableParallelism(), say });
if (!hasPythonTools("lab")) say("installing JupyterLab into build/tools; this once, it takes a minute or two");
await bringPythonTools("lab");

const program = join(ROOT, "dist", "bridge", "cli", "main.js");
const what = ["notebook", join(ROOT, "notebooks"), "--demo", "--page", "01-first-plot.ipynb"];
const args = [program, ...what, "--python", pythonProgram("lab", "python"), ...process.argv.slice(2)];
const child = spawn(process.execPath, args, { stdio: "inherit" });
// Ctrl-C reaches both; whoever asks this process alone means the other.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (signal !== "SIGINT") child.kill(signal);
  });
}
await once(child, "close");
process.exitCode = child.exitCode ?? 1;
