// SPDX-License-Identifier: MIT
// A client that speaks the client protocol over a real WebSocket and keeps what comes, in order.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { WebSocket, type ClientOptions } from "ws";
import { recordType, splitMessage } from "../../bridge/layout/record.ts";
import { LINK_RECORD } from "../../bridge/model/client-link.ts";

/** The batches and gaps of a binary message, without the stamp that may stand before them. */
export function samplesOf(message: Uint8Array): Uint8Array[] {
  return splitMessage(message).filter((record) => recordType(record) !== LINK_RECORD.stamp);
}

/** A JSON message. */
export type Message = Readonly<Record<string, unknown>>;

/** One WebSocket. */
export class WireClient {
  readonly ws: WebSocket;
  /** Everything that came and was not yet taken. */
  readonly came: (Message | Uint8Array)[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  #id = 0;
  #over = false;
  /** Who waits for an answer, by its id. */
  readonly #asking = new Map<number, { resolve: (answer: Message) => void; reject: (error: Error) => void }>();
  readonly #wakes = new Set<() => void>();

  constructor(url: string, options: ClientOptions = {}, protocol = "structwire.v1", path = "/ws") {
    this.ws = new WebSocket(`${url.replace("http", "ws")}${path}`, protocol, { perMessageDeflate: false, ...options });
    this.ws.binaryType = "nodebuffer";
    this.ws.on("message", (message: Buffer, isBinary) => {
      this.#take(isBinary ? new Uint8Array(message) : (JSON.parse(message.toString()) as Message));
    });
    this.closed = new Promise((resolve) => {
      this.ws.on("close", (code, reason) => {
        this.#over = true;
        for (const { reject } of this.#asking.values()) reject(this.#closedFirst());
        resolve({ code, reason: reason.toString() });
        this.#wake();
      });
    });
    this.ws.on("error", () => undefined);
  }

  /** Opens and says hello; resolves with the welcome. */
  static async enter(url: string, token: string, options: ClientOptions = {}): Promise<WireClient> {
    const client = new WireClient(url, options);
    await once(client.ws, "open");
    client.say({ op: "hello", version: 1, token, client: "test" });
    await client.next((message) => message["op"] === "welcome");
    return client;
  }

  say(message: unknown): void {
    this.ws.send(JSON.stringify(message));
  }

  /** Asks and gives the result; rejects with the error's code as its message. */
  async ask<T = Message>(body: Message): Promise<T> {
    if (this.#over) throw this.#closedFirst();
    const id = ++this.#id;
    const answer = await new Promise<Message>((resolve, reject) => {
      this.#asking.set(id, { resolve, reject });
      this.say({ ...body, id });
    });
    if (answer["op"] === "result") return answer["result"] as T;
    const { code, message } = answer["error"] as { code: string; message: string };
    throw Object.assign(new Error(message), { code });
  }

  /** Takes the first JSON message of which it holds, as soon as it has come. */
  async next(holds: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const at = this.came.findIndex((message) => !(message instanceof Uint8Array) && holds(message));
      if (at >= 0) return this.came.splice(at, 1)[0] as Message;
      if (this.#over) throw this.#closedFirst();
      await this.change();
    }
  }

  /** Resolves at the next message. */
  change(): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#wakes.delete(wake);
        resolve();
      };
      this.#wakes.add(wake);
    });
  }

  async close(): Promise<void> {
    this.ws.close();
    await this.closed;
  }

  #take(message: Message | Uint8Array): void {
    const id = message instanceof Uint8Array ? undefined : message["id"];
    const asking = typeof id === "number" ? this.#asking.get(id) : undefined;
    if (asking === undefined || message instanceof Uint8Array) {
      this.came.push(message);
    } else {
      this.#asking.delete(Number(id));
      asking.resolve(message);
    }
    this.#wake();
  }

  #closedFirst(): Error {
    return new Error(`the bridge closed first; it said ${JSON.stringify(this.came.slice(-3))}`);
  }

  #wake(): void {
    for (const wake of [...this.#wakes]) wake();
  }
}

/** A WebSocket by hand, for what no library would send. Resolves with the socket after the answer to the upgrade, and that answer's first line. */
export async function rawUpgrade(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ socket: Socket; status: string }> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  const all = {
    Host: host,
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Protocol": "structwire.v1",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  socket.write(`GET /ws HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
  let answer = "";
  while (!answer.includes("\r\n")) answer += String(((await once(socket, "data")) as [Buffer])[0]);
  return { socket, status: answer.split("\r\n", 1)[0] ?? "" };
}
