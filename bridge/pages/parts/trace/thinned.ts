// SPDX-License-Identifier: MIT
// Which channels bring more than a browser should take sample by sample: of these the bridge sends the extremes alone.

/** What is asked for instead of every sample: of each column of so many ms the lowest and highest of these fields. */
export interface Thinned {
  readonly columnMs: number;
  readonly fields: readonly string[];
  /** Whether the newest sample is wanted besides, with all its fields. */
  readonly newest: boolean;
}

/** More samples a second than this are thinned: so many a browser draws and keeps for a minute without effort. */
export const THIN_ABOVE_HZ = 8_000;

/** Less than a pixel of the shortest window on a wide screen is wide. */
export const THIN_COLUMN_MS = 2;

/** How a channel of this rate is to be thinned; null: every sample is wanted. One that is thinned already stays so until its rate has halved. */
export function thinnedAt(
  rateHz: number,
  fields: readonly string[],
  newest: boolean,
  before: Thinned | null,
): Thinned | null {
  if (rateHz < (before === null ? THIN_ABOVE_HZ : THIN_ABOVE_HZ / 2)) return null;
  return { columnMs: THIN_COLUMN_MS, fields: [...new Set(fields)].sort(), newest };
}
