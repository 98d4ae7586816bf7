// SPDX-License-Identifier: MIT
// How the programs of the examples end: by Ctrl-C, or when whoever started them says so.

/** Resolves at SIGINT or SIGTERM. */
export function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        resolve();
      });
    }
  });
}
