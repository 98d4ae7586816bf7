// SPDX-License-Identifier: MIT
// Compares two ways of one thing within this process.
import { quantile } from "./gate.ts";
import type { RowSpec, Run } from "./report.ts";
import { type Contender, interleave, ratios, values } from "./rounds.ts";

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
  const contender = (name: string, work: () => unknown): Contender<number> => {
    const runs = run.tiny ? 1 : runsOf(work);
    return { name, measure: () => (bytes * runs) / secondsOf(work, runs) };
  };
  const contenders = [contender("ours", ours), contender("theirs", theirs)];
  const measured = await interleave({ rounds: run.rounds, say: () => undefined }, spec.id, contenders);
  const rate = (value: number): number => value;
  run.row({ ...spec, of: "rate" }, ratios(measured, "ours", "theirs", rate));
  run.figure(spec.id, quantile(values(measured, "ours", rate), 0.5) / 1e9, "GB/s");
}

/** How many runs fill a round, found by running until the work is warm. */
function runsOf(work: () => unknown): number {
  let runs = 1;
  let seconds = secondsOf(work, runs);
  while (seconds < ROUND_MS / 1000) {
    runs *= 2;
    seconds = secondsOf(work, runs);
  }
  return Math.max(1, Math.round((runs * ROUND_MS) / 1000 / seconds));
}

function secondsOf(work: () => unknown, runs: number): number {
  const began = performance.now();
  for (let each = 0; each < runs; each++) work();
  return (performance.now() - began) / 1000;
}
