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
/** Short enough that other programs leave some slices alone, long enough for the clock. */
const SLICE_MS = 2;

/**
 * Runs a comparison and reports its row, a ratio of rates; takes about 0.1 s a round. What counts of a round is its best slice: the others were disturbed, by other
 * programs or by the collection of garbage, which makes the peers look better that leave more of it.
 */
export async function compare(run: Run, { ours, theirs, bytes, ...spec }: Comparison): Promise<void> {
  const contender = (name: string, work: () => unknown): Contender<number> => {
    const runs = run.tiny ? 1 : runsOf(work);
    return { name, measure: () => (bytes * runs) / bestOf(work, runs, run.tiny ? 0 : ROUND_MS) };
  };
  const contenders = [contender("ours", ours), contender("theirs", theirs)];
  const measured = await interleave({ rounds: run.rounds, say: () => undefined, tiny: true }, spec.id, contenders);
  const rate = (value: number): number => value;
  run.row({ ...spec, of: "rate" }, ratios(measured, "ours", "theirs", rate));
  run.figure(spec.id, quantile(values(measured, "ours", rate), 0.5) / 1e9, "GB/s");
}

/** How many runs fill a slice, found by running until the work is warm. */
function runsOf(work: () => unknown): number {
  const until = performance.now() + ROUND_MS;
  let runs = 1;
  let best = secondsOf(work, runs);
  while (performance.now() < until) {
    const seconds = secondsOf(work, runs);
    best = Math.min(best, seconds / runs);
    if (seconds < SLICE_MS / 1000) runs *= 2;
  }
  return Math.max(1, Math.round(SLICE_MS / 1000 / best));
}

/** Seconds of the best slice. */
function bestOf(work: () => unknown, runs: number, ms: number): number {
  const until = performance.now() + ms;
  let best = secondsOf(work, runs);
  while (performance.now() < until) best = Math.min(best, secondsOf(work, runs));
  return best;
}

function secondsOf(work: () => unknown, runs: number): number {
  const began = performance.now();
  for (let each = 0; each < runs; each++) work();
  return (performance.now() - began) / 1000;
}
