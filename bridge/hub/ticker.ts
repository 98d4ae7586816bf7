// SPDX-License-Identifier: MIT
// Decides when streams hand out what waits: at once when they were quiet, else with the next tick of one common timer.
import type { Cancel, Clock } from "./ports.ts";

/** Something that collects and hands out. */
export interface Flushable {
  /** Hands out what waits; false when nothing did. Must not throw. */
  flush(): boolean;
}

/**
 * The flush tick. A quiet stream is served by the next {@link settle}, and is warm from then on: what comes meanwhile waits
 * for the tick, so that a fast channel makes one message each `flushMs`, and a slow one is never delayed.
 */
export class Ticker {
  readonly #clock: Clock;
  readonly #flushMs: number;
  readonly #fresh = new Set<Flushable>();
  readonly #warm = new Set<Flushable>();
  #cancel: Cancel | undefined;

  constructor(clock: Clock, flushMs: number) {
    this.#clock = clock;
    this.#flushMs = flushMs;
  }

  /** Says that something waits in `stream`. */
  touch(stream: Flushable): void {
    if (!this.#warm.has(stream)) this.#fresh.add(stream);
  }

  /** Says that so much waits in `stream` that the next {@link settle} serves it, quiet or not. */
  urge(stream: Flushable): void {
    this.#fresh.add(stream);
  }

  /** Serves the quiet ones; called when a chunk of input has been taken in whole. */
  settle(): void {
    if (this.#fresh.size === 0) return;
    for (const stream of this.#fresh) {
      if (stream.flush()) this.#warm.add(stream);
    }
    this.#fresh.clear();
    this.#arm();
  }

  forget(stream: Flushable): void {
    this.#fresh.delete(stream);
    this.#warm.delete(stream);
  }

  /** Hands out everything that waits and stops the timer. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    for (const stream of [...this.#fresh, ...this.#warm]) stream.flush();
    this.#fresh.clear();
    this.#warm.clear();
  }

  #arm(): void {
    if (this.#cancel !== undefined || this.#warm.size === 0) return;
    this.#cancel = this.#clock.after(this.#flushMs, () => {
      this.#cancel = undefined;
      for (const stream of this.#warm) {
        if (!stream.flush()) this.#warm.delete(stream);
      }
      this.#arm();
    });
  }
}
