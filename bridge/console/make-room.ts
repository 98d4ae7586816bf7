// SPDX-License-Identifier: MIT
// Makes room for a driver: of one name there is only one, and the process that holds its lock file is the one (docs/driver-protocol.md).
import { readdir, readFile, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { BridgeError } from "../model/errors.ts";

const LOOK_MS = 20;
/** How long the former one may take to end when it is asked to. */
const ENDING_MS = 3_000;

/**
 * Ends the driver that has this lock, if this process started it: then the same notebook cell runs again. Rejects with `name_in_use` for one that somebody else started. Where the system does not
 * tell who holds a lock, nothing is done. `locks` is where it does.
 */
export async function makeRoom(name: string, lock: string, locks = "/proc/locks"): Promise<void> {
  const pid = await holder(lock, locks);
  if (pid === undefined) return;
  if (!(await isChild(pid))) {
    const advice = "stop that one, or start this one under another name";
    throw new BridgeError(
      "name_in_use",
      `another program (pid ${String(pid)}) is the driver "${name}" already: ${advice}`,
    );
  }
  const started = performance.now();
  end(pid, "SIGTERM");
  while ((await holder(lock, locks)) === pid) {
    if (performance.now() - started > ENDING_MS) end(pid, "SIGKILL");
    await sleep(LOOK_MS);
  }
}

async function holder(lock: string, locks: string): Promise<number | undefined> {
  try {
    const [text, { dev, ino }] = await Promise.all([readFile(locks, "utf8"), stat(lock)]);
    // "1: FLOCK  ADVISORY  WRITE 4242 08:01:131120 0 EOF"; of a process that cannot be seen from here the number is not above 0.
    const lines = text.matchAll(new RegExp(`FLOCK .* (\\d+) [0-9a-f]+:[0-9a-f]+:${String(ino)} `, "g"));
    for (const [, pid] of lines) if (Number(pid) > 0 && (await hasOpen(Number(pid), dev, ino))) return Number(pid);
  } catch {
    // The system does not tell, or nobody ever had this lock.
  }
  return undefined;
}

/** Whether the process has this very file open: on another file system the same number is another file's, and how the system names file systems in its list of locks is not what `stat` says. */
async function hasOpen(pid: number, dev: number, ino: number): Promise<boolean> {
  const folder = `/proc/${String(pid)}/fd`;
  for (const fd of await readdir(folder).catch(() => [])) {
    const file = await stat(`${folder}/${fd}`).catch(() => undefined);
    if (file?.dev === dev && file.ino === ino) return true;
  }
  return false;
}

async function isChild(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${String(pid)}/status`, "utf8").catch(() => "");
  return Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]) === process.pid;
}

function end(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
