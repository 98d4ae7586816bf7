// SPDX-License-Identifier: MIT
// Prints what the knob is told, as often as that changes, and where a page with the knob says that it stands.
import { connect } from "structwire";
import { untilInterrupted } from "../until-interrupted.ts";

const bridge = await connect();
const told = bridge.subscribe(["action", "knob"], { wait: true });
let last = "";

const watching = (async (): Promise<void> => {
  for await (const delivery of told) {
    if (delivery.kind !== "batch") continue;
    for (const value of delivery.values()) {
      const { action } = value as { readonly action?: string };
      const line = action === undefined ? `the knob is at ${JSON.stringify(value)}` : `told to ${action}`;
      if (line !== last) console.log(line);
      last = line;
    }
  }
})();

await untilInterrupted();
told.close();
await watching;
await bridge.close();
