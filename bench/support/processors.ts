// SPDX-License-Identifier: MIT
// Keeps what is measured and what loads it on a processor each. Left to the scheduler, either may be where the other is: then the one is put off for the other at each message, or not,
// and what a message costs differs by half from round to round.
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import type { Load } from "./load.ts";
import type { Server } from "./servers.ts";

/** All threads that a program has now, and those that they start. Does nothing on a machine with one processor or without `taskset`. */
export function keepApart({ child }: Pick<Server, "child">, load: Load): void {
  if (availableParallelism() < 2) return;
  for (const [processor, pid] of [child.pid, load.pid].entries()) {
    spawnSync("taskset", ["--all-tasks", "--cpu-list", "--pid", String(processor), String(pid)]);
  }
}
