// SPDX-License-Identifier: MIT
// The folder of this package.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { BridgeError } from "../model/errors.ts";

/** The folder with our package.json, whether this runs compiled from dist/ or from the sources. Throws `internal`. */
export function packageFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) throw new BridgeError("internal", "the folder of the package was not found");
  }
}
