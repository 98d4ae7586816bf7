// SPDX-License-Identifier: MIT
// A clock that stands still until the test moves it.
import type { Cancel, Clock } from "../../bridge/hub/ports.ts";

interface Alarm {
  readonly at: number;
  readonly run: () => void;
}

/** Time that only `advance` moves; alarms run in their order, each at its own time. */
export class ManualClock implements Clock {
  #now: number;
  readonly #alarms = new Set<Alarm>();

  constructor(now = 1_763_635_200_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): Cancel {
    const alarm = { at: this.#now + delayMs, run };
    this.#alarms.add(alarm);
    return () => void this.#alarms.delete(alarm);
  }

  /** How many alarms wait. */
  get waiting(): number {
    return this.#alarms.size;
  }

  /** Time passes and no alarm goes off: something keeps the event loop. */
  hold(ms: number): void {
    this.#now += ms;
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#alarms].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#alarms.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.run();
    }
    this.#now = Math.max(this.#now, end);
  }
}
