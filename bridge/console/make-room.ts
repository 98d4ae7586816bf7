// SPDX-License-Identifier: MIT
// Makes room for a driver: of one name there is only one, and the process that holds its lock file is the one (docs/driver-protocol.md).
import { readFile, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { BridgeError } from "../model/errors.ts";

const LOOK_MS = 20;
/** How long the former one may take to end when it is asked to. */
const ENDING_MS = 3_000;

/**
 * Ends the driver that has this lock, if this process started it: then the same notebook cell runs again. Rejects with `name_in_use` for one that somebody else started. Where the system does not
 * tell who holds a lock, nothing is done.
 */
export async function makeRoom(name: string, lock: string): Promise<void> {
  const pid = await holder(lock);
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
  while ((await holder(lock)) === pid) {
    if (performance.now() - started > ENDING_MS) end(pid, "SIGKILL");
    await sleep(LOOK_MS);
  }
}

async function holder(lock: string): Promise<number | undefined> {
  try {
    const [locks, { ino }] = await Promise.all([readFile("/proc/locks", "utf8"), stat(lock)]);
    // "1: FLOCK  ADVISORY  WRITE 4242 08:01:131120 0 EOF"; of a process that cannot be seen from here the number is not above 0.
    const pid = Number(new RegExp(`FLOCK .* (\\d+) [0-9a-f]+:[0-9a-f]+:${String(ino)} `).exec(locks)?.[1]);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
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
