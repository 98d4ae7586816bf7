// SPDX-License-Identifier: MIT
// What can be turned into a table or into objects.

/** What was taken, kept or aligned. */
export interface ColumnSource {
  readonly count: number;
  /** Typed arrays by field. */
  readonly columns: object;
  /** ms since 1970 UTC. */
  readonly times: Float64Array;
  /** ns since 1970 UTC. */
  readonly timesNs?: BigInt64Array;
  readonly sequences?: Float64Array;
  /** Makes the samples as values. */
  readonly values?: () => readonly unknown[];
}
