// SPDX-License-Identifier: MIT
// The kernel's own numbers, read by the test itself.
import { readFileSync } from "node:fs";

/** The counters of a line of /proc/stat by its first word; `cpu` is the total. */
export function cpuTicks(): Map<string, bigint[]> {
  const lines = readFileSync("/proc/stat", "utf8").trim().split("\n");
  return new Map(
    lines.map((line) => line.trim().split(/ +/)).map(([word = "", ...numbers]) => [word, numbers.map(BigInt)]),
  );
}

/** What /proc/net/dev says of an interface. */
export interface LinkCounters {
  readonly rx_bytes: bigint;
  readonly rx_packets: bigint;
  readonly tx_bytes: bigint;
  readonly tx_packets: bigint;
}

/** The counters of each interface in the network of process `pid`. */
export function linkCounters(pid: number | "self" = "self"): Map<string, LinkCounters> {
  const [, , ...lines] = readFileSync(`/proc/${String(pid)}/net/dev`, "utf8")
    .trimEnd()
    .split("\n");
  return new Map(
    lines.map((line) => {
      const [name = "", numbers = ""] = line.split(/:(?=[^:]*$)/);
      const values = numbers.trim().split(/ +/).map(BigInt);
      const at = (index: number): bigint => values[index] ?? 0n;
      return [name.trim(), { rx_bytes: at(0), rx_packets: at(1), tx_bytes: at(8), tx_packets: at(9) }];
    }),
  );
}

/** A figure of /proc/meminfo in bytes. */
export function memoryBytes(key: string): bigint {
  const [, kibibytes = ""] = new RegExp(`^${key}: +(\\d+) kB$`, "m").exec(readFileSync("/proc/meminfo", "utf8")) ?? [];
  return BigInt(kibibytes) * 1024n;
}

/** The fields of a disk's line in /proc/diskstats behind its name. */
export function diskCounters(name: string): bigint[] {
  for (const line of readFileSync("/proc/diskstats", "utf8").split("\n")) {
    const [, , disk, ...numbers] = line.trim().split(/ +/);
    if (disk === name) return numbers.map(BigInt);
  }
  throw new Error(`/proc/diskstats has no ${name}`);
}
