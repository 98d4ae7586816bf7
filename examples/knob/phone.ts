// SPDX-License-Identifier: MIT
// A phone that nobody has to hold: tilts slowly forward and back, and from side to side. The page /sensor sends the same from a real one.
import { connect } from "structwire";
import { untilInterrupted } from "../until-interrupted.ts";

const RATE_HZ = 30;

const bridge = await connect();
const started = Date.now();
const phone = bridge.streams.add("data", {
  hz: RATE_HZ,
  call: () => {
    const seconds = (Date.now() - started) / 1000;
    return { t: Date.now(), x: 0.45 + 0.3 * Math.sin(seconds), y: 0.5 * Math.sin(2.3 * seconds), z: 0 };
  },
});
await phone.ready;

await untilInterrupted();
await bridge.close();
