// SPDX-License-Identifier: MIT
// The client on the browser's own WebSocket, without addon and files.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { WebSocket } from "ws";
import { connect } from "../../../../bridge/browser.ts";
import { readBatchHeader, variablePayloads } from "../../../../bridge/layout/record.ts";
import { range, READING_SCHEMA, readingBatch } from "../../../support/batches.ts";
import { ScriptedBridge, TOKEN } from "../../../support/scripted-bridge.ts";
import { announce } from "../../../support/scripted-client.ts";

describe("the client in a browser", () => {
  // Node 20 has no WebSocket of its own; that of ws has the same face.
  const original: unknown = Reflect.get(globalThis, "WebSocket");
  let bridge: ScriptedBridge;

  beforeEach(async () => {
    Reflect.set(globalThis, "WebSocket", WebSocket);
    bridge = await ScriptedBridge.start();
  });

  afterEach(async () => {
    Reflect.set(globalThis, "WebSocket", original);
    await bridge.stop();
  });

  it("connects by the platform's WebSocket and decodes without the addon", async () => {
    const connecting = connect({ url: `http://127.0.0.1:${String(bridge.port)}`, token: TOKEN });
    const peer = await bridge.peer();
    assert.equal((await peer.welcome())["token"], TOKEN);
    const client = await connecting;
    const taking = client.channel("rig/reading").take(3);
    await peer.answer("subscribe", { subscription: 1 });
    announce(peer, { schema: READING_SCHEMA, epoch: 11n, next: 0 });
    peer.records(readingBatch({ stream: 3, schema: 7, epoch: 11n, sequences: range(0, 2) }));
    assert.deepEqual((await taking).columns["value"], new Float64Array([0, 1, 2]));
    await client.close();
  });

  it("publishes what one turn of the event loop brings in one message, without a timer", async () => {
    const connecting = connect({ url: `http://127.0.0.1:${String(bridge.port)}`, token: TOKEN });
    const peer = await bridge.peer();
    await peer.welcome();
    const client = await connecting;
    const out = client.publisher<number>("data");
    const opened = { handle: 4, channel: "data", kind: "json", contentType: null, sender: 9, epoch: "5", next: 0 };
    await peer.answer("open", opened);
    await out.opened;
    for (let i = 0; i < 3; i++) out.publish(i, { time: i });
    const record = await peer.record();
    assert.deepEqual(readBatchHeader(record).count, 3);
    assert.deepEqual(variablePayloads(record).map(String), ["48", "49", "50"]);
    await client.close();
  });

  it("rejects with no_bridge when nothing answers", async () => {
    const { url } = bridge;
    await bridge.stop();
    await assert.rejects(connect(url), { code: "no_bridge" });
    bridge = await ScriptedBridge.start();
  });

  it("says what is missing without a URL, and without a WebSocket", async () => {
    await assert.rejects(connect({}), { code: "invalid_argument" });
    Reflect.set(globalThis, "WebSocket", undefined);
    await assert.rejects(connect(bridge.url), { code: "unsupported" });
  });
});
