// SPDX-License-Identifier: MIT
// A program that uses the instrument: calls it, sees its exception, and says once a second what came of its streams.
import { BridgeError, connect } from "structwire";
import { untilInterrupted } from "../until-interrupted.ts";
import type { Horn } from "./instrument.ts";

const bridge = await connect();
const streams = bridge.subscribe(["sine/*", "position", "camera", "relayed"], { wait: true });

/** Waits until the instrument is there. */
async function instrument(): Promise<void> {
  await bridge.watch();
  if (bridge.directory.services.some(({ service }) => service === "fanfare")) return;
  await new Promise<void>((resolve) => {
    const stop = bridge.on("directory", ({ added }) => {
      if (!added.some((entry) => "service" in entry && entry.service === "fanfare")) return;
      stop();
      resolve();
    });
  });
}

await instrument();
const horn = bridge.remote<Horn>("horn");
console.log(`the horn says ${await horn.beep()}`);
console.log(`the fanfare is ${JSON.stringify(await bridge.call("fanfare"))}`);
try {
  await horn.malfunction();
} catch (error) {
  if (!(error instanceof BridgeError)) throw error;
  console.log(`the horn fails: ${error.name}: ${error.message}`);
}

const counts = new Map<string, number>();
let lost = 0;
const viewing = (async (): Promise<void> => {
  for await (const delivery of streams) {
    if (delivery.kind === "batch") counts.set(delivery.channel, (counts.get(delivery.channel) ?? 0) + delivery.count);
    else if (delivery.kind === "lost") lost += delivery.loss.count;
  }
})();
const timer = setInterval(() => {
  const line = [...counts].sort(([a], [b]) => a.localeCompare(b)).map(([name, count]) => `${name} ${String(count)}/s`);
  console.log(`${line.join(", ")}; lost ${String(lost)}`);
  counts.clear();
}, 1000);

await untilInterrupted();
clearInterval(timer);
streams.close();
await viewing;
await bridge.close();
