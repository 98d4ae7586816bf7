// SPDX-License-Identifier: MIT
// Compares two ways of one thing within this process.
import { quantile } from "./gate.ts";
import type { RowSpec, Run } from "./report.ts";
import { interleave, ratios, values } from "./rounds.ts";

/** Two ways of one thing. Both return something, so that no compiler leaves the work out. */
export interface Comparison extends Omit<RowSpec, "of"> {
  readonly ours: () => unknown;
  readonly theirs: () => unknown;
  /** What one run of either moves, for the absolute numbers. */
  readonly bytes: number;
}

const ROUND_MS = 40;

/** Runs a comparison and reports its row, a ratio of rates; takes about 0.1 s a round. */
export async function compare(run: Run, { ours, theirs, bytes, ...spec }: Comparison): Promise<void> {
  const runs = run.tiny ? 1 : Math.max(1, Math.round(ROUND_MS / Math.max(0.01, secondsOf(ours, 20) * 50)));
  if (!run.tiny) secondsOf(theirs, 20);
  const measured = await interleave({ rounds: run.rounds, say: () => undefined }, spec.id, [
    { name: "ours", measure: () => (bytes * runs) / secondsOf(ours, runs) },
    { name: "theirs", measure: () => (bytes * runs) / secondsOf(theirs, runs) },
  ]);
  const rate = (value: number): number => value;
  run.row({ ...spec, of: "rate" }, ratios(measured, "ours", "theirs", rate));
  run.figure(spec.id, quantile(values(measured, "ours", rate), 0.5) / 1e9, "GB/s");
}

function secondsOf(work: () => unknown, runs: number): number {
  const began = performance.now();
  for (let each = 0; each < runs; each++) work();
  return (performance.now() - began) / 1000;
}
