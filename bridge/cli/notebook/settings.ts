// SPDX-License-Identifier: MIT
// Settings for one JupyterLab, besides those of the user.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// It would ask above the first notebook whether it may read news.
const QUIET = { disabledExtensions: { "@jupyterlab/apputils-extension:announcements": true } };

/** Writes the settings into a folder, and returns what `JUPYTER_CONFIG_PATH` must be for JupyterLab to find them there. */
export function describeSettings(folder: string): string {
  const path = join(folder, "settings");
  mkdirSync(join(path, "labconfig"), { recursive: true });
  writeFileSync(join(path, "labconfig", "page_config.json"), JSON.stringify(QUIET));
  return path;
}
