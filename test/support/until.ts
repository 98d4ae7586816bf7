// SPDX-License-Identifier: MIT
// Waits for what nothing tells of: the limit is the time of the test alone.

/** How often it is looked at. */
const LOOK_MS = 2;

/** Resolves once something holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  // A test that has ended does not keep the process for it.
  while (!(await holds())) await new Promise<void>((resolve) => void setTimeout(resolve, LOOK_MS).unref());
}
