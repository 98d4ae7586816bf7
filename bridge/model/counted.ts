// SPDX-License-Identifier: MIT
// Counts in sentences that people read.

/** A count with what is counted, `1 sample` or `2 samples`; `one` is a noun whose plural ends in s, `written` the number where it is not to stand plainly. */
export function counted(count: number, one: string, written: string = String(count)): string {
  return `${written} ${count === 1 ? one : `${one}s`}`;
}
