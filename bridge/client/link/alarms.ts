// SPDX-License-Identifier: MIT
// The alarms of waits that are counted in turns of the program (model/patience.ts).
import type { Alarms } from "../../model/patience.ts";

/** Timers of the place; they keep the process alive. */
export const alarms: Alarms = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};
