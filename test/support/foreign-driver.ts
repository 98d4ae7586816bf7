// SPDX-License-Identifier: MIT
// A driver that is not ours: a socket in a folder that speaks the documented bytes, or whatever else a test lets it say.
import { chmodSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { readFromBridge, type FromBridge } from "./driver-records.ts";
import { join } from "./records.ts";

/** One bridge's connection, as the driver sees it. */
export class ForeignLink {
  readonly socket: Socket;
  readonly #came: FromBridge[] = [];
  #rest: Uint8Array = new Uint8Array(0);
  #wake: () => void = () => undefined;
  closed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk) => {
      this.#take(chunk);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.closed = true;
      this.#wake();
    });
  }

  say(...records: readonly Uint8Array[]): void {
    this.socket.write(join(...records));
  }

  /** The next record of that kind; others before it are skipped. Rejects when the bridge closes first. */
  async next<Is extends FromBridge["is"]>(is: Is): Promise<Extract<FromBridge, { is: Is }>> {
    for (;;) {
      const record = this.#came.shift();
      if (record?.is === is) return record as Extract<FromBridge, { is: Is }>;
      if (record !== undefined) continue;
      if (this.closed) throw new Error(`the bridge closed before it sent ${is}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #take(chunk: Uint8Array): void {
    this.#rest = join(this.#rest, chunk);
    while (this.#rest.length >= 8) {
      const bytes = new DataView(this.#rest.buffer).getUint32(0, true);
      if (this.#rest.length < bytes) break;
      this.#came.push(readFromBridge(this.#rest.slice(0, bytes)));
      this.#rest = this.#rest.slice(bytes);
    }
    this.#wake();
  }
}

/** A listening socket; `greet` runs for every bridge that connects. */
export class ForeignDriver {
  readonly path: string;
  readonly links: ForeignLink[] = [];
  readonly #server: Server;
  readonly #arrivals: ((link: ForeignLink) => void)[] = [];
  /** Those that {@link arrival} has not given yet. */
  readonly #arrived: ForeignLink[] = [];

  private constructor(path: string, greet: (link: ForeignLink) => void) {
    this.path = path;
    this.#server = createServer((socket) => {
      const link = new ForeignLink(socket);
      this.links.push(link);
      greet(link);
      const waiting = this.#arrivals.shift();
      if (waiting === undefined) this.#arrived.push(link);
      else waiting(link);
    });
  }

  static async listen(path: string, greet: (link: ForeignLink) => void = () => undefined): Promise<ForeignDriver> {
    const driver = new ForeignDriver(path, greet);
    await new Promise<void>((resolve) => driver.#server.listen(path, resolve));
    chmodSync(path, 0o600);
    return driver;
  }

  /** The first bridge that connected, then with each call the next one, whether it is there already or not. */
  async arrival(): Promise<ForeignLink> {
    return this.#arrived.shift() ?? new Promise((resolve) => this.#arrivals.push(resolve));
  }

  /** Ends without a word: connections break and the socket is gone. */
  async die(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const { socket } of this.links) socket.destroy();
    await closed;
  }
}
