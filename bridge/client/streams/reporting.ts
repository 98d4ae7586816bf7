// SPDX-License-Identifier: MIT
// When a stream tells the bridge how it is: soon after a change of state, else at most once a second.
import type { Timers } from "./timers.ts";

/** Changes that follow each other within this time are told as one: a function may fail at every other call. */
const CHANGE_MS = 100;

/** Counts are told this often. */
const COUNT_MS = 1000;

/** The reports of one stream. */
export class Reporting {
  readonly #timers: Timers;
  readonly #report: () => void;
  #reportedAt = -Infinity;
  #cancel: (() => void) | undefined;

  constructor(timers: Timers, report: () => void) {
    this.#timers = timers;
    this.#report = report;
  }

  /** Its state is another one. */
  changed(): void {
    if (this.#cancel !== undefined) return;
    const waitMs = this.#reportedAt + CHANGE_MS - this.#timers.now();
    if (waitMs <= 0) this.#tell();
    else
      this.#cancel = this.#timers.after(waitMs, () => {
        this.#tell();
      });
  }

  /** Only its counts are others. */
  counted(): void {
    if (this.#cancel === undefined && this.#timers.now() - this.#reportedAt >= COUNT_MS) this.#tell();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #tell(): void {
    this.stop();
    this.#reportedAt = this.#timers.now();
    this.#report();
  }
}
