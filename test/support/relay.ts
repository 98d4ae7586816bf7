// SPDX-License-Identifier: MIT
// A port in front of a server that can be taken away and given back: to its clients the server is gone, and then the same one is there again.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

export class Relay {
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  /** Where clients connect, the same after each `mend()`. */
  port = 0;
  /** Bytes that were passed on to clients. */
  toClientsBytes = 0;

  /** Passes connections on to the port `target` of this machine, once mended. */
  constructor(target: number) {
    this.#target = target;
  }

  /** Listens; resolves when connections are taken. */
  async mend(): Promise<void> {
    const server = createServer((client) => {
      this.#join(client, connect(this.#target, "127.0.0.1"));
    });
    this.#server = server;
    server.listen(this.port, "127.0.0.1");
    await once(server, "listening");
    this.port = (server.address() as AddressInfo).port;
  }

  /** Breaks all connections and takes no more; resolves when the port is closed. */
  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = once(server, "close");
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #join(client: Socket, server: Socket): void {
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      if (socket === server) socket.on("data", (bytes: Buffer) => (this.toClientsBytes += bytes.length));
      socket.pipe(other);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
