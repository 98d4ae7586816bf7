// SPDX-License-Identifier: MIT
// Says on standard error which gateways a bridge opened.
import type { Bridge } from "../daemon/bridge.ts";
import type { Output } from "./output.ts";

/** One line for each gateway: where it is and what its clients may reach. */
export function tellGateways({ gateways }: Pick<Bridge, "gateways">, output: Output): void {
  for (const { gateway, url, open } of gateways) {
    output.note(`gateway ${gateway} at ${url}, open without a token: ${open.join(" ")}`);
  }
}
