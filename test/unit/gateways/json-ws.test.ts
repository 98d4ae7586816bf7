// SPDX-License-Identifier: MIT
// The old notebook client's wire: a greeting, objects to a service, one reply a frame, and its two texts for what is no object.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, it } from "mocha";
import { WebSocket } from "ws";
import { MAX_WAITING, QUEUE_BYTES } from "../../../bridge/gateways/json-ws/peer.ts";
import { startTestBridge } from "../../support/bridge.ts";
import * as says from "../../support/driver-records.ts";
import { exposeEcho } from "../../support/echo.ts";
import { temporaryFolders } from "../../support/folder.ts";
import { ForeignDriver } from "../../support/foreign-driver.ts";
import { JsonCaller } from "../../support/json-caller.ts";
import { schemaBlob } from "../../support/schemas.ts";
import { WireClient } from "../../support/wire-client.ts";

describe("the gateway json-ws", () => {
  const newFolder = temporaryFolders();
  const closing: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  /** Starts a bridge with the gateway and a program that exposes `echo`. */
  async function start(settings = "", service = "echo"): Promise<{ url: string; local: WireClient; folder: string }> {
    const folder = newFolder();
    const gateways = [`json-ws:0,open=echo,open=foreign/*,service=${service}${settings}`];
    const { bridge } = await startTestBridge(folder, { gateways });
    closing.push(() => bridge.stop());
    const local = await WireClient.enter(bridge.url, bridge.token);
    closing.push(() => {
      local.ws.terminate();
      return local.closed;
    });
    await exposeEcho(local, "echo");
    return { url: bridge.gateways[0]!.url, local, folder };
  }

  async function enter(url: string): Promise<JsonCaller> {
    const caller = await JsonCaller.connect(url);
    closing.push(() => caller.close());
    return caller;
  }

  it("greets, and answers objects, other JSON and no JSON, each in a frame of its own and in order", async () => {
    const { url } = await start();
    const caller = await enter(url);
    for (const text of [`{"does_it": "blend", "value": 3}`, "[1, 2]", "{'value': 4}", `{"value":4}`, `"text"`, ""]) {
      caller.ws.send(text);
    }
    assert.deepEqual(await caller.next(7), [
      "Hello World",
      `{"does_it":"blend","value":3}`,
      "WSHandler processed message: [1, 2]",
      "Could not deserialize the incoming message: {'value': 4}",
      `{"value":4}`,
      `WSHandler processed message: "text"`,
      "Could not deserialize the incoming message: ",
    ]);
  });

  it("greets as it is told, or not at all", async () => {
    const told = await enter((await start(",greeting=Welcome\\, you")).url);
    assert.deepEqual(await told.next(), ["Welcome, you"]);
    const silent = await enter((await start(",greeting=")).url);
    assert.deepEqual(await silent.ask({ first: true }), { first: true });
  });

  it("writes replies that survive the old callback, which takes apostrophes for quotation marks", async () => {
    const caller = await enter((await start(",greeting=")).url);
    caller.ws.send(JSON.stringify({ text: `it's "so"` }));
    const [reply = ""] = await caller.next();
    assert.deepEqual(JSON.parse(reply.replaceAll("'", '"')), { text: `it's "so"` });
  });

  it("answers the asker alone, or all where that is asked for", async () => {
    const alone = await start(",greeting=");
    const [a, b] = [await enter(alone.url), await enter(alone.url)];
    assert.deepEqual(await a.ask({ n: 1 }), { n: 1 });
    assert.deepEqual(await b.ask({ n: 2 }), { n: 2 });
    const all = await start(",greeting=,replies=all");
    const [c, d] = [await enter(all.url), await enter(all.url)];
    assert.deepEqual(await c.ask({ n: 3 }), { n: 3 });
    assert.deepEqual(await d.next(), [`{"n":3}`]);
    d.ws.send("nonsense");
    c.ws.send(`{"n":4}`);
    assert.deepEqual(await c.next(), [`{"n":4}`]);
  });

  it("tells what went wrong with a call, and serves on", async () => {
    const { url, local } = await start(",greeting=");
    const caller = await enter(url);
    assert.deepEqual(await caller.ask({ fail: "too hot" }), {
      error: { code: "service_failed", message: "too hot", name: "RangeError" },
    });
    const deep = `${`{"a":`.repeat(100_000)}1${"}".repeat(100_000)}`;
    caller.ws.send(deep);
    const [refused = ""] = await caller.next();
    assert.match(refused, /"bad_value".*nested deeper than 64/);
    await local.ask({ op: "withdraw", services: ["echo"] });
    assert.match(JSON.stringify(await caller.ask({ n: 1 })), /unknown_service/);
    await local.ask({ op: "expose", services: [{ service: "echo" }] });
    assert.deepEqual(await caller.ask({ n: 2 }), { n: 2 });
  });

  it("gives the fields of an object to a driver's service by their names", async () => {
    const { url, local, folder } = await start(",greeting=", "foreign/home");
    await local.ask({ op: "watch" });
    mkdirSync(join(folder, "drivers"), { mode: 0o700, recursive: true });
    const driver = await ForeignDriver.listen(join(folder, "drivers", "foreign.sock"), (each) => {
      const home = says.service(4, "home", ["request", 16], ["reply", 8]);
      each.say(says.hello({ schema: schemaBlob() }), home);
    });
    closing.push(() => driver.die());
    const link = await driver.arrival();
    await local.next(({ op, added }) => op === "directory" && JSON.stringify(added).includes("foreign/home"));
    const caller = await enter(url);
    caller.ws.send(`{"value":3}`);
    const { id, request } = await link.next("call");
    assert.equal(new DataView(request.buffer, request.byteOffset).getInt32(0, true), 3);
    link.say(says.reply(id, new Uint8Array(BigUint64Array.of(7n).buffer)));
    assert.deepEqual(await caller.next(), [`{"total":7}`]);
    assert.match(JSON.stringify(await caller.ask({ valu: 3 })), /unknown_field/);
  });

  it("reads no further than it can answer: one that asks and does not read takes a bounded amount", async () => {
    const { url, local } = await start(",greeting=");
    const [greedy, other] = [await enter(url), await enter(url)];
    greedy.ws.pause();
    const ask = JSON.stringify({ text: "x".repeat(100_000) });
    // Far more than may wait at the gateway, and in the sockets between.
    const most = 6 * MAX_WAITING;
    assert.ok(most * ask.length > 30 * QUEUE_BYTES);
    for (let i = 0; i < most; i++) greedy.ws.send(ask);
    assert.deepEqual(await other.ask({ n: 1 }), { n: 1 });
    // What the gateway did not read still waits at the client.
    assert.ok(greedy.ws.bufferedAmount > 0);
    greedy.ws.resume();
    assert.equal((await greedy.next(most)).length, most);
    assert.deepEqual(await local.ask({ op: "ping" }).then(Object.keys), ["received", "time"]);
  });

  it("lets one go whose message is too large, and one that leaves with calls under way", async () => {
    const { url } = await start(",greeting=");
    const other = await enter(url);
    const large = await enter(url);
    large.ws.send(JSON.stringify({ text: "x".repeat(1_100_000) }));
    const [code] = await large.closed;
    assert.equal(code, 1009);
    const leaving = await JsonCaller.connect(url);
    leaving.ws.send(`{"never":1}`);
    await leaving.close();
    assert.deepEqual(await other.ask({ n: 1 }), { n: 1 });
  });

  it("does not start without a service that is opened", async () => {
    const wrong: [string, RegExp][] = [
      ["json-ws:0,open=echo", /service: name the service/],
      ["json-ws:0,open=echo,service=motor/reset", /may not call "motor\/reset"; add open=motor\/reset/],
      ["json-ws:0,open=echo,service=a b", /service: it is no name/],
      ["json-ws:0,open=echo,service=echo,replies=some", /replies: /],
    ];
    for (const [text, message] of wrong) {
      await assert.rejects(startTestBridge(newFolder(), { gateways: [text] }), { code: "config_invalid", message });
    }
  });

  it("has its WebSocket at /ws only", async () => {
    const { url } = await start();
    const ws = new WebSocket(url.replace(/ws$/, "other"));
    const [error] = (await once(ws, "error")) as [Error];
    assert.match(error.message, /400|404/);
    const answer = await fetch(url.replace("ws:", "http:"));
    assert.equal(answer.status, 426);
  });
});
