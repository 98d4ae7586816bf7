// SPDX-License-Identifier: MIT
// ZMTP: what a real peer says at every split, and what no peer may say.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import fc from "fast-check";
import { afterEach, describe, it } from "mocha";
import { ZmtpReader, type ZmtpItem } from "../../../../bridge/gateways/zmq/zmtp/zmtp-reader.ts";
import type { ZmtpKind, ZmtpPeer } from "../../../../bridge/gateways/zmq/zmtp/zmtp-peer.ts";
import { openZmtp, type ZmtpServer } from "../../../../bridge/gateways/zmq/zmtp/zmtp-server.ts";
import {
  frameHead,
  greeting,
  pongCommand,
  propertiesOf,
  readyCommand,
} from "../../../../bridge/gateways/zmq/zmtp/zmtp-writer.ts";
import { BridgeError, type ErrorCode } from "../../../../bridge/model/errors.ts";
import { isBridgeError } from "../../../support/errors.ts";

const MAX = 1000;

function frame(body: string | Uint8Array, more = false): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([frameHead(bytes.length, more), bytes]);
}

const CONVERSATION = Buffer.concat([
  greeting(),
  readyCommand("REQ"),
  frame("", true),
  frame("hello"),
  frame("x".repeat(300)),
  pongCommand(Buffer.from("\0\0context")),
  frame("end"),
]);

/** What a reader makes of it, with bodies as texts. */
function read(chunks: readonly Buffer[]): unknown[] {
  const reader = new ZmtpReader(MAX);
  return chunks.flatMap((chunk) => reader.push(Buffer.from(chunk))).map(asText);
}

function asText(item: ZmtpItem): unknown {
  if (item.is === "message") return item.frames.map(String);
  return item.is === "command" ? { command: item.name, body: item.body.toString("latin1") } : item;
}

const EXPECTED = [
  { is: "greeting", major: 3, mechanism: "NULL" },
  { command: "READY", body: "\x0bSocket-Type\0\0\0\x03REQ" },
  ["", "hello"],
  ["x".repeat(300)],
  { command: "PONG", body: "context" },
  ["end"],
];

