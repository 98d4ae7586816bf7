// SPDX-License-Identifier: MIT
// The runtime folder on disk: made private, with one file for each running bridge.
import { randomBytes } from "node:crypto";
import { linkSync, lstatSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { Agent, get as getSecure } from "node:https";
import { BridgeError } from "../model/errors.ts";
import { waitInTurns } from "../model/patience.ts";
import { pinOf } from "../model/pin.ts";
import {
  bridgeFilePath,
  bridgesFolder,
  driversFolder,
  isHealthOf,
  parseBridgeFile,
  type BridgeFile,
} from "../model/runtime.ts";
import { systemClock } from "./clock.ts";
import { ownFolder, systemError } from "./own-folder.ts";

/** How long a bridge is waited for, in turns of this process. One that takes the connection but is too busy (or stopped) to answer counts as alive. */
export const ALIVE_MS = 1000;

/** Makes the runtime folder and those in it. Throws `folder_unsafe` when one of them belongs to somebody else or is open to others, `system_error` otherwise. Blocks shortly. */
export function prepareFolders(folder: string): void {
  for (const path of [folder, driversFolder(folder), bridgesFolder(folder)]) {
    ownFolder(path, "STRUCTWIRE_RUNTIME_DIR");
  }
}

/** Removes the files of bridges that are dead, and their forgotten drafts. */
export async function removeStale(folder: string): Promise<void> {
  for (const name of readdirSync(bridgesFolder(folder))) {
    const path = `${bridgesFolder(folder)}/${name}`;
    const draftOf = /\.(\d+)\.[0-9a-f]+\.draft$/.exec(name)?.[1];
    if (draftOf !== undefined && !isRunning(Number(draftOf))) remove(path);
    if (!name.endsWith(".json")) continue;
    const file = readBridgeFile(path);
    if (file !== undefined && (await isAlive(file))) continue;
    if (isSame(readBridgeFile(path), file)) remove(path);
  }
}

/** Throws `name_in_use` when a live bridge has the name. */
export async function refuseLiveName(folder: string, name: string): Promise<void> {
  const file = readBridgeFile(bridgeFilePath(folder, name));
  if (file === undefined || !(await isAlive(file))) return;
  throw new BridgeError(
    "name_in_use",
    `a bridge called "${name}" runs already (process ${String(file.pid)}, ${file.url}); stop it, or run another beside it: structwire serve --name NAME`,
  );
}

/** Writes the file of this bridge, whole at once, readable by the user alone. Throws `name_in_use` when another live bridge was faster. Returns what removes it. */
export async function claimName(folder: string, file: BridgeFile): Promise<() => void> {
  const path = bridgeFilePath(folder, file.name);
  const draft = `${path}.${String(file.pid)}.${randomBytes(4).toString("hex")}.draft`;
  writeFileSync(draft, `${JSON.stringify(file)}\n`, { mode: 0o600, flag: "wx" });
  try {
    linkSync(draft, path); // fails when there is one, so that of two at the same time one wins
    rmSync(draft);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw systemError(path, error);
    try {
      await refuseLiveName(folder, file.name);
      renameSync(draft, path);
    } catch (refused) {
      rmSync(draft, { force: true });
      throw refused instanceof BridgeError ? refused : systemError(path, refused);
    }
  }
  return () => {
    if (isSame(readBridgeFile(path), file)) rmSync(path, { force: true });
  };
}

/** No answer: it would be JSON. */
const SILENT = "is silent";

/** Whether one start of a bridge wrote both; its token may be that of the start before. */
function isSame(a: BridgeFile | undefined, b: BridgeFile | undefined): boolean {
  return a?.pid === b?.pid && a?.started === b?.started && a?.url === b?.url && a?.token === b?.token;
}

/** What is a folder no bridge made, and it is in nobody's way. */
function remove(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === false) rmSync(path, { force: true });
}

function readBridgeFile(path: string): BridgeFile | undefined {
  try {
    return parseBridgeFile(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** Whether its process runs and no other answers in its place: process numbers and ports are given out again. */
async function isAlive(file: BridgeFile): Promise<boolean> {
  if (!isRunning(file.pid)) return false;
  const health = await healthOf(file);
  return health !== undefined && (health === SILENT || isHealthOf(file, health));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** What answers there says, `SILENT` when the connection is taken but nobody answers in time, undefined when nothing answers. */
function healthOf({ url, certificate }: BridgeFile): Promise<string | undefined> {
  return new Promise((resolve) => {
    const end = (health: string | undefined): void => {
      endWait();
      resolve(health);
    };
    const fail = (): void => {
      end(undefined);
    };
    const ask = url.startsWith("https:") ? getSecure : get;
    const pin = pinOf(certificate);
    const settings = { agent: pin === undefined ? false : new Agent(pin) } as const;
    const request = ask(new URL("/health", url), settings, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text = (text + part).slice(0, 4096);
      });
      response.on("error", fail);
      response.on("end", () => {
        end(text);
      });
    });
    request.on("error", fail);
    const endWait = waitInTurns(ALIVE_MS, systemClock(), () => {
      resolve(SILENT);
      request.destroy();
    });
  });
}
