// SPDX-License-Identifier: MIT
// A client of the gateway `json-ws`: a plain WebSocket, frames in the order in which they came.
import { once } from "node:events";
import { WebSocket, type ClientOptions } from "ws";

/** A connected client. */
export class JsonCaller {
  readonly ws: WebSocket;
  readonly frames: string[] = [];
  /** Resolves with the code and the reason. */
  readonly closed: Promise<readonly [number, Buffer]>;
  #wake: () => void = () => undefined;

  private constructor(ws: WebSocket) {
    this.ws = ws;
    ws.on("message", (message: Buffer) => {
      this.frames.push(message.toString());
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      ws.on("close", (...how) => {
        resolve(how);
      });
    });
    ws.on("error", () => undefined); // it is closed then
  }

  /** Resolves when it is connected. */
  static async connect(url: string, options: ClientOptions = {}): Promise<JsonCaller> {
    const caller = new JsonCaller(new WebSocket(url, options));
    await once(caller.ws, "open");
    return caller;
  }

  /** Takes the next `count` frames; waits for them. */
  async next(count = 1): Promise<string[]> {
    while (this.frames.length < count) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.frames.splice(0, count);
  }

  /** Sends a value and gives the next frame's. */
  async ask(value: unknown): Promise<unknown> {
    this.ws.send(JSON.stringify(value));
    const [frame = ""] = await this.next();
    return JSON.parse(frame);
  }

  async close(): Promise<void> {
    this.ws.terminate();
    await this.closed;
  }
}
