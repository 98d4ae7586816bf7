// SPDX-License-Identifier: MIT
// Waiting for another process by the turns of this one: who was stopped or busy itself does not take the other for silent.

/** A wait has so many turns. */
const TURNS = 20;

/** Runs something once, after so many ms; returns what prevents it. */
export type Later = (delayMs: number, run: () => void) => () => void;

/** Runs `late` after `waitMs`, of which a time in which this process did not run counts as one turn, however long it was. Returns what ends the wait. */
export function waitInTurns(waitMs: number, later: Later, late: () => void): () => void {
  let left = TURNS;
  const turn = (): void => {
    left -= 1;
    if (left === 0) late();
    else cancel = later(waitMs / TURNS, turn);
  };
  let cancel = later(waitMs / TURNS, turn);
  return () => {
    cancel();
  };
}
