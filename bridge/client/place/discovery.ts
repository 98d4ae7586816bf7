// SPDX-License-Identifier: MIT
// Finds the bridges of this machine and user by the files that they write.
import { readdir, readFile, stat } from "node:fs/promises";
import { BridgeError } from "../../model/errors.ts";
import { bridgesFolder, parseBridgeFile, runtimeFolder, type BridgeFile } from "../../model/runtime.ts";
import { isAnswering } from "./health.ts";

/** Larger files are no bridge's. */
const MAX_FILE_BYTES = 64 * 1024;

/** The bridges that run and answer, by name; files of dead ones are ignored. Rejects with `folder_unsafe` when the folder is another user's or open to others. */
export async function findBridges(env: NodeJS.ProcessEnv): Promise<readonly BridgeFile[]> {
  const uid = process.getuid?.() ?? 0;
  const folder = bridgesFolder(runtimeFolder(env, uid));
  const owner = await stat(folder).catch(() => undefined);
  if (owner === undefined) return [];
  if (owner.uid !== uid || (owner.mode & 0o077) !== 0) {
    const what = `the folder ${folder} belongs to another user or is open to others, so what it says is not believed`;
    throw new BridgeError("folder_unsafe", `${what}; make it yours: chmod 700 ${folder}`);
  }
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
  const files = await Promise.all(names.map((name) => readBridge(`${folder}/${name}`)));
  return files.filter((file) => file !== undefined);
}

async function readBridge(path: string): Promise<BridgeFile | undefined> {
  try {
    if ((await stat(path)).size > MAX_FILE_BYTES) return undefined;
    const file = parseBridgeFile(await readFile(path, "utf8"));
    return file !== undefined && isAlive(file.pid) && (await isAnswering(file)) ? file : undefined;
  } catch {
    // It ended between the listing and the reading.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
