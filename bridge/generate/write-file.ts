// SPDX-License-Identifier: MIT
// Writes generated files: only when their content changed, so that builds come to rest, and whole or not at all.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { BridgeError } from "../model/errors.ts";

/** Writes `text` unless the file holds it already, and says whether it wrote. Blocks. Throws `system_error`. */
export function writeIfChanged(path: string, text: string): boolean {
  const draft = `${path}.${String(process.pid)}.tmp`;
  try {
    if (currentText(path) === text) return false;
    makeFolder(dirname(path));
    writeFileSync(draft, text);
    renameSync(draft, path);
    return true;
  } catch (cause) {
    rmSync(draft, { force: true });
    throw new BridgeError(
      "system_error",
      `${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

/** Makes a folder with those around it. One by one: for some file systems (/proc) Node's own way of doing it never ends. */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let folder = resolve(path); !existsSync(folder); folder = dirname(folder)) missing.unshift(folder);
  for (const folder of missing) {
    try {
      mkdirSync(folder);
    } catch (thrown) {
      // Another run may have been faster.
      if (!existsSync(folder)) throw thrown;
    }
  }
}

function currentText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
