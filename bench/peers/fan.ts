// SPDX-License-Identifier: MIT
// fan.ts MODE PATH: sends each length-prefixed blob of a Unix socket to all clients. `bare` makes one WebSocket frame and writes it to every socket, which is the
// least that Node can do; `socket.io` emits it. Prints its port; ends with its standard input.
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";
import { Server } from "socket.io";
import { type WebSocket, WebSocketServer } from "ws";
import { frameHeader, OPCODE } from "../../bridge/gateways/frames.ts";

const [mode, path = ""] = process.argv.slice(2);
const server = createServer();
const send = mode === "bare" ? bare() : socketIo();

function bare(): (blob: Uint8Array) => void {
  const sockets = new Set<Duplex>();
  const webSockets = new WebSocketServer({ server, path: "/ws", perMessageDeflate: false });
  webSockets.on("connection", (_: WebSocket, { socket }: IncomingMessage) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
  });
  return (blob) => {
    const frame = Buffer.concat([frameHeader(OPCODE.binary, blob.length), blob]);
    for (const socket of sockets) socket.write(frame);
  };
}

function socketIo(): (blob: Uint8Array) => void {
  // No ping: it would have to be answered, and costs little.
  const io = new Server(server, { transports: ["websocket"], pingInterval: 3_600_000, perMessageDeflate: false });
  return (blob) => io.emit("x", blob);
}

connect(path).on("data", blobs(send));
server.listen(0, "127.0.0.1", 2048, () => {
  console.log((server.address() as AddressInfo).port);
});
process.stdin.on("end", () => process.exit()).resume();

/** Cuts a stream into blobs. */
function blobs(take: (blob: Uint8Array) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32LE(0)) {
      const end = 4 + rest.readUInt32LE(0);
      take(rest.subarray(4, end));
      rest = rest.subarray(end);
    }
  };
}
