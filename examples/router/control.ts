// SPDX-License-Identifier: MIT
// A program that starts and stops the streams of another: every two seconds one of the sines.
import { connect } from "structwire";
import { untilInterrupted } from "../until-interrupted.ts";

const bridge = await connect();

async function toggle(): Promise<void> {
  const sines = (await bridge.streams.list()).filter(({ stream }) => stream.startsWith("sine/"));
  const chosen = sines[Math.floor(Math.random() * sines.length)];
  if (chosen === undefined) return;
  const { stream, enabled } = chosen;
  await (enabled ? bridge.streams.stop(stream) : bridge.streams.start(stream));
  console.log(`${enabled ? "stopped" : "started"} ${stream}`);
}

const timer = setInterval(() => {
  toggle().catch((error: unknown) => {
    console.error(String(error));
  });
}, 2000);

await untilInterrupted();
clearInterval(timer);
await bridge.close();
