// SPDX-License-Identifier: MIT
// A sensor: a hundred samples a second, to whoever wants to see them and to whoever wants to compute with them.
import { connect } from "structwire";
import { untilInterrupted } from "../until-interrupted.ts";

const bridge = await connect();
const data = bridge.publisher("data");
const compute = bridge.publisher("compute");

let i = 0;
const timer = setInterval(() => {
  const sample = { t: Date.now(), x: i, y: 2 * i, z: i ** 2 };
  data.publish(sample);
  compute.publish(sample);
  i += 1;
}, 10);

await untilInterrupted();
clearInterval(timer);
await bridge.close();
