// SPDX-License-Identifier: MIT
// Waiting for the bridge, of which nobody is to despair while the program itself was busy.
import type { Alarms } from "../../model/patience.ts";

/** Timers of the place, for waits that are counted in turns of the program too (model/patience.ts); they keep the process alive. */
export const alarms: Alarms = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};

/**
 * Runs `late` after so many ms. An alarm goes off before what came meanwhile is read, so that the event loop goes round once more before: an answer that waits in the socket of a busy program
 * is still in time. Keeps the process alive. Returns what prevents it.
 */
export function afterReading(delayMs: number, late: () => void): () => void {
  let cancel = alarms.after(delayMs, () => {
    cancel = alarms.after(0, late);
  });
  return () => {
    cancel();
  };
}
