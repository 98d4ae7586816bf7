// SPDX-License-Identifier: MIT
// What a session may expect of a connection, held against every gateway's, and against the one in memory that other tests use.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, it } from "mocha";
import { makeCertificate } from "../../bridge/daemon/tls/make-certificate.ts";
import { WebSocketGateway } from "../../bridge/gateways/websocket.ts";
import { loadAddon } from "../../bridge/layout/native/load.ts";
import type { Connection } from "../../bridge/session/connection.ts";
import { Turns } from "../../bridge/sockets/turns.ts";
import { MemoryConnection } from "../support/memory-connection.ts";
import { gapRecord, join, utf8 } from "../support/records.ts";
import { WireClient } from "../support/wire-client.ts";

/** More than any system takes of a connection that nobody reads. */
const MOST_TAKEN_MIB = 256;

/** The other end: what a client sees, and whether it reads. */
interface Peer {
  /** Texts as they are, binary messages as bytes. */
  messages(): readonly (string | Uint8Array)[];
  change(): Promise<unknown>;
  read(reads: boolean): void;
  closed(): Promise<{ readonly code: number; readonly reason: string }>;
}

interface Pair {
  readonly connection: Connection;
  readonly peer: Peer;
  stop(): Promise<void>;
}

function memoryPair(): Promise<Pair> {
  const connection = new MemoryConnection();
  const peer: Peer = {
    messages: () => connection.sent.map((sent) => ("text" in sent ? sent.text : join(...sent.records))),
    change: () => Promise.resolve(),
    read: (reads) => {
      connection.reads = reads;
      if (reads) connection.drain();
    },
    closed: () => Promise.resolve(connection.closed ?? { code: 0, reason: "" }),
  };
  return Promise.resolve({ connection, peer, stop: () => Promise.resolve() });
}

interface Way {
  /** What goes past Node where that can be. */
  readonly direct: boolean;
  readonly compressed?: boolean;
  readonly tls?: boolean;
}

const certificate = makeCertificate(["127.0.0.1"], "a test", Date.now()).then(({ key, chain }) => ({
  key,
  cert: chain,
}));

