// SPDX-License-Identifier: MIT
// Decides when streams hand out what waits: at once when they were quiet, else with the next tick of one common timer.
import type { Cancel, Clock } from "./ports.ts";

/** Something that collects and hands out. */
export interface Flushable {
  /** Hands out what waits; false when nothing did. Must not throw. */
  flush(): boolean;
}

/** A tick that is due so soon comes with what was just read: a program that reads all the time is spared a wake-up for each tick. */
export const EARLY_MS = 1;

/**
 * The flush tick. A quiet stream is served by the next {@link settle}; what comes until the tick after that waits for it, so that a fast channel makes one message each
 * `flushMs`, and a slow one is never delayed. There is a timer only while something waits.
 */
export class Ticker {
  readonly #clock: Clock;
  readonly #flushMs: number;
  /** In which something waits for {@link settle}, because they were quiet, and for the tick. */
  readonly #fresh = new Set<Flushable>();
  readonly #due = new Set<Flushable>();
  /** Those that were served since the last tick. */
  readonly #warm = new Set<Flushable>();
  /** The next tick. */
  #tickMs = 0;
  #cancel: Cancel | undefined;

  constructor(clock: Clock, flushMs: number) {
    this.#clock = clock;
    this.#flushMs = flushMs;
  }

  /** Says that something waits in `stream`. */
  touch(stream: Flushable): void {
    if (this.#warm.has(stream) && this.#awaitsTick()) this.#due.add(stream);
    else this.#fresh.add(stream);
  }

  /** Says that so much waits in `stream` that the next {@link settle} serves it, quiet or not. */
  urge(stream: Flushable): void {
    this.#fresh.add(stream);
  }

  /** Serves the quiet ones, and the others when it is time; called when a chunk of input has been taken in whole. */
  settle(): void {
    if (this.#fresh.size === 0 && this.#due.size === 0) return;
    const now = this.#clock.now();
    if (now >= this.#tickMs - EARLY_MS) this.#tick(now);
    for (const stream of this.#fresh) if (stream.flush()) this.#warm.add(stream);
    this.#fresh.clear();
  }

  forget(stream: Flushable): void {
    for (const streams of [this.#fresh, this.#due, this.#warm]) streams.delete(stream);
  }

  /** Hands out everything that waits and stops the timer. */
  stop(): void {
    this.#disarm();
    for (const stream of [...this.#fresh, ...this.#due]) stream.flush();
    this.#fresh.clear();
    this.#due.clear();
  }

  #tick(now: number): void {
    this.#disarm();
    this.#tickMs = Math.max(now, this.#tickMs) + this.#flushMs;
    const due = [...this.#due];
    this.#due.clear();
    this.#warm.clear();
    for (const stream of due) if (stream.flush()) this.#warm.add(stream);
  }

  /** Whether the tick is still to come: then there is a timer for it. */
  #awaitsTick(): boolean {
    if (this.#cancel !== undefined) return true;
    const leftMs = this.#tickMs - this.#clock.now();
    if (leftMs <= EARLY_MS) return false;
    this.#cancel = this.#clock.after(leftMs, () => {
      this.#tick(this.#clock.now());
    });
    return true;
  }

  #disarm(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
