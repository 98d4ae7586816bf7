// SPDX-License-Identifier: MIT
// The client protocol's gateway: takes WebSocket upgrades at /ws, refuses foreign pages, and gives each connection a session.
import { STATUS_CODES, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer, type ServerOptions } from "ws";
import { BridgeError } from "../model/errors.ts";
import type { Connection } from "../session/connection.ts";
import { SUBPROTOCOL } from "../session/messages.ts";
import { MAX_HELLO_MESSAGE_BYTES, MAX_MESSAGE_BYTES } from "../session/session.ts";
import type { Turns } from "../sockets/turns.ts";
import { SharedFrames } from "./frames.ts";
import { isAllowedOrigin, isSameHost } from "./origin.ts";
import { WebSocketConnection } from "./websocket-connection.ts";

/** A peer that was told to close is given so long to do it. */
export const CLOSE_MS = 1000;

/** For slow links: small messages are not worth it, and two compress at a time, so that the others' threads stay free. */
const COMPRESSION = { threshold: 512, concurrencyLimit: 2, zlibDeflateOptions: { level: 3 } } as const;

/** What a session takes from its gateway. */
export interface SessionEnd {
  readonly admitted: boolean;
  text(message: string): void;
  binary(message: Uint8Array): void;
  /** The client broke a rule of the gateway: tells it and closes. */
  refuse(error: BridgeError): void;
  ended(): void;
}

/** What the gateway needs. */
export interface WebSocketOptions {
  /** Its upgrades are taken over. */
  readonly server: Server;
  readonly turns: Turns;
  /** Origins that are accepted besides the loopback ones. */
  readonly origins: readonly string[];
  accept(connection: Connection): SessionEnd;
  log(text: string, details: object): void;
}

/**
 * Says why before it closes by itself: `ws` alone would close without a word after a message that is too large. What was sent before goes out before the close
 * frame, whoever asks for that.
 */
class TellingWebSocket extends WebSocket {
  tooLarge: (() => void) | undefined;
  flush: () => void = () => undefined;

  override close(code?: number, reason?: string | Buffer): void {
    const tell = this.tooLarge;
    this.tooLarge = undefined;
    if (code === 1009 && reason === undefined && tell !== undefined) {
      tell();
    } else {
      this.flush();
      super.close(code, reason);
    }
  }
}

/** The gateway. A bad peer loses its connection; nothing is thrown. */
export class WebSocketGateway {
  readonly #options: WebSocketOptions;
  readonly #plain: WebSocketServer;
  readonly #compressing: WebSocketServer;
  readonly #frames = new SharedFrames();
  readonly #sockets = new Set<Duplex>();
  #allClosed: (() => void) | undefined;

  constructor(options: WebSocketOptions) {
    this.#options = options;
    const settings: ServerOptions & { readonly closeTimeout: number } = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
      closeTimeout: CLOSE_MS,
      handleProtocols: () => SUBPROTOCOL,
      WebSocket: TellingWebSocket,
    };
    this.#plain = new WebSocketServer(settings);
    this.#compressing = new WebSocketServer({ ...settings, perMessageDeflate: COMPRESSION });
    options.server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#upgrade(request, socket, head);
    });
  }

  /** Resolves when every connection is closed; their sessions were told to close before. What is not closed in {@link CLOSE_MS} is broken off. */
  async stop(): Promise<void> {
    if (this.#sockets.size === 0) return;
    const timer = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, CLOSE_MS);
    await new Promise<void>((resolve) => (this.#allClosed = resolve));
    clearTimeout(timer);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#sockets.add(socket);
    socket.on("error", (error) => {
      this.#options.log("a connection broke", { error });
    });
    socket.on("close", () => {
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#allClosed?.();
    });
    const { origin, host } = request.headers;
    const [path, query = ""] = (request.url ?? "").split("?", 2);
    const protocols = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
    if (path !== "/ws") {
      refuse(socket, 404, "the WebSocket is at /ws");
    } else if (!isAllowedOrigin(origin, this.#options.origins) && !isSameHost(origin, host)) {
      this.#options.log("a foreign page was refused", { origin });
      refuse(socket, 403, "this origin is not allowed; list it in the bridge's configuration (origins)");
    } else if (!protocols.includes(SUBPROTOCOL)) {
      refuse(socket, 400, `the subprotocol must be ${SUBPROTOCOL}`);
    } else {
      const server = new URLSearchParams(query).get("compress") === "1" ? this.#compressing : this.#plain;
      server.handleUpgrade(request, socket, head, (ws) => {
        if (ws instanceof TellingWebSocket) this.#open(ws, socket, head.length);
      });
    }
  }

  #open(ws: TellingWebSocket, socket: Duplex, headBytes: number): void {
    const connection = new WebSocketConnection(ws, socket, { frames: this.#frames, turns: this.#options.turns });
    ws.flush = () => {
      connection.flush();
    };
    const session = this.#options.accept(connection);
    const refuseLarge = (limit: number): void => {
      session.refuse(new BridgeError("message_too_large", `a message has at most ${String(limit)} bytes here`));
    };
    ws.tooLarge = () => {
      refuseLarge(session.admitted ? MAX_MESSAGE_BYTES : MAX_HELLO_MESSAGE_BYTES);
    };
    // A frame's length is not seen until it is whole, so what comes before the hello is counted on the socket itself.
    let bytes = headBytes;
    const count = (chunk: Uint8Array): void => {
      bytes += chunk.byteLength;
      if (session.admitted) socket.off("data", count);
      else if (bytes > MAX_HELLO_MESSAGE_BYTES + 1024) refuseLarge(MAX_HELLO_MESSAGE_BYTES);
    };
    socket.on("data", count);
    ws.on("message", (message: Buffer, isBinary) => {
      if (isBinary) session.binary(message);
      else session.text(message.toString());
    });
    ws.on("error", (error) => {
      this.#options.log("a client broke the WebSocket protocol", { error });
    });
    ws.on("close", () => {
      session.ended();
    });
  }
}

function refuse(socket: Duplex, status: number, message: string): void {
  const body = JSON.stringify({ error: { code: status === 403 ? "forbidden" : "bad_message", message } });
  const head = [
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ""}`,
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${String(Buffer.byteLength(body))}`,
  ];
  // A peer that keeps its side open would else keep ours.
  socket.once("finish", () => {
    socket.destroy();
  });
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
