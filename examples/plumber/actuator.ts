// SPDX-License-Identifier: MIT
// An actuator: does what it is told, which here is to print it.
import { connect } from "structwire";
import { untilInterrupted } from "../until-interrupted.ts";

const bridge = await connect();
const action = bridge.subscribe("action", { wait: true });

const acting = (async (): Promise<void> => {
  for await (const delivery of action) {
    if (delivery.kind !== "batch") continue;
    for (const order of delivery.values()) console.log(JSON.stringify(order));
  }
})();

await untilInterrupted();
action.close();
await acting;
await bridge.close();
