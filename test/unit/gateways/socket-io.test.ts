// SPDX-License-Identifier: MIT
// The channels of the old plumber over the official clients of both generations, and what its server got wrong.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { request, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { once } from "node:events";
import { afterEach, beforeEach, describe, it } from "mocha";
import { WebSocket } from "ws";
import { MAX_WAITING_PACKETS } from "../../../bridge/gateways/socket-io/gateway.ts";
import { MAX_CHANNELS } from "../../../bridge/gateways/socket-io/peer.ts";
import { startTestBridge, type TestBridge } from "../../support/bridge.ts";
import * as says from "../../support/driver-records.ts";
import { temporaryFolders } from "../../support/folder.ts";
import { ForeignDriver } from "../../support/foreign-driver.ts";
import { GENERATIONS, Plumber, type Generation } from "../../support/plumber.ts";
import { batchRecord, doubles } from "../../support/records.ts";
import { schemaBlob } from "../../support/schemas.ts";
import { until } from "../../support/until.ts";
import { WireClient, type Message } from "../../support/wire-client.ts";

const EPOCH = 1_763_600_000_000_000_000n;

describe("the gateway socket-io", () => {
  const newFolder = temporaryFolders();
  const closing: (() => Promise<unknown>)[] = [];
  let folder: string;
  let url: string;
  let started: TestBridge;
  let local: WireClient;

  beforeEach(async () => {
    folder = newFolder();
    started = await startTestBridge(folder, { gateways: ["socket-io:0,open=data,open=action,open=rig/**"] });
    closing.push(() => started.bridge.stop());
    url = started.bridge.gateways[0]!.url;
    local = await WireClient.enter(started.bridge.url, started.bridge.token);
    closing.push(() => {
      local.ws.terminate();
      return local.closed;
    });
  });

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function enter(grants: unknown, generation: Generation = "version 4"): Promise<Plumber> {
    const plumber = await Plumber.connect(url, generation);
    closing.push(() => plumber.close());
    if (grants !== undefined) assert.deepEqual(await plumber.init(grants), {});
    return plumber;
  }

  async function counts(): Promise<Message> {
    const { gateways } = await local.ask<{ gateways: Message[] }>({ op: "status" });
    return gateways[0]!;
  }

  /** Resolves once the gateway has so many clients: it hears of one that left after the client has. */
  function peers(count: number): Promise<void> {
    return until(async () => (await counts())["peers"] === count);
  }

  /** A raw connection of the newest protocol that has entered the namespace; gives it and what comes on it. */
  async function enterRaw(): Promise<{
    ws: WebSocket;
    came: string[];
    next: (starts: string) => Promise<string>;
    closed: Promise<unknown>;
  }> {
    const ws = new WebSocket(`${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
    closing.push(() => {
      ws.terminate();
      return Promise.resolve();
    });
    const came: string[] = [];
    let wake = (): void => undefined;
    ws.on("message", (message: Buffer) => {
      came.push(message.toString());
      wake();
    });
    const closed = new Promise((resolve) => ws.on("close", resolve));
    ws.on("error", () => undefined); // it is closed then
    await once(ws, "open");
    const next = async (starts: string): Promise<string> => {
      for (;;) {
        const found = came.find((each) => each.startsWith(starts));
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    };
    ws.send("40");
    await next("40");
    return { ws, came, next, closed };
  }

  describe("the event init", () => {
    it("reads with an r and writes with a w anywhere in the text, and ends both without", async () => {
      const reader = await enter({ data: "r", action: "r" });
      const writer = await enter({ data: "w", action: "rw" });
      writer.socket.emit("data", 1);
      assert.deepEqual(await reader.payloads(2), [1, 1]);
      assert.deepEqual(await writer.payloads(1), [1]);
      await writer.init({ data: "", action: "wr" });
      writer.socket.emit("data", 2);
      assert.deepEqual(await reader.payloads(3), [1, 1, 2]);
      await writer.init({ action: "r", data: "no" });
      await writer.init({ action: "w" });
      writer.socket.emit("data", 3);
      assert.deepEqual(await reader.payloads(4), [1, 1, 2, 3]);
      assert.deepEqual(writer.data, [1, 2]);
    });

    it("changes only the channels that it names, and the same again changes nothing", async () => {
      const both = await enter({ data: "rw" });
      await both.init({ action: "rw" });
      await both.init({ action: "rw" });
      both.socket.emit("data", "x");
      await both.ask("data", "y");
      assert.deepEqual(await both.payloads(4), ["x", "x", "y", "y"]);
    });

    it("carries out what it may of an object, and tells what it may not", async () => {
      const plumber = await Plumber.connect(url);
      closing.push(() => plumber.close());
      plumber.socket.emit("init", { private: "r", data: "rw", action: 7 });
      plumber.socket.emit("data", "through");
      assert.deepEqual(await plumber.payloads(1), ["through"]);
      const [{ event, code, message } = { event: "", code: "", message: "" }] = plumber.refused;
      assert.deepEqual([event, code], ["init", "forbidden"]);
      assert.match(message, /"private" is not opened.*open=private/);
    });

    it("takes a bounded number of channels", async () => {
      const plumber = await enter(undefined);
      const many = (count: number, right: string): object =>
        Object.fromEntries(Array.from({ length: count }, (_, i) => [`rig/${String(i)}`, right]));
      assert.match(JSON.stringify(await plumber.init(many(2 * MAX_CHANNELS + 1, "r"))), /busy.*at most 512/);
      assert.match(JSON.stringify(await plumber.init(many(MAX_CHANNELS + 1, "rw"))), /busy.*at most 256/);
      assert.deepEqual(await plumber.init(many(1, "")), {});
      assert.deepEqual(await plumber.init({ data: "rw" }), {});
    });
  });

  describe("the event data", () => {
    it("comes once for each channel that is read, also to the sender, in the order of what was sent", async () => {
      const both = await enter({ data: "rw", action: "rw" });
      for (let i = 0; i < 500; i++) both.socket.emit("data", i);
      const expected = Array.from({ length: 1000 }, (_, i) => Math.floor(i / 2));
      assert.deepEqual(await both.payloads(1000), expected);
    });

    it("goes through the channels in the order in which they were declared for writing", async () => {
      await local.ask({ op: "subscribe", channels: ["data", "action"], encoding: "json", wait: true });
      const writer = await enter({ action: "w" });
      await writer.init({ data: "w" });
      writer.socket.emit("data", 1);
      const channels: unknown[] = [];
      while (channels.length < 2) channels.push((await local.next(({ op }) => op === "stream"))["channel"]);
      assert.deepEqual(channels, ["action", "data"]);
    });

    it("keeps every digit of a number and every kind of value", async () => {
      const { ws, next } = await enterRaw();
      ws.send(`42["init",{"data":"rw"}]`);
      ws.send(`42["data", {"n": 123456789012345678901234567890, "f": 1.0, "d": [1e400]} ]`);
      assert.equal(
        await next(`42["data"`),
        `42["data", {"n": 123456789012345678901234567890, "f": 1.0, "d": [1e400]} ]`,
      );
    });

    it("is dropped, and told, when the client never asked to write; silently when it writes no more", async () => {
      const plumber = await enter(undefined);
      plumber.socket.emit("data", 1);
      await plumber.until(() => plumber.refused.length === 1);
      assert.match(plumber.refused[0]?.message ?? "", /did not ask to write to any channels/);
      await plumber.init({ data: "w" });
      await plumber.init({ data: "r" });
      assert.deepEqual(await plumber.ask("data", 2), {});
      assert.deepEqual([plumber.data, plumber.refused.length], [[], 1]);
    });

    it("carries bytes, too", async () => {
      for (const generation of GENERATIONS) {
        const plumber = await enter({ data: "rw" }, generation);
        plumber.socket.emit("data", Buffer.from([0, 1, 255]));
        assert.deepEqual(await plumber.payloads(1), [Buffer.from([0, 1, 255])]);
        await plumber.init({ data: "" });
      }
    });

    it("passes between clients of both generations, nothing lost, doubled or out of order", async () => {
      const count = 300;
      const plumbers = await Promise.all(GENERATIONS.map((generation) => enter({ data: "rw" }, generation)));
      for (const [from, plumber] of plumbers.entries()) {
        for (let i = 0; i < count; i++) plumber.socket.emit("data", { from, i });
      }
      for (const plumber of plumbers) {
        const got = (await plumber.payloads(count * plumbers.length)) as { from: number; i: number }[];
        for (const from of plumbers.keys()) {
          const mine = got.filter((each) => each.from === from).map(({ i }) => i);
          assert.deepEqual(
            mine,
            Array.from({ length: count }, (_, i) => i),
          );
        }
        assert.equal(plumber.data.length, count * plumbers.length);
      }
    });
  });

  describe("the channels of the bridge", () => {
    it("show what a client sends and who it is, and bring it what others publish", async () => {
      const plumber = await enter({ data: "rw" });
      await local.ask({ op: "subscribe", channels: ["data"], encoding: "json", wait: true });
      plumber.socket.emit("data", { x: 1 });
      const { samples } = await local.next(({ op }) => op === "samples");
      assert.deepEqual((samples as Message[])[0]?.["value"], { x: 1 });
      const { name } = await local.next(({ op }) => op === "sender");
      assert.equal(name, "socket-io-1");
      await local.ask({ op: "publish", channel: "data", value: { y: [2] } });
      assert.deepEqual(await plumber.payloads(2), [{ x: 1 }, { y: [2] }]);
    });

    it("bring structs of a driver as JSON, and let nobody else publish there", async () => {
      mkdirSync(join(folder, "drivers"), { mode: 0o700, recursive: true });
      const driver = await ForeignDriver.listen(join(folder, "drivers", "rig.sock"), (each) => {
        each.say(says.hello({ name: "rig", epoch: EPOCH, schema: schemaBlob() }), says.advertise());
      });
      closing.push(() => driver.die());
      const link = await driver.arrival();
      const plumber = await enter({ "rig/state": "r" });
      await local.ask({ op: "subscribe", channels: ["rig/state"], wait: true });
      await local.next(({ op }) => op === "stream");
      link.say(batchRecord({ stream: 1, epoch: EPOCH, first: 0, samples: doubles(1.5, 2.5) }));
      assert.deepEqual(await plumber.payloads(2), [{ angle: 1.5 }, { angle: 2.5 }]);
      await plumber.init({ "rig/state": "w" });
      assert.match(JSON.stringify(await plumber.ask("data", { x: 3 })), /forbidden/);
    });
  });

  describe("with clients that misbehave", () => {
    it("keeps nothing of one that left: its channels are not written by whoever comes next", async () => {
      const reader = await enter({ data: "r" });
      for (let i = 0; i < 20; i++) {
        const plumber = await Plumber.connect(url);
        await plumber.init({ data: "rw" });
        assert.deepEqual(await plumber.ask("data", i), {});
        await plumber.close();
      }
      const next = await enter(undefined);
      assert.match(JSON.stringify(await next.ask("data", "leaked")), /forbidden/);
      await reader.payloads(20);
      await peers(2);
    });

    it("lets one go that never enters, and serves the others meanwhile", async () => {
      const idle = connect(Number(new URL(url).port), "127.0.0.1");
      const silent = new WebSocket(`${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
      const gone = once(silent, "close");
      await once(silent, "open");
      const plumber = await enter({ data: "rw" });
      assert.deepEqual(await plumber.ask("data", 1), {});
      await gone;
      assert.deepEqual(await plumber.ask("data", 2), {});
      idle.destroy();
    });

    it("tells one of JSON that is too deep, too large or none, and goes on with it", async () => {
      const { ws, next, came } = await enterRaw();
      ws.send(`42["init",{"data":"rw"}]`);
      const wrong: [string, RegExp][] = [
        ["[".repeat(200_000) + "]".repeat(200_000), /nested deeper than 64/],
        ["1,2", /bad_value/],
        [`{"a":}`, /bad_value/],
        [`"${"x".repeat(1_100_000)}"`, /message_too_large/],
      ];
      for (const [i, [payload, message]] of wrong.entries()) {
        ws.send(`42${String(i)}["data",${payload}]`);
        assert.match(await next(`43${String(i)}[`), message);
      }
      ws.send(`42["data",{"fine":1}]`);
      await next(`42["data",{"fine":1}]`);
      assert.equal(
        came.some((each) => each.startsWith(`42["data"`) && !each.includes("fine")),
        false,
      );
    });

    it("closes one whose packets are none, and whose messages are larger than any limit", async () => {
      const plumber = await enter({ data: "rw" });
      for (const packet of ["4{", `42["init",`, "49", "451-[]", `42["data","${"x".repeat(2_200_000)}"]`]) {
        const { ws, closed } = await enterRaw();
        ws.send(packet);
        await closed;
      }
      assert.deepEqual(await plumber.ask("data", 1), {});
      await peers(1);
    });

    it("answers a flood of mistakes with few words", async () => {
      const plumber = await enter(undefined);
      for (let i = 0; i < 5000; i++) plumber.socket.emit("data", i);
      await plumber.init({});
      const { refused } = await counts();
      assert.equal(refused, 5000);
      assert.ok(plumber.refused.length < 20, String(plumber.refused.length));
    });

    it("ends one that pings on and on and takes no answer", async () => {
      const polling = `${url}/socket.io/?EIO=3&transport=polling`;
      const [, sid = ""] = /"sid":"([^"]+)"/.exec(await (await fetch(polling)).text()) ?? [];
      const session = `${polling}&sid=${sid}`;
      const headers = { "Content-Type": "text/plain;charset=UTF-8" };
      await fetch(session, { method: "POST", headers, body: "1:2".repeat(MAX_WAITING_PACKETS) });
      const { status } = await fetch(session);
      assert.equal(status, 400);
      await peers(0);
      assert.deepEqual(await (await enter({ data: "rw" })).ask("data", 1), {});
    });

    it("bounds what waits for one that does not read, tells it what it lost, and gives the others everything", async () => {
      const { ws, came, next } = await enterRaw();
      ws.send(`421["init",{"data":"r"}]`);
      await next("431");
      ws.pause();
      const reader = await enter({ data: "r" });
      const writer = await enter({ data: "w" });
      const text = "x".repeat(100_000);
      let sent = 0;
      while ((await counts())["dropped"] === 0) {
        assert.deepEqual(await writer.ask("data", { i: sent, text }), {});
        sent += 1;
        assert.ok(sent < 1000, "nothing is dropped for a client that does not read");
      }
      assert.equal((await reader.payloads(sent)).length, sent);
      assert.deepEqual(reader.lost, []);
      const { dropped } = await counts();
      ws.resume();
      assert.equal(await next(`42["lost"`), `42["lost",{"count":${String(dropped)}}]`);
      assert.equal(came.filter((each) => each.startsWith(`42["data"`)).length, sent - Number(dropped));
    });
  });

  it("lets pages of any origin in, with their credentials, as browsers want it said", async () => {
    const asked = request(`${url}/socket.io/?EIO=3&transport=polling`, { headers: { Origin: "http://0.0.0.0:5000" } });
    asked.end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    response.resume();
    assert.equal(response.headers["access-control-allow-origin"], "http://0.0.0.0:5000");
    assert.equal(response.headers["access-control-allow-credentials"], "true");
  });

  it("leads to the pages of the bridge, which may reach there what the gateway opens and nothing else", async () => {
    const answer = await fetch(`${url}/sensor?to=action`, { redirect: "manual" });
    const place = new URL(answer.headers.get("location") ?? "");
    assert.deepEqual(
      [answer.status, place.origin + place.pathname + place.search],
      [302, `${started.bridge.url}/sensor?to=action`],
    );
    const ticket = new URLSearchParams(place.hash.slice(1)).get("token") ?? "";
    const page = await WireClient.enter(started.bridge.url, ticket);
    const plumber = await enter({ action: "r" });
    await page.ask({ op: "publish", channel: "action", value: { x: 1 } });
    assert.deepEqual(await plumber.payloads(1), [{ x: 1 }]);
    await assert.rejects(page.ask({ op: "publish", channel: "private", value: 1 }), { code: "forbidden" });
    await assert.rejects(page.ask({ op: "ticket", channels: ["**"], ttlMs: 1000 }), { code: "forbidden" });
    await page.close();
    assert.equal((await fetch(`${url}/elsewhere`)).status, 404);
  });
});
