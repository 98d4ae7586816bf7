// SPDX-License-Identifier: MIT
// What a benchmark is and what it reports: rows of ratios, absolute figures beside them, and what was missing.
import { type Gate, judge, quartiles, type Verdict } from "./gate.ts";

/** One comparison: a ratio is always ours ÷ theirs. */
export interface Row {
  /** `BENCH/PEER` */
  readonly id: string;
  readonly ratio: number;
  readonly q1: number;
  readonly q3: number;
  readonly rounds: number;
  /** What is divided: "rate", "p50", "CPU". */
  readonly of: string;
  /** What both do, for the page. */
  readonly what: string;
  readonly gate?: Gate;
  readonly verdict?: Verdict;
}

/** An absolute number of the same run: it says something of the machine, too. */
export interface Figure {
  readonly id: string;
  readonly value: number;
  readonly unit: string;
}

/** A comparison that could not be made. */
export interface Missing {
  readonly id: string;
  readonly reason: string;
}

/** What a row says of itself before it is measured. */
export interface RowSpec {
  readonly id: string;
  readonly of: string;
  readonly what: string;
  readonly gate?: Gate;
}

/** How a benchmark is to run, and where it reports. */
export interface Run {
  /** So often is each contender measured. */
  readonly rounds: number;
  /** With the smallest sizes: shows that it works, the numbers mean nothing. */
  readonly tiny: boolean;
  /** Says what goes on, for a person who waits. */
  say(line: string): void;
  /** One ratio a round, ours ÷ theirs. */
  row(spec: RowSpec, ratios: readonly number[]): void;
  figure(id: string, value: number, unit: string): void;
  missing(id: string, reason: string): void;
}

/** A subcommand of `npm run bench`. */
export interface Bench {
  readonly name: string;
  /** Measures. Everything that it starts has ended when it settles. */
  readonly run: (run: Run) => Promise<void>;
}

/** Collects what benchmarks report. */
export class Report {
  readonly rows: Row[] = [];
  readonly figures: Figure[] = [];
  readonly missing: Missing[] = [];

  add({ id, of, what, gate }: RowSpec, ratios: readonly number[]): Row {
    const middle = quartiles(ratios);
    const row = { id, ...middle, rounds: ratios.length, of, what };
    const judged = gate === undefined ? row : { ...row, gate, verdict: judge(middle, gate) };
    this.rows.push(judged);
    return judged;
  }
}
