// SPDX-License-Identifier: MIT
// Writes generated files: only when their content changed, so that builds come to rest, and whole or not at all.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { BridgeError } from "../model/errors.ts";

/** Writes `text` unless the file holds it already, and says whether it wrote. Blocks. Throws `system_error`. */
export function writeIfChanged(path: string, text: string): boolean {
  const draft = `${path}.${String(process.pid)}.tmp`;
  try {
    if (currentText(path) === text) return false;
    mkdirSync(dirname(path), { recursive: true });
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

function currentText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