async function webSocketPair({ direct, compressed = false, tls = false }: Way): Promise<Pair> {
  const server: Server = tls ? createTlsServer(await certificate) : createServer();
  let take: (connection: Connection) => void = () => undefined;
  const accepted = new Promise<Connection>((resolve) => (take = resolve));
  const gateway = new WebSocketGateway({
    server,
    turns: new Turns(direct ? loadAddon().send : undefined),
    origins: [],
    accept: (connection) => {
      take(connection);
      const nothing = (): undefined => undefined;
      return { admitted: true, text: nothing, binary: nothing, refuse: nothing, ended: nothing };
    },
    log: () => undefined,
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `${tls ? "https" : "http"}://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const path = compressed ? "/ws?compress=1" : "/ws";
  const client = new WireClient(url, { perMessageDeflate: true, rejectUnauthorized: false }, undefined, path);
  const connection = await accepted;
  await once(client.ws, "open");
  assert.equal(client.ws.extensions, compressed ? "permessage-deflate" : "");
  const peer: Peer = {
    messages: () => client.came.map((message) => (message instanceof Uint8Array ? message : JSON.stringify(message))),
    change: () => client.change(),
    read: (reads) => {
      if (reads) client.ws.resume();
      else client.ws.pause();
    },
    closed: () => client.closed,
  };
  const stop = async (): Promise<void> => {
    client.ws.terminate();
    server.close();
    server.closeAllConnections();
    await gateway.stop();
  };
  return { connection, peer, stop };
}

const CONNECTIONS: [string, () => Promise<Pair>][] = [
  ["in memory", memoryPair],
  ["of the WebSocket gateway", () => webSocketPair({ direct: true })],
  ["of the WebSocket gateway, through Node", () => webSocketPair({ direct: false })],
  ["of the WebSocket gateway, encrypted", () => webSocketPair({ direct: true, tls: true })],
  ["of the WebSocket gateway, compressed", () => webSocketPair({ direct: true, compressed: true })],
];

for (const [name, open] of CONNECTIONS) {
  describe(`a connection ${name}`, () => {
    let pair: Pair;
    beforeEach(async () => {
      pair = await open();
    });
    afterEach(async () => {
      await pair.stop();
    });

    it("brings texts and records whole and in the order in which they were sent", async () => {
      const { connection, peer } = pair;
      const records = [gapRecord(1, 2n, 3, 4, 0), gapRecord(5, 6n, 7, 8, 0)];
      connection.sendText(`{"a":1}`);
      connection.sendRecords(records);
      connection.sendEncoded(utf8(`{"b":"ü"}`));
      connection.sendRecords(records);
      while (peer.messages().length < 4) await peer.change();
      assert.deepEqual(
        peer.messages().map((message) => (typeof message === "string" ? message : [...message])),
        [`{"a":1}`, [...join(...records)], `{"b":"ü"}`, [...join(...records)]],
      );
    });

    it("counts what a client does not read, and says when it has become less", async () => {
      const { connection, peer } = pair;
      const large = [new Uint8Array(randomBytes(1_048_576))]; // which cannot be made smaller
      let drained = 0;
      connection.onWritten(() => (drained += 1));
      const buffered = (): number => connection.bufferedBytes;
      assert.equal(buffered(), 0);
      peer.read(false);
      // What the system's own buffers take differs from machine to machine.
      for (let sent = 0; sent < MOST_TAKEN_MIB && buffered() < 8_388_608; sent++) {
        connection.sendRecords(large);
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.ok(buffered() >= 8_388_608, "what a client does not read is counted");
      const before = drained;
      peer.read(true);
      while (buffered() > 0) await peer.change();
      assert.ok(drained > before);
    });

    it("ends with the code and reason that it is given, after what was sent before, and takes nothing afterwards", async () => {
      const { connection, peer } = pair;
      connection.sendText(`{"last":true}`);
      connection.close(4408, "timeout");
      connection.sendText(`{"late":true}`);
      connection.close(1001, "closed");
      assert.deepEqual(await peer.closed(), { code: 4408, reason: "timeout" });
      assert.deepEqual(peer.messages(), [`{"last":true}`]);
    });

    it("may be paused and resumed at any time", () => {
      const { connection } = pair;
      connection.pause();
      connection.pause();
      connection.resume();
      connection.close(1001, "closed");
      connection.pause();
      connection.resume();
    });
  });
}

describe("a connection of the WebSocket gateway", () => {
  for (const way of [
    { direct: true },
    { direct: false },
    { direct: true, tls: true },
    { direct: true, compressed: true },
  ]) {
    it(`reads the bytes of a message no more once it says so: ${JSON.stringify(way)}`, async () => {
      const { compressed = false }: Way = way;
      const pair = await webSocketPair(way);
      const { connection, peer } = pair;
      try {
        peer.read(false);
        let [sent, taken] = [0, 0];
        // Until the system takes no more; what is compressed comes to so little that this may never be.
        while (sent < (compressed ? 200 : MOST_TAKEN_MIB * 10) && connection.bufferedBytes === 0) {
          const mark = sent % 200;
          const records = [new Uint8Array(100_000).fill(mark), new Uint8Array(8).fill(mark)];
          const giveBack = (): void => {
            taken += 1;
            for (const record of records) record.fill(255);
          };
          connection.sendRecords(records, [{ giveBack }]);
          sent += 1;
          await new Promise((resolve) => setImmediate(resolve));
        }
        if (!compressed) assert.ok(taken < sent, "what is not taken is still to be read");
        peer.read(true);
        while (peer.messages().length < sent || taken < sent) await peer.change();
        peer.messages().forEach((message, i) => {
          assert.ok(message instanceof Uint8Array && message.length === 100_008);
          assert.ok(message.every((byte) => byte === i % 200));
        });
        assert.equal(taken, sent);
      } finally {
        await pair.stop();
      }
    });
  }

  it("tells that the system takes a part of a message, so that a slow reader is not held for gone", async () => {
    const pair = await webSocketPair({ direct: true });
    const { connection, peer } = pair;
    try {
      peer.read(false);
      const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
      const start = connection.takenBytes;
      connection.sendRecords([new Uint8Array(67_108_864)]);
      while (connection.takenBytes === start) await turn(); // what the system's buffers hold
      assert.ok(connection.bufferedBytes > 0, "the message is not taken whole");
      const marks = new Set<number>();
      peer.read(true);
      while (connection.bufferedBytes > 0) {
        marks.add(connection.takenBytes);
        await turn();
      }
      assert.ok(marks.size > 1);
    } finally {
      await pair.stop();
    }
  });
});
