// SPDX-License-Identifier: MIT
// How late the event loop runs its timers: what every client and driver waits for at most.
import { monitorEventLoopDelay, type IntervalHistogram } from "node:perf_hooks";

/** The loop is looked at so often: each time wakes a bridge that has nothing to do. */
const LOOK_MS = 100;

/** Over the life of the bridge, in ms beyond the time that was asked for. */
export interface LoopState {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Watches the loop from its start to its stop. */
export class LoopDelay {
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: LOOK_MS });

  start(): void {
    this.#histogram.enable();
  }

  get state(): LoopState {
    const late = (ns: number): number => (this.#histogram.count === 0 ? 0 : Math.max(0, ns / 1e6 - LOOK_MS));
    return {
      p50Ms: late(this.#histogram.percentile(50)),
      p99Ms: late(this.#histogram.percentile(99)),
      maxMs: late(this.#histogram.max),
    };
  }

  stop(): void {
    this.#histogram.disable();
  }
}
