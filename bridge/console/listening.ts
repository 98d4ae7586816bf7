// SPDX-License-Identifier: MIT
// Waits until a driver takes connections at its socket.
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const LOOK_MS = 20;

/** Resolves once something listens there; rejects with the signal's reason. */
export async function whenListening(path: string, signal: AbortSignal): Promise<void> {
  while (!(await listens(path))) await sleep(LOOK_MS, undefined, { signal });
}

function listens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => {
      resolve(false);
    });
  });
}
