// SPDX-License-Identifier: MIT
// A recognizer: reads what the sensor measures and says on every tenth sample what it makes of it. recognizer.c is the same in C.
import { connect } from "structwire";
import { untilInterrupted } from "../until-interrupted.ts";

interface Sample {
  readonly t: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

const bridge = await connect();
const action = bridge.publisher("action");
const compute = bridge.channel<Sample>("compute").subscribe({ wait: true });

const recognizing = (async (): Promise<void> => {
  let count = 0;
  for await (const delivery of compute) {
    if (delivery.kind !== "batch") continue;
    for (const { t } of delivery.values()) {
      count += 1;
      if (count % 10 === 0) action.publish({ t, classification: count });
    }
  }
})();

await untilInterrupted();
compute.close();
await recognizing;
await bridge.close();
