// SPDX-License-Identifier: MIT
// The gateway `json-ws` with a WebSocket client of tornado, as the old notebook had one.
import assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
import { startTestBridge } from "../support/bridge.ts";
import { exposeEcho } from "../support/echo.ts";
import { temporaryFolders } from "../support/folder.ts";
import { PythonLines } from "../support/python-lines.ts";
import { WireClient } from "../support/wire-client.ts";

describe("the gateway json-ws with tornado's client", () => {
  const newFolder = temporaryFolders();
  const closing: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  it("greets it, answers each object in a frame of its own however fast they come, and ends with the bridge", async () => {
    const { bridge } = await startTestBridge(newFolder(), { gateways: ["json-ws:0,open=echo,service=echo"] });
    closing.push(() => bridge.stop());
    const local = await WireClient.enter(bridge.url, bridge.token);
    closing.push(() => local.close());
    await exposeEcho(local, "echo");
    const client = new PythonLines("gateways", "websocket_client.py", bridge.gateways[0]!.url);
    closing.push(() => client.end());
    assert.deepEqual(await client.next(), ["Hello World"]);
    for (let value = 0; value < 100; value++) client.say(JSON.stringify({ does_it: "blend", value }));
    // As the old callback reads them.
    const replies = (await client.next(100)).map((text) => JSON.parse(String(text).replaceAll("'", '"')) as unknown);
    assert.deepEqual(
      replies,
      Array.from({ length: 100 }, (_, value) => ({ does_it: "blend", value })),
    );
    client.say("{'value': 4}");
    assert.deepEqual(await client.next(), ["Could not deserialize the incoming message: {'value': 4}"]);
  });
});
