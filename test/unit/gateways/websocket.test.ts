// SPDX-License-Identifier: MIT
// The bridge's WebSocket with real sockets: upgrades, large and many messages, closing.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterEach, beforeEach, describe, it } from "mocha";
import { WebSocketGateway } from "../../../bridge/gateways/websocket.ts";
import { loadAddon } from "../../../bridge/layout/native/load.ts";
import { BridgeError } from "../../../bridge/model/errors.ts";
import { MAX_MESSAGE_BYTES, Session } from "../../../bridge/session/session.ts";
import { Turns } from "../../../bridge/sockets/turns.ts";
import { SessionBench, TOKEN } from "../../support/session.ts";
import { rawUpgrade, samplesOf, WireClient } from "../../support/wire-client.ts";

describe("the WebSocket gateway", () => {
  let bench: SessionBench;
  let server: Server;
  let gateway: WebSocketGateway;
  let url: string;
  let sessions: Session[];

  beforeEach(async () => {
    bench = new SessionBench();
    bench.connect();
    sessions = [];
    server = createServer();
    gateway = new WebSocketGateway({
      server,
      turns: new Turns(loadAddon().send),
      origins: ["https://lab.example.org"],
      accept: (connection) => {
        const session = new Session({
          id: `s${String(sessions.length)}`,
          connection,
          bridge: bench.parts,
          identity: { id: "b1", name: "test", version: "0", pid: 1, started: 0 },
          queueBytes: 2_097_152,
          log: () => undefined,
        });
        sessions.push(session);
        return session;
      },
      log: () => undefined,
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });

  afterEach(async () => {
    server.close();
    server.closeAllConnections();
    for (const session of sessions) session.close(new BridgeError("closed"));
    await gateway.stop();
  });

  const upgrades: [string, Record<string, string>, number][] = [
    ["no Origin", {}, 101],
    ["a loopback Origin", { Origin: "http://localhost:8888" }, 101],
    ["a listed Origin", { Origin: "https://lab.example.org" }, 101],
    ["a foreign Origin", { Origin: "https://example.org" }, 403],
    ["the null Origin", { Origin: "null" }, 403],
    ["another subprotocol", { "Sec-WebSocket-Protocol": "graphql-ws" }, 400],
    ["an old version", { "Sec-WebSocket-Version": "7" }, 400],
    ["no key", { "Sec-WebSocket-Key": "" }, 400],
  ];
  for (const [what, headers, status] of upgrades) {
    it(`answers ${String(status)} to an upgrade with ${what}`, async () => {
      const { socket, status: line } = await rawUpgrade(url, headers);
      assert.match(line, new RegExp(`^HTTP/1\\.1 ${String(status)} `));
      if (status !== 101) await once(socket.resume(), "close");
      else socket.destroy();
      assert.equal(sessions.length, status === 101 ? 1 : 0);
    });
  }

  it("chooses our subprotocol among several and no extension", async () => {
    const client = new WireClient(url, { perMessageDeflate: true }, "structwire.v1");
    await once(client.ws, "open");
    assert.equal(client.ws.protocol, "structwire.v1");
    assert.equal(client.ws.extensions, "");
  });

  it("carries requests, answers, events and records of all sizes whole and in order", async () => {
    const state = bench.struct("state");
    const client = await WireClient.enter(url, TOKEN);
    await client.ask({ op: "subscribe", channels: ["motor/state"] });
    await client.next(({ op }) => op === "stream");
    client.came.length = 0;
    const counts = [1, 4, 5, 6, 4000, 4100, 60_000];
    for (const count of counts) {
      bench.publish(state, state.next, count);
      bench.clock.advance(8);
    }
    bench.driver.withdraw(state);
    while (client.came.length < counts.length + 1) await client.change();
    const lengths = client.came.map((message) =>
      message instanceof Uint8Array ? samplesOf(message).reduce((sum, { length }) => sum + length, 0) : message["op"],
    );
    assert.deepEqual(lengths, [...counts.map((count) => 40 + 16 * count), "end"]);
  });

  it("carries JSON to several readers, written once", async () => {
    const state = bench.struct("state");
    const clients = [await WireClient.enter(url, TOKEN), await WireClient.enter(url, TOKEN)];
    for (const client of clients) await client.ask({ op: "subscribe", channels: ["motor/state"], encoding: "json" });
    bench.publish(state, 0, 2);
    for (const client of clients) {
      const { samples } = await client.next(({ op }) => op === "samples");
      assert.deepEqual(samples, [
        { seq: 0, time: 0, value: { angle: 0 } },
        { seq: 1, time: 1, value: { angle: 1 } },
      ]);
    }
  });

  it("stops hearing a client that does not read its answers, and hears it again when it does", async () => {
    for (let i = 0; i < 200; i++) bench.struct(`channel-with-a-long-name-${String(i)}`);
    const client = await WireClient.enter(url, TOKEN);
    client.ws.pause();
    const requests = 400; // 17 MB of answers: more than may pile up, less than ends the session should all come at once
    for (let id = 1; id <= requests; id++) client.say({ op: "list", id });
    client.ws.resume();
    await client.next(({ id }) => id === requests);
    assert.equal(client.came.filter((message) => "id" in message).length, requests - 1);
  });

  it("sends many readers the same frame", async () => {
    const state = bench.struct("state");
    const clients = await Promise.all(Array.from({ length: 5 }, () => WireClient.enter(url, TOKEN)));
    for (const client of clients) await client.ask({ op: "subscribe", channels: ["motor/state"] });
    bench.publish(state, 0, 1000);
    for (const client of clients) {
      while (!client.came.some((message) => message instanceof Uint8Array)) await client.change();
      assert.deepEqual(client.came.at(-1), clients[0]?.came.at(-1));
    }
  });

  const assertTooLarge = async (client: WireClient): Promise<void> => {
    const { error } = await client.next(({ op }) => op === "error");
    assert.equal((error as { code: string }).code, "message_too_large");
    assert.deepEqual(await client.closed, { code: 1009, reason: "message_too_large" });
  };

  it("says that a message is too large and closes with 1009", async () => {
    const client = await WireClient.enter(url, TOKEN);
    client.ws.send("x".repeat(MAX_MESSAGE_BYTES + 1));
    await assertTooLarge(client);
  });

  it("reads little before the hello: says so and closes with 1009 however the bytes are framed", async () => {
    const client = new WireClient(url);
    await once(client.ws, "open");
    for (let i = 0; i < 70; i++) client.ws.send("x".repeat(1000), { fin: false });
    await assertTooLarge(client);
  });

  it("says so too when the first message is beyond every limit", async () => {
    const client = new WireClient(url);
    await once(client.ws, "open");
    client.ws.send("x".repeat(2_097_152));
    await assertTooLarge(client);
  });

  it("lets go of a refused peer that keeps its side open", async () => {
    const { hostname, port } = new URL(url);
    const closed = new Promise<void>((resolve) => {
      server.once("connection", (socket: Socket) => socket.once("close", resolve));
    });
    const peer = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    peer.on("error", () => undefined).resume();
    peer.write("GET /nowhere HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
    await closed;
    peer.destroy();
  });

  it("ends a session whose client sends what is no frame, and no other", async () => {
    const healthy = await WireClient.enter(url, TOKEN);
    const { socket } = await rawUpgrade(url);
    socket.write(Buffer.alloc(64, 0xff));
    await once(socket.resume(), "close");
    assert.equal(typeof (await healthy.ask({ op: "ping" }))["time"], "number");
  });

  it("closes with the code of the error", async () => {
    const client = new WireClient(url);
    await once(client.ws, "open");
    client.say({ op: "hello", version: 1, token: "wrong" });
    assert.deepEqual(await client.closed, { code: 4401, reason: "unauthorized" });
  });

  it("answers what a client asked before it closes in the same breath, and then its close", async () => {
    const { socket } = await rawUpgrade(url);
    const frame = (opcode: number, payload: Buffer): Buffer =>
      // With a mask of zeroes the bytes stay as they are.
      Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
    const hello = Buffer.from(JSON.stringify({ op: "hello", version: 1, token: TOKEN }));
    const asked = Buffer.from(JSON.stringify({ op: "get", id: 7, parameter: "none" }));
    const close = Buffer.from([0x03, 0xe8]);
    const came: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => came.push(chunk));
    socket.write(Buffer.concat([frame(1, hello), frame(1, asked), frame(8, close)]));
    await once(socket, "close");
    const bytes = Buffer.concat(came);
    const answer = bytes.indexOf(`"id":7`);
    assert.ok(answer > 0, "the answer came");
    assert.equal(bytes.indexOf(Buffer.from([0x88, 2, 0x03, 0xe8])), bytes.length - 4, "the close came last");
  });

  it("breaks off a client that does not answer the close", async () => {
    const { socket } = await rawUpgrade(url);
    socket.pause();
    sessions[0]?.close(new BridgeError("closed"));
    await gateway.stop();
    socket.destroy();
  });
});
