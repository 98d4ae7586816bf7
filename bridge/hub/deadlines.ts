// SPDX-License-Identifier: MIT
// The time limits of all requests: as nearly every answer comes in time, a limit has no timer of its own.
import type { Alarms } from "../model/patience.ts";
import type { Cancel, Clock } from "./ports.ts";

/** Limits of so many lengths have a common timer each; whoever asks for more lengths at once pays for timers. */
export const MAX_LENGTHS = 32;

/** A limit that is waited for. */
interface Limit {
  /** ms since 1970 UTC */
  readonly at: number;
  readonly run: () => void;
}

/** Limits of one length, in the order in which they end. Its timer runs on when they are all cancelled. */
interface Group {
  readonly limits: Set<Limit>;
  cancelTimer: Cancel;
}

/** Runs what is to be run after a time, and is cheap where that is cancelled: starting and stopping a timer costs more than the rest of it. */
export class Deadlines implements Alarms {
  readonly #clock: Clock;
  readonly #groups = new Map<number, Group>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  after(delayMs: number, run: () => void): Cancel {
    const group = this.#groups.get(delayMs) ?? this.#open(delayMs);
    if (group === undefined) return this.#clock.after(delayMs, run);
    const limit = { at: this.#clock.now() + delayMs, run };
    group.limits.add(limit);
    return () => void group.limits.delete(limit);
  }

  /** Stops every timer; what waits is never run. */
  stop(): void {
    for (const { cancelTimer } of this.#groups.values()) cancelTimer();
    this.#groups.clear();
  }

  #open(delayMs: number): Group | undefined {
    if (this.#groups.size >= MAX_LENGTHS) return undefined;
    const group: Group = { limits: new Set(), cancelTimer: () => undefined };
    this.#groups.set(delayMs, group);
    this.#arm(delayMs, group, delayMs);
    return group;
  }

  #arm(lengthMs: number, group: Group, delayMs: number): void {
    group.cancelTimer = this.#clock.after(delayMs, () => {
      this.#ring(lengthMs, group);
    });
  }

  #ring(lengthMs: number, group: Group): void {
    const now = this.#clock.now();
    for (const limit of group.limits) {
      if (limit.at > now) {
        this.#arm(lengthMs, group, limit.at - now);
        return;
      }
      group.limits.delete(limit);
      limit.run();
    }
    this.#groups.delete(lengthMs);
  }
}
