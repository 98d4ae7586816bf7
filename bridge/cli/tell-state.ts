// SPDX-License-Identifier: MIT
// Says on standard error when the bridge is gone and when it is back.
import type { Client } from "../client/client.ts";
import type { Output } from "./output.ts";

/** Tells for as long as the client lives. */
export function tellState(client: Client, output: Output): void {
  let lost = false;
  client.on("state", ({ state, error }) => {
    if (state === "open") output.note("connected again");
    else if (state === "connecting" && !lost) output.note(`${error?.message ?? "not connected"}; trying again`);
    lost = state === "connecting";
  });
  client.on("notice", ({ message }) => {
    output.note(message);
  });
}
