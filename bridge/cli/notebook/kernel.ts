// SPDX-License-Identifier: MIT
// Makes the TypeScript kernel of this package known to one Jupyter, without touching those of the user.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Writes the kernel's description into a folder, and returns what `JUPYTER_PATH` must be for Jupyter to find it there. */
export function describeKernel(folder: string): string {
  const tslab = fileURLToPath(import.meta.resolve("tslab/bin/tslab"));
  const kernel = {
    argv: [process.execPath, tslab, "kernel", "--config-path", "{connection_file}"],
    display_name: "TypeScript",
    language: "typescript",
  };
  const path = join(folder, "jupyter", "kernels", "tslab");
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "kernel.json"), JSON.stringify(kernel));
  return join(folder, "jupyter");
}
