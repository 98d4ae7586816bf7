// SPDX-License-Identifier: MIT
// Remembers what a step was last run on, so that a step whose inputs are unchanged can be left out.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "./paths.ts";

/** A step with the files it reads and one file it writes. */
export interface Step {
  readonly name: string;
  /** Files and folders, relative to the checkout. */
  readonly inputs: readonly string[];
  readonly output: string;
}

/** Runs `work` unless the step's inputs are the same as after its last success and its output is there. Tells whether it ran. */
export async function whenChanged(step: Step, work: () => Promise<void>): Promise<boolean> {
  const stamp = join(ROOT, "build", "stamps", step.name);
  const before = fingerprint(step.inputs);
  if (existsSync(join(ROOT, step.output)) && readIfThere(stamp) === before) return false;
  await work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, before);
  return true;
}

/** All files under the given files and folders, sorted; what does not exist is left out. */
export function filesUnder(paths: readonly string[]): string[] {
  return paths.flatMap((path) => walk(path)).sort();
}

function walk(path: string): string[] {
  const found = statSync(join(ROOT, path), { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (!found.isDirectory()) return [path];
  return readdirSync(join(ROOT, path)).flatMap((name) => walk(join(path, name)));
}

function fingerprint(inputs: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of filesUnder(inputs)) {
    const { size, mtimeMs } = statSync(join(ROOT, path));
    hash.update(`${path}\n${String(size)}\n${String(mtimeMs)}\n`);
  }
  return hash.digest("hex");
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
