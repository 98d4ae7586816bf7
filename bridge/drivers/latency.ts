// SPDX-License-Identifier: MIT
// How long samples take from their driver to the bridge: two histograms of fixed size, so that the numbers are of the last seconds.
import { createHistogram, type RecordableHistogram } from "node:perf_hooks";

/** A histogram is kept for so long, and then for as long again beside its successor. */
const SPAN_MS = 10_000;

/** Longer delays count as this one. */
const MAX_MICROSECONDS = 60_000_000;

/** Of the batches of the last 10 to 20 s; null when none came. A clock that jumped backwards makes 0. */
export interface LatencyState {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly batches: number;
}

/** One driver's delays. */
export class Latency {
  #current = newHistogram();
  #before = newHistogram();
  #sinceMs: number;

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  /** A batch was read at `nowMs`, its newest sample so long after it was published. */
  record(nowMs: number, delayMs: number): void {
    if (nowMs - this.#sinceMs >= SPAN_MS) {
      [this.#before, this.#current] = [this.#current, this.#before];
      this.#current.reset();
      this.#sinceMs = nowMs;
    }
    this.#current.record(Math.min(MAX_MICROSECONDS, Math.max(1, Math.round(delayMs * 1000))));
  }

  get state(): LatencyState | null {
    const both = newHistogram();
    both.add(this.#before);
    both.add(this.#current);
    if (both.count === 0) return null;
    const ms = (microseconds: number): number => microseconds / 1000;
    return { p50Ms: ms(both.percentile(50)), p99Ms: ms(both.percentile(99)), maxMs: ms(both.max), batches: both.count };
  }
}

function newHistogram(): RecordableHistogram {
  return createHistogram({ lowest: 1, highest: MAX_MICROSECONDS, figures: 2 });
}
