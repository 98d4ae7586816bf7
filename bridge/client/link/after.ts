// SPDX-License-Identifier: MIT
// The alarm of waits that are counted in turns of the program (model/patience.ts).

/** Runs something once, after so many ms; returns what prevents it. Until then the process is kept alive. */
export function after(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => {
    clearTimeout(timer);
  };
}
