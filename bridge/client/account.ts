// SPDX-License-Identifier: MIT
// What became of the samples of a subscription, and how that is said: everywhere in the same words.
import type { LossReason } from "../model/values.ts";

/** Lost samples by where they went; a reason without a loss is missing. */
export type Losses = { readonly [Reason in LossReason]?: number };

/** Counts of samples; `due` is the sum of all the others. */
export interface Account {
  /** All that was published for this reader since it subscribed. */
  readonly due: number;
  /** Handed to the reader. */
  readonly delivered: number;
  /** In this program, not read yet. */
  readonly waiting: number;
  /** Left out as the subscription asked: by `latest`, `minmax` or `maxHz`. */
  readonly skipped: number;
  readonly lost: Losses;
}

/** Where samples of each reason went, in few words. */
export const WHERE_LOST: Readonly<Record<LossReason, string>> = {
  unknown: "nobody knows where",
  ring_full: "in the driver's ring",
  link_full: "between driver and bridge",
  slow_reader: "this reader was too slow",
  disconnected: "while disconnected",
};

/** All losses together. */
export function lostOf(losses: Losses): number {
  return Object.values(losses).reduce((sum, count) => sum + count, 0);
}

/** `complete`, or `lost N of M: n in the driver's ring, …`; `due` is M. */
export function accountText({ due, lost }: Pick<Account, "due" | "lost">): string {
  const total = lostOf(lost);
  if (total === 0) return "complete";
  return `lost ${String(total)} of ${String(due)}: ${lossText(lost)}`;
}

/** Each reason with its count, the greatest first: `7 in the driver's ring, 2 this reader was too slow`. */
export function lossText(losses: Losses): string {
  return (Object.entries(losses) as [LossReason, number][])
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1])
    .map(([reason, count]) => `${String(count)} ${WHERE_LOST[reason]}`)
    .join(", ");
}

/** Adds a loss to a sum. */
export function addLoss(losses: { [Reason in LossReason]?: number }, reason: LossReason, count: number): void {
  losses[reason] = (losses[reason] ?? 0) + count;
}
