// SPDX-License-Identifier: MIT
// A client of the gateway `socket-io`: the official library of either generation.
import { io } from "socket.io-client";
import io2 from "socket.io-client-2";

/** What the libraries of both generations have. */
interface Socket {
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  close(): unknown;
}

/** A generation of the library, and how it connects. */
export type Generation = "version 4" | "version 4, polling" | "version 2" | "version 2, polling";

/** All of them. */
export const GENERATIONS: readonly Generation[] = [
  "version 4",
  "version 4, polling",
  "version 2",
  "version 2, polling",
];

/** A connected client and what came to it, in order. */
export class Plumber {
  readonly socket: Socket;
  readonly data: unknown[] = [];
  readonly refused: { readonly event: string; readonly code: string; readonly message: string }[] = [];
  /** How many samples it was told to have lost, each time. */
  readonly lost: number[] = [];
  readonly left: Promise<unknown>;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    const keep = (event: string, take: (value: unknown) => void): void => {
      socket.on(event, (value) => {
        take(value);
        this.#wake();
      });
    };
    keep("data", (value) => this.data.push(value));
    keep("refused", (value) => this.refused.push(value as Plumber["refused"][number]));
    keep("lost", (value) => this.lost.push((value as { count: number }).count));
    this.left = new Promise((resolve) => {
      socket.on("disconnect", resolve);
    });
  }

  /** Resolves when it is connected. */
  static async connect(url: string, generation: Generation = "version 4"): Promise<Plumber> {
    const transports = [generation.endsWith("polling") ? "polling" : "websocket"];
    const options = { forceNew: true, reconnection: false, transports };
    const socket: Socket = generation.startsWith("version 4") ? io(url, options) : io2(url, options);
    const plumber = new Plumber(socket);
    await new Promise<void>((resolve, reject) => {
      socket.on("connect", () => {
        resolve();
      });
      socket.on("connect_error", (error) => {
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    });
    return plumber;
  }

  /** Declares what it reads and writes; resolves when the bridge carried it out. */
  async init(grants: unknown): Promise<unknown> {
    return this.ask("init", grants);
  }

  /** Sends an event and gives its acknowledgement. */
  ask(event: string, ...args: unknown[]): Promise<unknown> {
    return new Promise((resolve) => {
      this.socket.emit(event, ...args, resolve);
    });
  }

  /** Resolves once something holds; it is looked at with every event that comes. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** The first `count` payloads; waits for them. */
  async payloads(count: number): Promise<unknown[]> {
    await this.until(() => this.data.length >= count);
    return this.data.slice(0, count);
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.left;
  }
}
