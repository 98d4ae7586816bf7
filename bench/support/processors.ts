// SPDX-License-Identifier: MIT
// Keeps what is measured and what loads it on a processor each. Left to the scheduler, either may be where the other is: then the one is put off for the other at each message, or not,
// and what a message costs differs by half from round to round.
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

/** A program that runs. */
interface Running {
  readonly pid: number;
}

/**
 * Keeps all threads that these programs have now, and those that they start later, on a processor for the one and another for the others. Does nothing on a machine with one processor
 * or without `taskset`.
 */
export function keepApart(measured: Running, ...others: readonly Running[]): void {
  if (availableParallelism() < 2) return;
  for (const { pid } of [measured, ...others]) {
    const processor = pid === measured.pid ? "0" : "1";
    spawnSync("taskset", ["--all-tasks", "--cpu-list", "--pid", processor, String(pid)]);
  }
}
