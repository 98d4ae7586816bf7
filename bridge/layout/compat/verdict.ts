// SPDX-License-Identifier: MIT
// What a difference between two schemas means to a reader of the first one.

/** `ok`: nothing to do; `note`: worth knowing; `warn`: may surprise; `break`: what was written for the first reads the second wrongly. */
export type Verdict = "ok" | "note" | "warn" | "break";

/** One way in which a field differs. */
export interface Difference {
  /** The field's path in the first schema; of a field that only the second has, there. Empty: the message itself. */
  readonly path: string;
  /** Its path in the second schema, where that is another one. */
  readonly now?: string;
  readonly verdict: Verdict;
  /** Goes on after the field's name: "is in deg, was in rad". */
  readonly why: string;
}

/** A difference before it is known where. */
export type Finding = Pick<Difference, "verdict" | "why">;

const ORDER: readonly Verdict[] = ["ok", "note", "warn", "break"];

/** The gravest of some differences; `ok` of none. */
export function worst(differences: readonly { readonly verdict: Verdict }[]): Verdict {
  return ORDER[Math.max(0, ...differences.map(({ verdict }) => ORDER.indexOf(verdict)))] ?? "ok";
}
