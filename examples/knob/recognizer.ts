// SPDX-License-Identifier: MIT
// Makes of how the phone is held what the knob is to do.
import { connect } from "structwire";
import { untilInterrupted } from "../until-interrupted.ts";

interface Orientation {
  readonly t: number;
  readonly x: number;
  readonly y: number;
}

/** The knob can be turned while the phone is tilted forward between these. */
const ENABLED = { above: 0.3, below: 0.6 };
/** From so far to a side on it turns. */
const TURNED = 0.1;

const bridge = await connect();
const action = bridge.publisher("action");
// Only the newest matters: whoever is late need not catch up.
const data = bridge.channel<Orientation>("data").subscribe({ wait: true, delivery: "latest" });

const recognizing = (async (): Promise<void> => {
  for await (const delivery of data) {
    if (delivery.kind !== "batch") continue;
    for (const { t, x, y } of delivery.values()) {
      action.publish({ t, action: x > ENABLED.above && x < ENABLED.below ? "enable" : "disable" });
      if (Math.abs(y) > TURNED) action.publish({ t, action: y > 0 ? "left" : "right" });
    }
  }
})();

await untilInterrupted();
data.close();
await recognizing;
await bridge.close();
