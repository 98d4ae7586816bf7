// SPDX-License-Identifier: MIT
// The HTTP server of a gateway that has a port of its own: bounded in connections and time, and gone when it is told to stop.
import { createServer, type RequestListener, type Server } from "node:http";
import type { Socket } from "node:net";
import { HEAD_MS } from "./http.ts";
import { listen } from "./listen.ts";

/** Connections that did not end when they were told to are broken off after this. */
const CLOSE_MS = 1000;

/** What a gateway's server is. */
export interface OwnServerOptions {
  /** The gateway's name, for its errors. */
  readonly gateway: string;
  readonly maxConnections: number;
  /** A connection of plain HTTP on which so long nothing moves is broken off. */
  readonly quietMs: number;
  /** Answers what is not the gateway's protocol. */
  readonly answer: RequestListener;
}

/** One gateway's server. */
export class OwnServer {
  readonly http: Server;
  readonly #gateway: string;
  readonly #sockets = new Set<Socket>();

  constructor({ gateway, maxConnections, quietMs, answer }: OwnServerOptions) {
    this.#gateway = gateway;
    this.http = createServer({ headersTimeout: HEAD_MS, requestTimeout: HEAD_MS }, answer);
    this.http.maxConnections = maxConnections;
    this.http.timeout = quietMs;
    this.http.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  /** Resolves to the `HOST:PORT` at which it listens. Rejects with `port_in_use` or `system_error`. */
  listen(host: string, port: number): Promise<string> {
    return listen(this.http, host, port, `choose another with --gateway ${this.#gateway}:PORT`);
  }

  /** Takes no more connections; resolves when all have ended, which their protocol is to see to; what is left after a second is broken off. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, CLOSE_MS);
    const closed = new Promise<void>((resolve) => this.http.on("close", resolve));
    this.http.close();
    this.http.closeIdleConnections();
    await closed;
    clearTimeout(timer);
  }
}