describe("a ZMTP reader", () => {
  it("reads a conversation whole, byte by byte and at every split", () => {
    assert.deepEqual(read([CONVERSATION]), EXPECTED);
    assert.deepEqual(read([...CONVERSATION].map((byte) => Buffer.of(byte))), EXPECTED);
    for (let at = 1; at < CONVERSATION.length; at++) {
      assert.deepEqual(
        read([CONVERSATION.subarray(0, at), CONVERSATION.subarray(at)]),
        EXPECTED,
        `split at ${String(at)}`,
      );
    }
  });

  it("refuses what is no ZMTP, and what is too large before it has come", () => {
    const refusals: [Buffer, ErrorCode, RegExp][] = [
      [Buffer.from("G"), "bad_message", /begin/],
      [Buffer.concat([Buffer.of(0xff), Buffer.alloc(63)]), "bad_message", /signature/],
      [Buffer.concat([greeting(), Buffer.of(8, 0)]), "bad_message", /flags/],
      [Buffer.concat([greeting(), Buffer.of(2, 0, 0, 0, 1, 0, 0, 0, 0)]), "message_too_large", /1000/],
      [Buffer.concat([greeting(), Buffer.of(2, 255, 255, 255, 255, 255, 255, 255, 255)]), "message_too_large", /1000/],
      [Buffer.concat([greeting(), frame("x".repeat(600), true), frameHead(600, false)]), "message_too_large", /1000/],
      [Buffer.concat([greeting(), Buffer.of(6, 0, 0, 0, 0, 0, 0, 255, 255)]), "message_too_large", /bytes/],
      [Buffer.concat([greeting(), Buffer.of(4, 0)]), "bad_message", /no name/],
      [Buffer.concat([greeting(), Buffer.of(4, 1, 9)]), "bad_message", /no name/],
      [Buffer.concat([greeting(), ...Array<Buffer>(16).fill(frame("", true))]), "bad_message", /16 frames/],
    ];
    for (const [bytes, code, message] of refusals) {
      assert.throws(
        () => read([bytes]),
        (error) => isBridgeError(error, code, message),
      );
    }
    assert.throws(() => propertiesOf(Buffer.from("\x05ab")), BridgeError);
    assert.throws(() => propertiesOf(Buffer.from("\x01a\0\0\0\x09b")), BridgeError);
  });

  it("ends with a code on any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 150 }), (bytes, keep) => {
        const mixed = Buffer.concat([CONVERSATION.subarray(0, keep), bytes]);
        try {
          read([mixed.subarray(0, 100), mixed.subarray(100)]);
        } catch (error) {
          assert.ok(error instanceof BridgeError, String(error));
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a ZMTP server", () => {
  const kind: ZmtpKind = { socketType: "XPUB", peerTypes: ["SUB"], maxMessageBytes: MAX, maxQueuedBytes: 100_000 };
  let server: ZmtpServer | undefined;
  const sockets: Socket[] = [];
  const seen = { messages: [] as string[], refused: [] as string[], peers: [] as ZmtpPeer[], left: 0 };

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server?.close();
    server = undefined;
    Object.assign(seen, { messages: [], refused: [], peers: [], left: 0 });
  });

  /** Connects, says that, and gives what has come from the greeting on. */
  async function dial(...parts: readonly Buffer[]): Promise<{ socket: Socket; received: Buffer[] }> {
    server ??= await openZmtp({ host: "127.0.0.1", port: 0, advice: "" }, kind, {
      message: (peer, frames) => {
        seen.peers.push(peer);
        seen.messages.push(...frames.map(String));
      },
      left: () => (seen.left += 1),
      refused: ({ message }) => seen.refused.push(message),
    });
    const socket = connect(server.port, "127.0.0.1");
    const received: Buffer[] = [];
    socket.on("data", (chunk) => received.push(chunk));
    sockets.push(socket);
    socket.on("error", () => undefined);
    for (const part of parts) socket.write(part);
    await come(received);
    return { socket, received };
  }

  async function come(list: readonly unknown[], count = 1): Promise<void> {
    while (list.length < count) await new Promise((resolve) => setImmediate(resolve));
  }

  it("answers a ping, and takes subscriptions of both versions", async () => {
    const subscribe = Buffer.from("\x09SUBSCRIBEtopic");
    const cancel = Buffer.from("\x06CANCELtopic");
    const ping = Buffer.from("\x04PING\0\x0acontext");
    const commands = [subscribe, cancel, ping].map((body) => Buffer.concat([Buffer.of(4, body.length), body]));
    const { received } = await dial(greeting(), readyCommand("SUB"), frame("\x01old"), ...commands);
    await come(seen.messages, 3);
    assert.deepEqual(seen.messages, ["\x01old", "\x01topic", "\0topic"]);
    while (!Buffer.concat(received).toString("latin1").endsWith("PONGcontext"))
      await come(received, received.length + 1);
  });

  it("refuses peers of other kinds, versions and mechanisms, and goes on", async () => {
    const old = greeting();
    old[10] = 2;
    const plain = greeting();
    plain.write("PLAIN", 12, "latin1");
    const talks: readonly Buffer[][] = [
      [old],
      [plain],
      [greeting(), readyCommand("REQ")],
      [greeting(), frame("too early")],
      [greeting(), readyCommand("SUB"), frameHead(MAX + 1, false)],
    ];
    for (const talk of talks) {
      const { socket } = await dial(...talk);
      if (!socket.closed) await once(socket, "close");
    }
    assert.equal(seen.refused.length, talks.length);
    for (const [i, reason] of [/version 2/, /PLAIN/, /REQ socket/, /handshake/, /1000 bytes/].entries()) {
      assert.match(seen.refused[i] ?? "", reason);
    }
    await dial(greeting(), readyCommand("SUB"), frame("\x01served"));
    await come(seen.messages);
  });

  it("drops what a peer does not read above its bound, and keeps what it has in order", async () => {
    const { socket, received } = await dial(greeting(), readyCommand("SUB"), frame("\x01a"));
    socket.pause();
    await come(seen.peers);
    const [peer] = seen.peers;
    let sent = 0;
    while (peer?.send([Buffer.from(String(sent).padStart(10_000))]) === true) {
      sent += 1;
      if (sent % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(sent >= 9, "what the bound allows is kept");
    socket.resume();
    const reader = new ZmtpReader(20_000);
    const got: number[] = [];
    while (got.length < sent) {
      await come(received);
      for (const item of received.splice(0).flatMap((chunk) => reader.push(chunk))) {
        if (item.is === "message") got.push(Number(item.frames.map(String).join("")));
      }
    }
    assert.deepEqual(
      got,
      Array.from({ length: sent }, (_, i) => i),
    );
  });
});
