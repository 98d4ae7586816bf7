// SPDX-License-Identifier: MIT
// A folder for the sockets of a benchmark, gone afterwards.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A runtime folder with its folder for drivers. */
export interface Folder {
  readonly path: string;
  readonly drivers: string;
  /** For programs that are to use it and nothing of the user's. */
  readonly env: Readonly<Record<string, string>>;
}

/** Runs `work` with a folder of its own; short, because socket paths are. */
export async function withFolder<T>(work: (folder: Folder) => Promise<T>): Promise<T> {
  const path = mkdtempSync(join(tmpdir(), "swb-"));
  const drivers = join(path, "drivers");
  mkdirSync(drivers, { mode: 0o700 });
  const env = {
    STRUCTWIRE_RUNTIME_DIR: path,
    XDG_CONFIG_HOME: join(path, "config"),
    XDG_STATE_HOME: join(path, "state"),
  };
  try {
    return await work({ path, drivers, env });
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}
