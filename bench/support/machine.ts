// SPDX-License-Identifier: MIT
// What the numbers were measured on.
import { availableParallelism, cpus, loadavg, release, totalmem } from "node:os";

/** The machine of a run. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGB: number;
  readonly kernel: string;
  readonly node: string;
  /** Of the last minute, before the run: above about 0.5 other work disturbs it. */
  readonly load: number;
  readonly date: string;
}

/** The machine now. */
export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.versions.node,
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    date: new Date().toISOString().slice(0, 10),
  };
}
