// SPDX-License-Identifier: MIT
// The gateway `socket-io` with programs of python-socketio, of both its protocols.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { startTestBridge, type TestBridge } from "../support/bridge.ts";
import { temporaryFolders } from "../support/folder.ts";
import { PythonLines } from "../support/python-lines.ts";
import { WireClient } from "../support/wire-client.ts";

/** Written as Python does: wider than a double, and other things that JSON has. */
const EXACT = `{"n": 1180591620717411303424, "f": 1.0, "text": "naïve ☂", "list": [null, true, {}]}`;

for (const [title, tools] of [
  ["python-socketio 5, of the newest protocol", "gateways"],
  ["python-socketio 4, of the old one", "gateways-old"],
] as const) {
  describe(`the gateway socket-io with ${title}`, () => {
    const newFolder = temporaryFolders();
    const parts: PythonLines[] = [];
    let started: TestBridge;

    beforeEach(async () => {
      started = await startTestBridge(newFolder(), { gateways: ["socket-io:0,open=**"] });
    });

    afterEach(async () => {
      await Promise.all(parts.splice(0).map((part) => part.end()));
      await started.bridge.stop();
    });

    async function start(...args: string[]): Promise<PythonLines> {
      const part = new PythonLines(tools, "plumber.py", started.bridge.gateways[0]!.url, ...args);
      parts.push(part);
      assert.deepEqual(await part.next(), ["ready"]);
      return part;
    }

    it("carries sensor → recognizer → actuator and a plot, each a program of its own, complete and in order", async () => {
      const [plot, actuator] = [await start("plot"), await start("actuator")];
      await start("recognizer");
      const sensor = await start("sensor", "100");
      sensor.say("go");
      const samples = Array.from({ length: 100 }, (_, i) => ({ t: i / 100, x: i, y: 2 * i, z: i ** 2 }));
      assert.deepEqual(await plot.next(100), samples);
      const actions = Array.from({ length: 10 }, (_, i) => ({ t: (10 * i + 9) / 100, classification: 10 * (i + 1) }));
      assert.deepEqual(await actuator.next(10), actions);
    });

    it("keeps a value as Python wrote it, and gives programs what others publish", async () => {
      const echo = await start("echo");
      const local = await WireClient.enter(started.bridge.url, started.bridge.token);
      await local.ask({ op: "subscribe", channels: ["data"], encoding: "json", wait: true });
      echo.say(EXACT);
      const [back] = await echo.next();
      assert.deepEqual(back, JSON.parse(EXACT));
      const { samples } = await local.next(({ op }) => op === "samples");
      assert.deepEqual((samples as { value: unknown }[])[0]?.value, JSON.parse(EXACT));
      await local.ask({ op: "publish", channel: "data", value: { from: "elsewhere" } });
      assert.deepEqual(await echo.next(), [{ from: "elsewhere" }]);
      await local.close();
    });

    it("tells programs that it ends", async () => {
      const plot = await start("plot");
      await started.bridge.stop();
      assert.deepEqual(await plot.next(), ["disconnected"]);
    });
  });
}
