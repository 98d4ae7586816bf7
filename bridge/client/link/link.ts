// SPDX-License-Identifier: MIT
// A connection to the bridge that mends itself: another one is opened, with growing pauses, when one is lost.
import { BridgeError, toBridgeError } from "../../model/errors.ts";
import type { ServerMessage, Welcome } from "../../session/messages.ts";
import { Connection, type ConnectionOptions } from "./connection.ts";
import type { ClientMessage } from "./messages.ts";
import type { Endpoint, Platform } from "./transport.ts";

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;
/** A connection that held this long was a good one: the next retry is quick again. */
const STABLE_MS = 5_000;

/** What a link tells. An error that `message` or `records` throws ends the connection, as a fault of the bridge. */
export interface LinkEvents {
  opened(welcome: Welcome, endpoint: Endpoint): void;
  message(message: ServerMessage): void;
  records(bytes: Uint8Array): void;
  /** Not connected any more, or not yet again; `retryMs` is missing when it is not tried again. */
  lost(error: BridgeError, retryMs?: number): void;
}

export interface LinkOptions extends ConnectionOptions {
  readonly reconnect: boolean;
}

export class Link {
  readonly #platform: Platform;
  readonly #options: LinkOptions;
  readonly #events: LinkEvents;
  #connection: Connection | undefined;
  #isOpen = false;
  #isClosed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #retries = 0;
  #openedAt = 0;
  /** What the bridge gave in place of a one-time ticket, which opens nothing any more. */
  #successor: { readonly of: string; readonly ticket: string } | undefined;

  constructor(platform: Platform, options: LinkOptions, events: LinkEvents) {
    this.#platform = platform;
    this.#options = options;
    this.#events = events;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Connects; rejects without another try. */
  async open(): Promise<void> {
    const found = await this.#platform.endpoint();
    const isUsedUp = this.#successor?.of === found.token;
    const endpoint = isUsedUp && this.#successor ? { ...found, token: this.#successor.ticket } : found;
    if (this.#isClosed) throw new BridgeError("closed", "the client was closed");
    await new Promise<void>((resolve, reject) => {
      const connection = new Connection(this.#platform, endpoint, this.#options, {
        welcomed: (welcome) => {
          this.#isOpen = true;
          if (welcome.ticket !== undefined) this.#successor = { of: endpoint.token, ticket: welcome.ticket };
          this.#openedAt = performance.now();
          this.#events.opened(welcome, endpoint);
          resolve();
        },
        message: (message) => {
          this.#events.message(message);
        },
        records: (bytes) => {
          this.#events.records(bytes);
        },
        closed: (error) => {
          this.#connection = undefined;
          if (this.#isOpen) this.#lost(error);
          else reject(error);
        },
      });
      this.#connection = connection;
    });
  }

  /** Sends one message; does nothing when there is no connection. Throws `message_too_large`. */
  send(message: ClientMessage): void {
    if (this.#isOpen) this.#connection?.send(message);
  }

  /** Bytes of messages that the system has not taken yet. */
  get unsentBytes(): number {
    return this.#connection?.unsentBytes ?? 0;
  }

  /** Sends one binary message; does nothing when there is no connection. */
  sendRecord(record: Uint8Array): void {
    if (this.#isOpen) this.#connection?.sendRecord(record);
  }

  /** Ends it for good; resolves when the socket is closed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isOpen = false;
    clearTimeout(this.#timer);
    await this.#connection?.close();
  }

  /** Gives the connection up as dead; another one is opened. */
  abort(): void {
    this.#connection?.abort();
  }

  #lost(error: BridgeError): void {
    this.#isOpen = false;
    if (performance.now() - this.#openedAt > STABLE_MS) this.#retries = 0;
    this.#retry(error);
  }

  #retry(error: BridgeError): void {
    if (this.#isClosed) return;
    const hopeless = error.code === "version_mismatch" || (error.code === "unauthorized" && this.#platform.fixed);
    if (!this.#options.reconnect || hopeless) {
      this.#isClosed = true;
      this.#events.lost(error);
      return;
    }
    // Spread a little, so that many clients of one bridge do not come back in the same instant.
    const pauseMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#retries++) * (0.75 + Math.random() / 4);
    this.#timer = setTimeout(() => {
      this.open().catch((failure: unknown) => {
        this.#retry(toBridgeError(failure));
      });
    }, pauseMs);
    this.#platform.release(this.#timer);
    this.#events.lost(error, pauseMs);
  }
}
