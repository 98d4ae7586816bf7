// SPDX-License-Identifier: MIT
// Registers the checkout's own tslab as a Jupyter kernel, in a folder of the checkout: the user's kernels stay as they are.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageProgram, TOOLS } from "./paths.ts";
import { type PythonTools, pythonProgram } from "./python.ts";
import { mustRun } from "./run.ts";

/** Registers the kernel for an environment and returns what `JUPYTER_PATH` must be for Jupyter to find it. Throws with the output of what failed. */
export async function registerKernel(tools: PythonTools): Promise<string> {
  const prefix = join(TOOLS, "kernels", tools);
  const jupyterPath = join(prefix, "share", "jupyter");
  if (!existsSync(join(jupyterPath, "kernels", "tslab", "kernel.json"))) {
    const tslab = packageProgram("tslab");
    const python = pythonProgram(tools, "python");
    // tslab looks for the program `jupyter` of the same environment on the PATH.
    const env = { PATH: `${join(python, "..")}:${process.env["PATH"] ?? ""}` };
    await mustRun(tslab, ["install", "--python", python, "--binary", tslab, "--prefix", prefix], { env });
  }
  return jupyterPath;
}
