// SPDX-License-Identifier: MIT
// A WebSocket server whose every word the test says: for what a real bridge does only by accident.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import type { ServerMessage, Welcome } from "../../bridge/session/messages.ts";

export const TOKEN = "open-sesame";

export const WELCOME: Welcome = {
  op: "welcome",
  version: 1,
  session: "s1",
  bridge: { id: "b1", name: "scripted", version: "0.0.0", pid: 1, started: 1_700_000_000_000 },
  time: 1_700_000_000_000,
  limits: { messageBytes: 1_048_576, subscriptions: 256, windowBytes: 1_048_576 },
};

type Asked = { readonly op: string; readonly id: number } & Readonly<Record<string, unknown>>;

/** One connection of a client, from the bridge's side. */
export class Peer {
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #arrived: Asked[] = [];
  #waiting: ((message: Asked) => void) | undefined;
  readonly #records: Uint8Array[] = [];
  #waitingRecord: ((record: Uint8Array) => void) | undefined;
  /** Bytes of payloads sent. */
  sentBytes = 0;

  constructor(socket: WebSocket, stream: Duplex) {
    this.#socket = socket;
    this.#stream = stream;
    socket.on("message", (bytes, isBinary) => {
      if (isBinary) {
        this.#record(new Uint8Array(bytes as Buffer));
        return;
      }
      const message = JSON.parse((bytes as Buffer).toString("utf8")) as Asked;
      const waiting = this.#waiting;
      this.#waiting = undefined;
      if (waiting === undefined) this.#arrived.push(message);
      else waiting(message);
    });
  }

  /** The next message of the client, which must be this `op`. */
  async expect(op: string): Promise<Asked> {
    const message = this.#arrived.shift() ?? (await new Promise<Asked>((resolve) => (this.#waiting = resolve)));
    if (message.op !== op) throw new Error(`expected ${op}, got ${JSON.stringify(message)}`);
    return message;
  }

  /** The next binary message of the client. */
  async record(): Promise<Uint8Array> {
    return this.#records.shift() ?? new Promise<Uint8Array>((resolve) => (this.#waitingRecord = resolve));
  }

  /** Waits for a hello and welcomes. */
  async welcome(): Promise<Asked> {
    const hello = await this.expect("hello");
    this.send(WELCOME);
    return hello;
  }

  /** Waits for a request and answers it. */
  async answer(op: string, result: unknown): Promise<Asked> {
    const request = await this.expect(op);
    this.result(request.id, result);
    return request;
  }

  result(id: number, result: unknown): void {
    this.text(JSON.stringify({ op: "result", id, result }));
  }

  refuse(id: number | undefined, code: string, message = code): void {
    this.text(JSON.stringify({ op: "error", ...(id === undefined ? {} : { id }), error: { code, message } }));
  }

  send(message: ServerMessage): void {
    this.text(JSON.stringify(message));
  }

  /** What `send` sends goes out in one piece, so that it arrives in one. */
  corked(send: () => void): void {
    this.#stream.cork();
    send();
    this.#stream.uncork();
  }

  text(text: string): void {
    this.sentBytes += Buffer.byteLength(text);
    this.#socket.send(text);
  }

  records(...records: readonly Uint8Array[]): void {
    const message = Buffer.concat(records);
    this.sentBytes += message.length;
    this.#socket.send(message);
  }

  close(code: number, reason = ""): void {
    this.#socket.close(code, reason);
  }

  /** The connection breaks without a word. */
  drop(): void {
    this.#socket.terminate();
  }

  /** Resolves with the close code. */
  async closed(): Promise<number> {
    const [code] = (await once(this.#socket, "close")) as [number];
    return code;
  }

  #record(record: Uint8Array): void {
    const waiting = this.#waitingRecord;
    this.#waitingRecord = undefined;
    if (waiting === undefined) this.#records.push(record);
    else waiting(record);
  }
}

/** Listens on a free port of 127.0.0.1; every test ends it with `stop()`. */
export class ScriptedBridge {
  readonly #http: Server = createServer();
  readonly #sockets: WebSocketServer = new WebSocketServer({ server: this.#http, path: "/ws" });
  readonly #peers: Peer[] = [];
  #waiting: ((peer: Peer) => void) | undefined;

  static async start(port = 0): Promise<ScriptedBridge> {
    const bridge = new ScriptedBridge();
    bridge.#sockets.on("connection", (socket, request) => {
      const peer = new Peer(socket, request.socket);
      const waiting = bridge.#waiting;
      bridge.#waiting = undefined;
      if (waiting === undefined) bridge.#peers.push(peer);
      else waiting(peer);
    });
    bridge.#http.listen(port, "127.0.0.1");
    await once(bridge.#http, "listening");
    return bridge;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}/#token=${TOKEN}`;
  }

  /** The next connection. */
  async peer(): Promise<Peer> {
    return this.#peers.shift() ?? new Promise<Peer>((resolve) => (this.#waiting = resolve));
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
    this.#http.close();
    await once(this.#http, "close");
  }
}
