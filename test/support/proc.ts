// SPDX-License-Identifier: MIT
// The kernel's own numbers, read by the test itself.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** Whether a process has not ended. One that has, and is nobody's child any more, may stay in /proc for ever where nobody collects it. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
    return !/^ [ZX]/.test(stat.slice(stat.lastIndexOf(")") + 1));
  } catch {
    return false;
  }
}

/** The counters of a line of /proc/stat by its first word; `cpu` is the total. */
export function cpuTicks(): Map<string, bigint[]> {
  const lines = readFileSync("/proc/stat", "utf8").trim().split("\n");
  return new Map(
    lines.map((line) => line.trim().split(/ +/)).map(([word = "", ...numbers]) => [word, numbers.map(BigInt)]),
  );
}

/** The counters of a cpu line of /proc/stat, in its order. */
export const CPU_FIELDS = [
  ...(["user", "nice", "system", "idle", "iowait"] as const),
  ...(["irq", "softirq", "steal", "guest", "guest_nice"] as const),
];

/** Such counters, as the driver `host` names them. */
export type CpuTicks = Readonly<Record<(typeof CPU_FIELDS)[number], bigint>>;

/** Fails unless each counter lies between a cpu line's words read before and after it; `cores`: of how many it is the sum. */
export function assertTicksBetween(
  before: readonly bigint[],
  ticks: CpuTicks,
  after: readonly bigint[],
  cores: number,
): void {
  const sumOf = (words: readonly bigint[]): bigint => (words[3] ?? 0n) + (words[4] ?? 0n);
  CPU_FIELDS.forEach((name, at) => {
    if (name !== "idle" && name !== "iowait") between(before[at] ?? 0n, ticks[name], after[at] ?? 0n, name);
  });
  // The kernel moves time from one of these to the other when a core that had waited for a disk is asked again, and lets their sum go back by a tick.
  const slack = BigInt(cores);
  between(sumOf(before) - slack, ticks.idle + ticks.iowait, sumOf(after) + slack, "idle + iowait");
}

/** Fails unless `low` <= `value` <= `high`. */
export function between(low: bigint, value: bigint, high: bigint, what: string): void {
  assert.ok(low <= value && value <= high, `${what}: ${String(low)} <= ${String(value)} <= ${String(high)}`);
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

/** The fields of a disk's line in /proc/diskstats behind its name; undefined when it is not there. */
export function diskCounters(name: string): bigint[] | undefined {
  for (const line of readFileSync("/proc/diskstats", "utf8").split("\n")) {
    const [, , disk, ...numbers] = line.trim().split(/ +/);
    if (disk === name) return numbers.map(BigInt);
  }
  return undefined;
}
