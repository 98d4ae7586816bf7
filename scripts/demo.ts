// SPDX-License-Identifier: MIT
// `npm run demo`: builds what the demo needs of TypeScript, quietly, then becomes `structwire demo` with the arguments given.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { buildPart, PARTS } from "./tools/parts.ts";
import { ROOT } from "./tools/paths.ts";

const say = (line: string): void => {
  if (!line.endsWith("up to date")) process.stderr.write(`${line}\n`);
};
for (const part of PARTS.filter(({ name }) => name === "ts" || name === "pages")) {
  await buildPart(part, { show: false, jobs: availableParallelism(), say });
}

const program = join(ROOT, "dist", "bridge", "cli", "main.js");
const child = spawn(process.execPath, [program, "demo", ...process.argv.slice(2)], { stdio: "inherit" });
// Ctrl-C reaches the child by the terminal; a signal sent to this process alone is passed on. Either way the child says how it ended.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  });
}
child.once("exit", (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 130);
});
