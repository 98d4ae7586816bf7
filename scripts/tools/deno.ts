// SPDX-License-Identifier: MIT
// Deno from the npm registry, in a folder of the checkout, and its Jupyter kernel.
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, TOOLS } from "./paths.ts";
import { mustRun } from "./run.ts";

// Pinned, so that a run tomorrow is the run of today.
const VERSION = "2.9.6";

const FOLDER: string = join(TOOLS, `deno-${VERSION}`);

/** The program, if it is there. */
export function findDeno(): string | undefined {
  const program = programPath();
  return existsSync(program) ? program : undefined;
}

/** Brings the program for this machine. Throws with npm's output. */
export async function bringDeno(): Promise<void> {
  const quiet = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"];
  await mustRun("npm", ["install", "--prefix", FOLDER, ...quiet, `${packageName()}@${VERSION}`], { cwd: ROOT });
  chmodSync(programPath(), 0o755);
}

/** Registers the kernel `deno` and returns the environment in which Jupyter finds it. */
export function denoKernelEnv(): Record<string, string> {
  const jupyter = join(FOLDER, "jupyter");
  const kernel = join(jupyter, "kernels", "deno");
  mkdirSync(kernel, { recursive: true });
  const argv = [programPath(), "jupyter", "--kernel", "--conn", "{connection_file}"];
  writeFileSync(join(kernel, "kernel.json"), JSON.stringify({ argv, display_name: "Deno", language: "typescript" }));
  return { JUPYTER_PATH: jupyter, DENO_DIR: join(FOLDER, "cache"), DENO_NO_UPDATE_CHECK: "1" };
}

function packageName(): string {
  return `@deno/linux-${process.arch}-glibc`;
}

function programPath(): string {
  return join(FOLDER, "node_modules", packageName(), "deno");
}
