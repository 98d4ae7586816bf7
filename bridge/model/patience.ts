// SPDX-License-Identifier: MIT
// Waiting for another process by the turns of this one: who was stopped or busy itself does not take the other for silent.

/** A wait has so many turns. */
const TURNS = 20;

/** What a wait needs of a clock. */
export interface Alarms {
  /** Runs something once, after so many ms and never inside the call itself; returns what prevents it. */
  after(delayMs: number, run: () => void): () => void;
}

/**
 * Runs `late` after `waitMs`, of which a time in which this process did not run counts as one turn, however long it was. What came in that time can still end
 * the wait, which is what the returned function does.
 */
export function waitInTurns(waitMs: number, alarms: Alarms, late: () => void): () => void {
  let left = TURNS;
  const turn = (): void => {
    left -= 1;
    // An alarm goes off before what came meanwhile is read: behind the last one the event loop goes round once more.
    cancel = left === 0 ? alarms.after(0, late) : alarms.after(waitMs / TURNS, turn);
  };
  let cancel = alarms.after(waitMs / TURNS, turn);
  return () => {
    cancel();
  };
}
