// SPDX-License-Identifier: MIT
// What some test suites need beyond Node and the compilers: how to find it, and how to bring it.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT, TOOLS } from "./paths.ts";
import { findProgram, installPackages } from "./programs.ts";
import { bringPythonTools, hasPythonTools, pythonProgram } from "./python.ts";
import { mustRun } from "./run.ts";

/** One thing that a suite needs. */
export interface Need {
  readonly name: "chromium" | "clang" | "jupyter" | "other-node";
  /** Where it is, if it is there. */
  readonly find: () => string | undefined;
  /** Brings it. Throws, or returns, a reason why it could not. */
  readonly bring: () => Promise<string | undefined>;
}

const CHROMIUM: Need = {
  name: "chromium",
  find: () => findProgram("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
  bring: () => installPackages(["chromium", "fonts-dejavu-core"]),
};

const CLANG: Need = {
  name: "clang",
  find: () => findProgram("clang"),
  bring: () => installPackages(["clang"]),
};

const JUPYTER: Need = {
  name: "jupyter",
  find: () => (hasPythonTools("notebook") ? pythonProgram("notebook", "python") : undefined),
  bring: async () => {
    await bringPythonTools("notebook");
    return undefined;
  },
};

// One of the supported versions that is not the machine's, pinned so that a run tomorrow is the run of today.
const OTHER_NODE_VERSION = process.versions.node.startsWith("24.") ? "22.23.3" : "24.21.0";

const OTHER_NODE: Need = {
  name: "other-node",
  find: () => {
    const program = join(otherNodeFolder(), "node_modules", otherNodePackage(), "bin", "node");
    return existsSync(program) ? program : undefined;
  },
  bring: async () => {
    const wanted = `${otherNodePackage()}@${OTHER_NODE_VERSION}`;
    const quiet = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"];
    await mustRun("npm", ["install", "--prefix", otherNodeFolder(), ...quiet, wanted], { cwd: ROOT });
    return undefined;
  },
};

function otherNodePackage(): string {
  return `node-linux-${process.arch}`;
}

function otherNodeFolder(): string {
  return join(TOOLS, `node-${OTHER_NODE_VERSION}`);
}

/** All needs by name. */
export const NEEDS: Readonly<Record<Need["name"], Need>> = {
  chromium: CHROMIUM,
  clang: CLANG,
  jupyter: JUPYTER,
  "other-node": OTHER_NODE,
};

/** Finds a need, after bringing it if it was missing. Never rejects: what could not be brought has a reason. */
export async function bring(need: Need): Promise<{ readonly path: string } | { readonly reason: string }> {
  const found = need.find();
  if (found !== undefined) return { path: found };
  let reason: string | undefined;
  try {
    reason = await need.bring();
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  const path = need.find();
  return path === undefined ? { reason: reason ?? "it was installed but is not on the PATH" } : { path };
}
