// SPDX-License-Identifier: MIT
// The token of a bridge, kept by its name: links, open pages and programs go on after a restart.
import { randomBytes } from "node:crypto";
import { linkSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { BridgeError } from "../model/errors.ts";
import { stateTokenPath } from "../model/runtime.ts";
import { ownFolder, ownStateFolder, systemError } from "./own-folder.ts";

/** 24 random bytes as text. */
const TOKEN = /^[\w-]{32}$/;

/** Which token is wanted. */
export interface TokenChoice {
  /** The state folder. */
  readonly folder: string;
  /** The bridge's name. */
  readonly name: string;
  /** Makes another one; the former opens nothing any more. */
  readonly renew: boolean;
}

/**
 * The token of the bridge `name`: the one that is kept, else a new one, kept from now on in a file for its user alone. One that others could read is replaced.
 * Throws `folder_unsafe` or `system_error`. Blocks shortly.
 */
export function keptToken({ folder, name, renew }: TokenChoice): string {
  const path = stateTokenPath(folder, name);
  const tokens = path.slice(0, path.lastIndexOf("/"));
  ownStateFolder(folder);
  ownFolder(tokens, "XDG_STATE_HOME");
  const token = randomBytes(24).toString("base64url");
  const draft = `${path}.${String(process.pid)}.${randomBytes(4).toString("hex")}.draft`;
  try {
    const kept = renew ? undefined : readToken(path);
    if (kept !== undefined) return kept;
    writeFileSync(draft, `${token}\n`, { mode: 0o600, flag: "wx" });
    if (!renew && lstatSync(path, { throwIfNoEntry: false }) === undefined) return linked(draft, path, token);
    renameSync(draft, path);
    return token;
  } catch (error) {
    throw error instanceof BridgeError ? error : systemError(path, error);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Of two that start at the same time one wins, and both have its token. */
function linked(draft: string, path: string, token: string): string {
  try {
    linkSync(draft, path);
    return token;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const kept = readToken(path);
    if (kept === undefined) throw error;
    return kept;
  }
}

/** Undefined when there is none that is only ours. */
function readToken(path: string): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isFile() !== true || found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0) return undefined;
  const text = readFileSync(path, "utf8").trim();
  return TOKEN.test(text) ? text : undefined;
}
