// SPDX-License-Identifier: MIT
// Calls a function so many times a second without drifting, never two at once; what comes too late is left out and counted.
import type { Timers } from "./timers.ts";

/** What becomes of the calls. */
export interface PeriodicEvents {
  /** Calls; may return a promise, and the next call waits for it. */
  call(): unknown;
  /** What it returned, or the promise resolved with. */
  returned(value: unknown): void;
  /** What it threw, or the promise rejected with. */
  threw(error: unknown): void;
}

/** Timers of an event loop are no better than this: a call is not late before, however short its period. */
const GRAIN_MS = 5;

/** A schedule: call n is due at the start + n periods. */
export class Periodic {
  readonly #timers: Timers;
  readonly #events: PeriodicEvents;
  #hz: number;
  #startMs = 0;
  /** The number of the call that is due next. */
  #next = 0;
  #isRunning = false;
  /** A call has not returned yet. */
  #isBusy = false;
  #cancel: () => void = () => undefined;
  #overruns = 0;

  /** It does not run yet. */
  constructor(timers: Timers, hz: number, events: PeriodicEvents) {
    this.#timers = timers;
    this.#hz = hz;
    this.#events = events;
  }

  /** Calls that were left out because they would have been late by more than a period. */
  get overruns(): number {
    return this.#overruns;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  get hz(): number {
    return this.#hz;
  }

  /** Another rate, from now on: the next call is due in one period. */
  set hz(hz: number) {
    this.#hz = hz;
    this.#begin(1);
  }

  /** The first call is due at once. Does nothing when it runs. */
  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#begin(0);
  }

  /** No call begins any more; one that is under way ends by itself, and its result is not told. */
  stop(): void {
    this.#isRunning = false;
    this.#cancel();
  }

  #begin(next: number): void {
    this.#startMs = this.#timers.now();
    this.#next = next;
    if (this.#isRunning && !this.#isBusy) this.#schedule();
  }

  #schedule(): void {
    this.#cancel();
    const delayMs = this.#dueMs(this.#next) - this.#timers.now();
    this.#cancel = this.#timers.after(delayMs, () => {
      this.#run();
    });
  }

  #dueMs(call: number): number {
    return this.#startMs + call * (1000 / this.#hz);
  }

  #run(): void {
    this.#leaveOutLate();
    this.#next++;
    this.#isBusy = true;
    let result: unknown;
    try {
      result = this.#events.call();
    } catch (error) {
      this.#done(() => {
        this.#events.threw(error);
      });
      return;
    }
    if (!isPromise(result)) {
      this.#done(() => {
        this.#events.returned(result);
      });
      return;
    }
    result.then(
      (value) => {
        this.#done(() => {
          this.#events.returned(value);
        });
      },
      (error: unknown) => {
        this.#done(() => {
          this.#events.threw(error);
        });
      },
    );
  }

  #leaveOutLate(): void {
    const periodMs = 1000 / this.#hz;
    const lateMs = this.#timers.now() - this.#dueMs(this.#next);
    if (lateMs <= Math.max(periodMs, GRAIN_MS)) return;
    const late = Math.floor(lateMs / periodMs);
    this.#overruns += late;
    this.#next += late;
  }

  #done(tell: () => void): void {
    this.#isBusy = false;
    if (!this.#isRunning) return;
    tell();
    this.#goOn();
  }

  /** Whoever was told of a result may have stopped it, or changed its rate. */
  #goOn(): void {
    if (this.#isRunning) this.#schedule();
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
