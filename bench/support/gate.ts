// SPDX-License-Identifier: MIT
// What became of a comparison: the median and the quartiles of its rounds, and whether the number that it has to hold holds.

/** A number to hold. `bound` is a ratio, ours ÷ theirs. */
export interface Gate {
  readonly is: "at least" | "at most";
  readonly bound: number;
}

/** `holds`: the worse quartile holds, too. `not shown`: only the median does. `missed`: not even that. */
export type Verdict = "holds" | "not shown" | "missed";

/** The middle of the rounds; `q1` ≤ `ratio` ≤ `q3`. */
export interface Quartiles {
  readonly ratio: number;
  readonly q1: number;
  readonly q3: number;
}

/** The quartiles of some ratios; NaN of none. */
export function quartiles(ratios: readonly number[]): Quartiles {
  return { ratio: quantile(ratios, 0.5), q1: quantile(ratios, 0.25), q3: quantile(ratios, 0.75) };
}

/** Holds a gate against what was measured. */
export function judge({ ratio, q1, q3 }: Quartiles, { is, bound }: Gate): Verdict {
  const holds = (value: number): boolean => (is === "at least" ? value >= bound : value <= bound);
  if (holds(is === "at least" ? q1 : q3)) return "holds";
  return holds(ratio) ? "not shown" : "missed";
}

/** The value below which that part of the values lies, between two of them where it has to be. NaN of no values. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = part * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? NaN;
  const high = sorted[Math.ceil(at)] ?? NaN;
  return low + (high - low) * (at - Math.floor(at));
}
