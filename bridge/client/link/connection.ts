// SPDX-License-Identifier: MIT
// One life of the connection to a bridge: dial, hello, welcome, messages, closed.
import { BridgeError, toBridgeError } from "../../model/errors.ts";
import { PROTOCOL_VERSION, type ServerMessage, type Welcome } from "../../session/messages.ts";
import { afterReading } from "./alarms.ts";
import { closeError, parseMessage, type ClientMessage } from "./messages.ts";
import { Receipt } from "./receipt.ts";
import { errorOf } from "./requests.ts";
import type { Endpoint, Platform, Socket } from "./transport.ts";

/** A bridge that does not answer the closing handshake is left after this. */
const CLOSING_MS = 1_000;

/** What a connection tells. An error that `message` or `records` throws ends it, as a fault of the bridge. */
export interface ConnectionEvents {
  welcomed(welcome: Welcome): void;
  message(message: ServerMessage): void;
  records(bytes: Uint8Array): void;
  /** Exactly once, whether it was ever open or not. */
  closed(error: BridgeError): void;
}

export interface ConnectionOptions {
  readonly client: string;
  /** How long the bridge may take to welcome. */
  readonly timeoutMs: number;
}

export class Connection {
  readonly #endpoint: Endpoint;
  readonly #options: ConnectionOptions;
  readonly #events: ConnectionEvents;
  readonly #socket: Socket;
  readonly #receipt: Receipt;
  readonly #endWait: () => void;
  #welcomed = false;
  #maxMessageBytes = Infinity;
  #fault: BridgeError | undefined;
  readonly #whenClosed: (() => void)[] = [];

  /** Starts to connect. */
  constructor(platform: Platform, endpoint: Endpoint, options: ConnectionOptions, events: ConnectionEvents) {
    this.#endpoint = endpoint;
    this.#options = options;
    this.#events = events;
    this.#receipt = new Receipt((record) => {
      this.#socket.send(record);
    });
    this.#socket = platform.dial(
      endpoint.url,
      {
        opened: () => {
          this.#hello();
        },
        text: (text, bytes) => {
          this.#guard(() => {
            this.#text(text);
            this.#receipt.took(bytes);
          });
        },
        binary: (bytes) => {
          this.#guard(() => {
            if (this.#welcomed) events.records(bytes);
            this.#receipt.took(bytes.byteLength);
          });
        },
        closed: (code, reason, cause) => {
          this.#closed(code, reason, cause);
        },
      },
      endpoint.certificate,
    );
    this.#endWait = afterReading(options.timeoutMs, () => {
      const wait = String(options.timeoutMs);
      this.#fail(new BridgeError("timeout", `the bridge at ${endpoint.url} did not answer within ${wait} ms`));
    });
  }

  /** Sends one message. Throws `message_too_large` for one that the bridge would end the connection for. */
  send(message: ClientMessage): void {
    const text = JSON.stringify(message);
    // Text of three bytes a character is counted only where it may matter.
    if (text.length * 3 > this.#maxMessageBytes && utf8Bytes(text) > this.#maxMessageBytes) {
      const most = String(this.#maxMessageBytes);
      throw new BridgeError("message_too_large", `"${message.op}" is larger than the bridge takes (${most} bytes)`);
    }
    this.#socket.send(text);
  }

  /** Bytes of messages that the system has not taken yet. */
  get unsentBytes(): number {
    return this.#socket.unsentBytes();
  }

  /** Sends one binary message. */
  sendRecord(record: Uint8Array): void {
    this.#socket.send(record);
  }

  /** Closes in order; resolves when it is closed. What comes until then is not told. */
  close(): Promise<void> {
    this.#fault ??= new BridgeError("closed", "the client was closed");
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#socket.abort();
      }, CLOSING_MS);
      this.#whenClosed.push(() => {
        clearTimeout(timer);
        resolve();
      });
      this.#socket.close(1000, "");
    });
  }

  /** Gives it up as dead. */
  abort(): void {
    this.#fail(new BridgeError("timeout", `the bridge at ${this.#endpoint.url} is silent`));
  }

  #hello(): void {
    const { token } = this.#endpoint;
    const { client } = this.#options;
    this.#socket.send(JSON.stringify({ op: "hello", version: PROTOCOL_VERSION, token, client, acks: true }));
  }

  #text(text: string): void {
    const message = parseMessage(text);
    if (message === undefined) return;
    if (this.#welcomed) {
      this.#events.message(message);
      return;
    }
    if (message.op === "error") throw errorOf(message.error);
    if (message.op !== "welcome") throw new BridgeError("bad_message", `the bridge began with "${message.op}"`);
    this.#endWait();
    this.#welcomed = true;
    this.#receipt.begin(message.limits.windowBytes);
    this.#maxMessageBytes = message.limits.messageBytes;
    this.#events.welcomed(message);
  }

  #guard(action: () => void): void {
    if (this.#fault !== undefined) return;
    try {
      action();
    } catch (error) {
      this.#fail(toBridgeError(error));
    }
  }

  #fail(error: BridgeError): void {
    this.#fault ??= error;
    this.#socket.abort();
  }

  #closed(code: number, reason: string, cause: Error | undefined): void {
    this.#endWait();
    const { url } = this.#endpoint;
    const error = this.#fault ?? closeError({ code, reason, cause, url, opened: this.#welcomed });
    this.#events.closed(error);
    for (const done of this.#whenClosed.splice(0)) done();
  }
}

function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
