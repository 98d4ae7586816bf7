// SPDX-License-Identifier: MIT
// Python tools in virtual environments of the checkout, with pinned versions.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, TOOLS } from "./paths.ts";
import { findProgram, installPackages } from "./programs.ts";
import { mustRun, run } from "./run.ts";

/** What a virtual environment is for: `check` has the C formatter and linter, `notebook` a Jupyter without pages, `lab` all of JupyterLab, `numpy` what reads and checks generated modules, `peers` what the benchmarks compare with, `zmq` a ZeroMQ client, `gateways` the clients of the other gateways and `gateways-old` those of an old protocol. */
export type PythonTools = "check" | "notebook" | "lab" | "numpy" | "peers" | "zmq" | "gateways" | "gateways-old";

/** The folder of an environment, whether it exists or not. */
function environmentFolder(tools: PythonTools): string {
  return join(TOOLS, "python", tools);
}

/** A program of an environment. */
export function pythonProgram(tools: PythonTools, name: string): string {
  return join(environmentFolder(tools), "bin", name);
}

/** Whether the environment is complete and of the versions that are pinned now. */
export function hasPythonTools(tools: PythonTools): boolean {
  const stamp = join(environmentFolder(tools), "pinned.txt");
  return existsSync(stamp) && readFileSync(stamp, "utf8") === pins(tools);
}

/** Creates the environment and installs the pinned packages from PyPI, unless that was done. Throws with pip's output. */
export async function bringPythonTools(tools: PythonTools): Promise<void> {
  if (hasPythonTools(tools)) return;
  const folder = environmentFolder(tools);
  rmSync(folder, { recursive: true, force: true });
  const python = await pythonWithVenv();
  await mustRun(python, ["-m", "venv", folder]);
  const file = join(ROOT, "scripts", "python", `${tools}.txt`);
  await mustRun(pythonProgram(tools, "python"), [
    ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--only-binary", ":all:"],
    ...["--retries", "10", "--timeout", "60"], // a server that answers slowly, or fails once
    ...["--requirement", file],
  ]);
  writeFileSync(join(folder, "pinned.txt"), pins(tools));
}

async function pythonWithVenv(): Promise<string> {
  // Debian's python3 has the module venv, but not ensurepip, without which it makes no environment with pip.
  const usable = async (): Promise<string | undefined> => {
    const python = findProgram("python3");
    if (python === undefined) return undefined;
    return (await run(python, ["-c", "import ensurepip, venv"])).status === 0 ? python : undefined;
  };
  const found = await usable();
  if (found !== undefined) return found;
  const failed = await installPackages(["python3", "python3-venv"]);
  const installed = await usable();
  if (installed === undefined)
    throw new Error(`python3 with venv is missing${failed === undefined ? "" : `: ${failed}`}`);
  return installed;
}

function pins(tools: PythonTools): string {
  const folder = join(ROOT, "scripts", "python");
  const text = readFileSync(join(folder, `${tools}.txt`), "utf8");
  return text.replace(/^-r (.*)$/gm, (_, name: string) => readFileSync(join(folder, name), "utf8"));
}
