// SPDX-License-Identifier: MIT
// Where things are in the checkout.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's folder. */
export const ROOT: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Tools that the scripts bring themselves; safe to delete. */
export const TOOLS: string = join(ROOT, "build", "tools");

/** A program that no two packages bring, as the shell starts it. */
export function packageProgram(name: string): string {
  return join(ROOT, "node_modules", ".bin", name);
}

/**
 * The script of a package's program, to be run by Node: for names that several packages bring (`tsc`), where it is chance which of them
 * is linked. Throws when the package is not installed or has no such program.
 */
export function packageScript(packageName: string, program: string): string {
  const folder = join(ROOT, "node_modules", packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { bin?: Record<string, string> };
  const script = bin?.[program];
  if (script === undefined) throw new Error(`the package ${packageName} has no program ${program}`);
  return join(folder, script);
}
