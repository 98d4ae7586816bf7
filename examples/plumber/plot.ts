// SPDX-License-Identifier: MIT
// A plot for the terminal: once a second where each value went. The page /plot draws the same channel as lines.
import { connect } from "structwire";
import { untilInterrupted } from "../until-interrupted.ts";

const BLOCKS = "▁▂▃▄▅▆▇█";
const WIDTH = 20;

/** Some of the values as blocks between the lowest and the highest. */
function spark(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const step = Math.max(1, values.length / WIDTH);
  let text = "";
  for (let at = 0; at < values.length; at += step) {
    const share = ((values[Math.floor(at)] ?? low) - low) / (high - low || 1);
    text += BLOCKS.charAt(Math.round(share * (BLOCKS.length - 1)));
  }
  return text.padEnd(WIDTH);
}

const bridge = await connect();
const data = bridge.channel<Record<string, number>>("data").subscribe({ wait: true });
let seen: Record<string, number>[] = [];

const reading = (async (): Promise<void> => {
  for await (const delivery of data) {
    if (delivery.kind === "batch") seen.push(...delivery.values());
    if (delivery.kind === "lost") console.log(`${String(delivery.loss.count)} samples were lost`);
  }
})();

const timer = setInterval(() => {
  const lines = ["x", "y", "z"].map((name) => {
    const values = seen.map((sample) => sample[name] ?? 0);
    return values.length === 0 ? `${name} -` : `${name} ${spark(values)} ${String(values.at(-1))}`;
  });
  console.log(lines.join("   "));
  seen = [];
}, 1000);

await untilInterrupted();
clearInterval(timer);
data.close();
await reading;
await bridge.close();
