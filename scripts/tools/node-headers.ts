// SPDX-License-Identifier: MIT
// Where the headers of this Node are, which node-gyp compiles with, and where npm keeps its node-gyp.
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT, TOOLS } from "./paths.ts";
import { findProgram } from "./programs.ts";
import { mustRun } from "./run.ts";

/** The folder that node-gyp takes as `--nodedir`: the one that npm is told, that of this Node, or that of {@link bringNodeHeaders}. */
export function findNodeHeaders(): string | undefined {
  const folders = [
    process.env["npm_config_nodedir"],
    dirname(dirname(realpathSync(process.execPath))),
    join(packageFolder(), "node_modules", packageName()),
  ];
  return folders.find((folder) => folder !== undefined && existsSync(join(folder, "include", "node", "node_api.h")));
}

/** Installs the npm package that holds this version of Node with its headers. Rejects with npm's output. */
export async function bringNodeHeaders(): Promise<void> {
  const quiet = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"];
  const wanted = `${packageName()}@${process.versions.node}`;
  await mustRun("npm", ["install", "--prefix", packageFolder(), ...quiet, wanted], { cwd: ROOT });
}

/** The script of the node-gyp that npm brings along. */
export function findNodeGyp(): string | undefined {
  const npm = findProgram("npm");
  if (npm === undefined) return undefined;
  const script = join(dirname(dirname(realpathSync(npm))), "node_modules", "node-gyp", "bin", "node-gyp.js");
  return existsSync(script) ? script : undefined;
}

function packageName(): string {
  return `node-linux-${process.arch}`;
}

function packageFolder(): string {
  return join(TOOLS, `node-${process.versions.node}`);
}
