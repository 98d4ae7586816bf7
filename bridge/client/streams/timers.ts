// SPDX-License-Identifier: MIT
// The time of periodic streams, handed to them so that tests can turn it.

/** A clock and its alarms. */
export interface Timers {
  /** ms of a clock that never jumps, with a fraction. */
  now(): number;
  /** Calls after at least so many ms, at the earliest in the next turn of the event loop. Returns what takes it back. */
  after(delayMs: number, action: () => void): () => void;
}

/** What of the place is needed for them. */
export interface TimerPlace {
  readonly soon: (action: () => void) => void;
  readonly release: (timer: unknown) => void;
}

/** The timers of a place. */
export function timersOf({ soon, release }: TimerPlace): Timers {
  return {
    now: () => performance.now(),
    after: (delayMs, action) => {
      let isWanted = true;
      const run = (): void => {
        if (isWanted) action();
      };
      // A timer of 0 ms takes 1 ms.
      const timer = delayMs > 0 ? setTimeout(run, delayMs) : undefined;
      if (timer === undefined) soon(run);
      else release(timer);
      return () => {
        isWanted = false;
        clearTimeout(timer);
      };
    },
  };
}
