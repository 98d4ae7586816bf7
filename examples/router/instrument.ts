// SPDX-License-Identifier: MIT
// An instrument: an object to call, ten streams that it samples a thousand times a second, one that it publishes by itself, a camera, and a relay.
import { connect } from "structwire";
import { untilInterrupted } from "../until-interrupted.ts";
import { picture, WIDTH } from "./picture.ts";
import { RELAYED } from "./relayed.ts";

const SINES = 10;

/** What others may do with the horn; the viewer knows this type. */
export class Horn {
  beep(times = 1): string {
    return "Boop! ".repeat(times).trimEnd();
  }

  malfunction(): never {
    throw new RangeError("Crunch!");
  }
}

const bridge = await connect();
const started = performance.now();
const seconds = (): number => (performance.now() - started) / 1000;

await bridge.expose("horn", new Horn()).ready;
await bridge.alias("fanfare", "horn/beep", { args: [3] }).ready;

for (let i = 0; i < SINES; i += 1) {
  const phase = (2 * Math.PI * i) / SINES;
  bridge.streams.add(`sine/${String(i)}`, {
    hz: 1000,
    call: () => ({ value: Math.sin(2 * Math.PI * seconds() + phase) }),
  });
}

// Published when the program likes.
const position = bridge.streams.manual<{ readonly value: number }>("position");
const moving = setInterval(() => {
  position.publish({ value: Math.sin(2 * Math.PI * seconds()) });
}, 10);

let frames = 0;
bridge.streams.add("camera", {
  hz: 10,
  kind: "bytes",
  contentType: "image/bmp",
  call: () => picture((frames += 1) % WIDTH),
});

// What another program publishes by ZeroMQ.
bridge.streams.relay("relayed", RELAYED, { kind: "json" });

await untilInterrupted();
clearInterval(moving);
await bridge.close();
