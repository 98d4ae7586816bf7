// SPDX-License-Identifier: MIT
// A program that knows nothing of the bridge: publishes by ZeroMQ.
import { Publisher } from "zeromq";
import { untilInterrupted } from "../until-interrupted.ts";
import { RELAYED } from "./relayed.ts";

const socket = new Publisher({ linger: 0 });
await socket.bind(RELAYED);
let count = 0;
const timer = setInterval(() => {
  count += 1;
  void socket.send(JSON.stringify({ count }));
}, 50);

await untilInterrupted();
clearInterval(timer);
socket.close();
