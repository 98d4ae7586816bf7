// SPDX-License-Identifier: MIT
// What a process has used, as the kernel counts it.
import { readdirSync, readFileSync } from "node:fs";

/** Seconds of processor time of all threads of a process, to the nanosecond. */
export function cpuSeconds(pid: number): number {
  const tasks = `/proc/${String(pid)}/task`;
  return readdirSync(tasks).reduce((sum, task) => sum + Number(firstWord(`${tasks}/${task}/schedstat`)) / 1e9, 0);
}

/** Bytes of memory of its own that a process has touched. */
export function privateBytes(pid: number): number {
  const [, kilobytes = "0"] = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(pid)}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}

/** Open descriptors of a process. */
export function handles(pid: number): number {
  return readdirSync(`/proc/${String(pid)}/fd`).length;
}

function firstWord(path: string): string {
  try {
    return readFileSync(path, "utf8").split(" ", 1)[0] ?? "0";
  } catch {
    return "0"; // the thread has ended
  }
}
