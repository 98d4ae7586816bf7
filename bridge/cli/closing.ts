// SPDX-License-Identifier: MIT
// The last words of `sub`: whether everything that was published was printed, else how much is missing and where, and how long samples took.
import { accountText, lostOf, type Account } from "../client/account.ts";
import type { Delays, Latency } from "../client/flow/latency.ts";
import { counted } from "../model/counted.ts";

/** The account of what was printed: of the last batches that the reader got, `unprinted` samples were not. */
export function printedAccount(account: Account, unprinted: number): Account {
  const delivered = account.delivered - unprinted;
  const { skipped, lost } = account;
  return { due: delivered + skipped + lostOf(lost), delivered, waiting: 0, skipped, lost };
}

/** One line for people. */
export function closingText(account: Account): string {
  const left = account.skipped > 0 ? `, ${String(account.skipped)} left out as asked` : "";
  return `${accountText(account)} (${counted(account.delivered, "sample")}${left})`;
}

/** How long samples took from the driver to here, and where. */
export function latencyText(latency: Latency | undefined): string {
  if (latency === undefined) return "latency: not known yet";
  const { total, toBridge, inBridge, toClient, uncertaintyMs } = latency;
  const parts = `to the bridge ${both(toBridge)}, in it ${both(inBridge)}, to here ${both(toClient)}`;
  return `latency p50/p99 ${both(total)} ms, ±${digits(uncertaintyMs)}: ${parts}`;
}

/** The same for `--json`; latency is null while it is not known. */
export function closingObject(account: Account, latency: Latency | undefined): object {
  const { due, delivered, skipped, lost } = account;
  return { account: { complete: lostOf(lost) === 0, due, delivered, skipped, lost, latency: latency ?? null } };
}

function both({ p50Ms, p99Ms }: Delays): string {
  return `${digits(p50Ms)}/${digits(p99Ms)}`;
}

function digits(ms: number): string {
  return ms.toFixed(Math.abs(ms) < 10 ? 2 : 0);
}
