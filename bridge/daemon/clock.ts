// SPDX-License-Identifier: MIT
// The system's clock and timers as the floors below want them.
import type { Clock } from "../hub/ports.ts";

/** Time that begins at UTC and never goes back; timers of Node's event loop. */
export function systemClock(): Clock {
  return {
    now: () => performance.timeOrigin + performance.now(),
    after: (delayMs, run) => {
      // A timer beyond 2³¹ ms would run at once.
      const timer = setTimeout(run, Math.min(delayMs, 2_147_483_647));
      return () => {
        clearTimeout(timer);
      };
    },
  };
}
