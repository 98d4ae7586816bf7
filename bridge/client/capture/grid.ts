// SPDX-License-Identifier: MIT
// All combinations of the values that a sweep goes through.
import { BridgeError } from "../../model/errors.ts";

/** The most steps of one sweep. */
export const MAX_STEPS = 100_000;

/** Every combination of one value of each field, in the order of the fields: the last one changes fastest. Throws `invalid_argument` for none, or for more than {@link MAX_STEPS}. */
export function combinations(grid: Readonly<Record<string, readonly unknown[]>>): Record<string, unknown>[] {
  const fields = Object.entries(grid);
  const count = fields.reduce((product, [, values]) => product * values.length, fields.length === 0 ? 0 : 1);
  if (count < 1)
    throw new BridgeError("invalid_argument", "sweep() needs at least one value of each field: { kp: [1, 2, 4] }");
  if (count > MAX_STEPS) {
    throw new BridgeError(
      "invalid_argument",
      `sweep() goes through at most ${String(MAX_STEPS)} combinations; these are ${String(count)}`,
    );
  }
  return fields.reduce<Record<string, unknown>[]>(
    (all, [field, values]) => all.flatMap((done) => values.map((value) => ({ ...done, [field]: value }))),
    [{}],
  );
}
