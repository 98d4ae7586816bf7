// SPDX-License-Identifier: MIT
// Compares two ways of doing one thing, in interleaved rounds, so that a machine that is busy for a while slows both.

/** Two ways of one thing. Both return something, so that no compiler leaves the work out. */
export interface Comparison {
  readonly name: string;
  /** What the second is: "memcpy", "JSON.stringify". */
  readonly against: string;
  readonly ours: () => unknown;
  readonly theirs: () => unknown;
  /** What one run of either moves, for the absolute numbers. */
  readonly bytes: number;
}

/** What came out. A ratio above 1 means that ours is faster. */
export interface Comparing {
  readonly name: string;
  readonly against: string;
  readonly rounds: number;
  readonly ratio: { readonly worseQuartile: number; readonly median: number; readonly betterQuartile: number };
  /** Median of ours, in bytes a second. */
  readonly bytesPerSecond: number;
}

/** At least so many rounds, as quartiles of fewer say little. */
const ROUNDS = 11;
const ROUND_MS = 40;

/** Runs a comparison; takes about a second. */
export function compare({ name, against, ours, theirs, bytes }: Comparison): Comparing {
  const runs = Math.max(1, Math.round(ROUND_MS / Math.max(0.01, secondsOf(ours, 20) * 50)));
  secondsOf(theirs, 20);
  const ratios: number[] = [];
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    // Whoever comes second finds warmer caches: they take turns.
    const oursFirst = round % 2 === 0;
    const first = secondsOf(oursFirst ? ours : theirs, runs);
    const second = secondsOf(oursFirst ? theirs : ours, runs);
    const [us, them] = oursFirst ? [first, second] : [second, first];
    ratios.push(them / us);
    rates.push((bytes * runs) / us);
  }
  const [worseQuartile, median, betterQuartile] = [0.25, 0.5, 0.75].map((part) => quantile(ratios, part));
  return {
    ...{ name, against, rounds: ROUNDS, bytesPerSecond: quantile(rates, 0.5) },
    ratio: { worseQuartile: worseQuartile ?? 0, median: median ?? 0, betterQuartile: betterQuartile ?? 0 },
  };
}

function secondsOf(work: () => unknown, runs: number): number {
  const began = performance.now();
  for (let run = 0; run < runs; run++) work();
  return (performance.now() - began) / 1000;
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = part * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? 0;
  const high = sorted[Math.ceil(at)] ?? 0;
  return low + (high - low) * (at - Math.floor(at));
}
