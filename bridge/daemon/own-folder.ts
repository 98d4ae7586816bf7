// SPDX-License-Identifier: MIT
// Folders that belong to one user alone.
import { lstatSync, mkdirSync } from "node:fs";
import { BridgeError } from "../model/errors.ts";

/**
 * Makes a folder of mode 0700 unless it is there. Throws `folder_unsafe` when it belongs to somebody else or is open to others; `variable` is the one that names
 * another; `system_error` otherwise. Blocks shortly.
 */
export function ownFolder(path: string, variable: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw systemError(path, error);
  }
  const found = lstatSync(path);
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0) {
    throw new BridgeError(
      "folder_unsafe",
      `${path} must be a folder of yours that nobody else can open: chmod 700 it, or set ${variable} to another`,
    );
  }
}

/** Makes the state folder and the one around it; gives it back. Throws as {@link ownFolder} does. */
export function ownStateFolder(folder: string): string {
  const parent = folder.slice(0, folder.lastIndexOf("/"));
  try {
    if (parent !== "") mkdirSync(parent, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw systemError(parent, error);
  }
  ownFolder(folder, "XDG_STATE_HOME");
  return folder;
}

/** What the system said of a file or folder. */
export function systemError(path: string, error: unknown): BridgeError {
  return new BridgeError("system_error", `${path}: ${(error as Error).message}`, { cause: error });
}
