// SPDX-License-Identifier: MIT
// Where the values of a preset differ from others: those that hold now, or another preset's.
import type { Json } from "../../session/messages.ts";
import { leavesOf } from "../trace/element-path.ts";

/** One field that differs. */
export interface PresetDifference {
  readonly parameter: string;
  /** Its path, `pid.kp` or `winding[2]`. */
  readonly field: string;
  /** What the preset has; undefined: it has no such field. */
  readonly saved: Json | undefined;
  /** What holds now, or what the other preset has; undefined: there is no such field. */
  readonly other: Json | undefined;
}

type Values = Readonly<Record<string, Json>>;

/** The differences of values by parameter and field, in the order of the fields. Parameters that `saved` does not have do not count. */
export function compareValues(saved: Values, other: Values): PresetDifference[] {
  return Object.entries(saved).flatMap(([parameter, value]) => {
    const mine = new Map(leavesOf(value));
    const theirs = new Map(Object.hasOwn(other, parameter) ? leavesOf(other[parameter] ?? null) : []);
    return [...new Set([...mine.keys(), ...theirs.keys()])]
      .map((field) => ({ parameter, field, saved: mine.get(field), other: theirs.get(field) }))
      .filter((each) => !isSame(each.saved, each.other));
  });
}

/** Digits may stand in quotes: whole numbers of 64 bits do, beyond what a number holds exactly. */
function isSame(a: Json | undefined, b: Json | undefined): boolean {
  const digits = (value: Json | undefined): Json | undefined => (typeof value === "number" ? String(value) : value);
  return digits(a) === digits(b);
}
