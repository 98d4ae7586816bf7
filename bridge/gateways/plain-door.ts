// SPDX-License-Identifier: MIT
// A port that serves https tells those who come without it, in words, and shows browsers the way.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** The first byte of every TLS connection: a handshake record. */
const TLS_HANDSHAKE = 22;

/** A connection must have said what it wants within this, and one without TLS is over after it. */
const FIRST_BYTE_MS = 10_000;

/** Lets `server`, of https, hear TLS only; what comes without it gets an answer that says so. */
export function tellPlainPeers(server: Server): void {
  const plain = createServer(answerPlain);
  const secured = server.listeners("connection");
  server.removeAllListeners("connection");
  server.on("connection", (socket: Socket) => {
    // Whoever says nothing, or dribbles without TLS, would else stay for ever.
    const timer = setTimeout(() => {
      socket.destroy();
    }, FIRST_BYTE_MS);
    const forget = (): void => {
      clearTimeout(timer);
    };
    const ignore = (): void => undefined;
    socket.on("error", ignore);
    socket.once("close", forget);
    socket.once("readable", () => {
      const first = socket.read() as Buffer | null;
      if (first === null) return; // it ended without a word
      socket.unshift(first);
      if (first[0] === TLS_HANDSHAKE) {
        forget();
        socket.off("close", forget);
        socket.off("error", ignore);
        for (const listener of secured) Reflect.apply(listener, server, [socket]);
      } else {
        plain.emit("connection", socket);
      }
    });
  });
}

/** Pages are shown the way, which keeps the token: browsers send no fragment, and take it along. Programs are told. */
function answerPlain(request: IncomingMessage, response: ServerResponse): void {
  const { host } = request.headers;
  const isPage = request.method === "GET" && request.headers.authorization === undefined;
  const place = `https://${host ?? "this address"}`;
  const message = `this bridge speaks https here: use ${place}, and wss: for its WebSocket`;
  const isHost = host !== undefined && URL.canParse(`https://${host}/`) && new URL(`https://${host}/`).host === host;
  if (isPage && isHost && request.url?.startsWith("/") === true && !request.url.startsWith("//")) {
    response.setHeader("Location", `https://${host}${request.url}`);
    response.statusCode = 307;
  } else {
    response.setHeader("Upgrade", "TLS/1.3");
    response.statusCode = 426;
  }
  response.setHeader("Connection", "close");
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify({ error: { code: "bad_message", message } }));
}
