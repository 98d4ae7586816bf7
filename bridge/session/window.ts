// SPDX-License-Identifier: MIT
// How much is on its way to a client, and whether the client still takes anything.
import type { Cancel, Clock } from "../hub/ports.ts";
import { BridgeError } from "../model/errors.ts";
import type { Connection } from "./connection.ts";

/** Bytes that may be on their way to a client that acknowledges them: what an answer has to wait for at most. */
export const WINDOW_BYTES = 1_048_576;

/** To a client that does not: bytes that the system has not taken. What the system itself holds comes on top. */
export const SOCKET_BYTES = 262_144;

/** A client that takes nothing for so long, while something waits for it, is closed. */
export const STUCK_MS = 30_000;

/** It is looked at so often meanwhile. */
const LOOK_MS = 5000;

/** What a window needs. */
export interface WindowOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  /** Whether anything waits besides what the connection holds. */
  waits(): boolean;
  /** The client takes nothing: the session is to be closed. */
  onStuck(): void;
}

/** The window of one session. */
export class Window {
  readonly #options: WindowOptions;
  #acks = false;
  #ackedBytes = 0;
  #cancelLook: Cancel | undefined;
  #mark = 0;
  #progressMs = 0;

  constructor(options: WindowOptions) {
    this.#options = options;
  }

  /** From now on the client acknowledges what it takes. */
  expectAcks(): void {
    this.#acks = true;
  }

  get onWayBytes(): number {
    const { connection } = this.#options;
    return this.#acks ? connection.sentBytes - this.#ackedBytes : connection.bufferedBytes;
  }

  /** Nothing more is sent while so many bytes are on their way. */
  get limitBytes(): number {
    return this.#acks ? WINDOW_BYTES : SOCKET_BYTES;
  }

  /** Whether more may be sent now. */
  get isOpen(): boolean {
    return this.onWayBytes < this.limitBytes;
  }

  /** The client has taken so many bytes in all. Throws `bad_message` when that is more than was sent. */
  acknowledge(bytes: number): void {
    if (!this.#acks) return;
    const { sentBytes } = this.#options.connection;
    if (bytes > sentBytes) {
      throw new BridgeError(
        "bad_message",
        `${String(bytes)} bytes are acknowledged, but ${String(sentBytes)} were sent`,
      );
    }
    this.#ackedBytes = Math.max(this.#ackedBytes, bytes);
  }

  /** Something was sent or waits: sees to it that a client that takes nothing is found out. */
  watch(): void {
    if (this.#cancelLook !== undefined || !this.#isOwed()) return;
    this.#mark = this.#progress();
    this.#progressMs = this.#options.clock.now();
    this.#look();
  }

  close(): void {
    this.#cancelLook?.();
  }

  #look(): void {
    const { clock } = this.#options;
    this.#cancelLook = clock.after(LOOK_MS, () => {
      this.#cancelLook = undefined;
      if (!this.#isOwed()) return;
      const mark = this.#progress();
      if (mark !== this.#mark) this.#progressMs = clock.now();
      this.#mark = mark;
      if (clock.now() - this.#progressMs >= STUCK_MS) this.#options.onStuck();
      else this.#look();
    });
  }

  #isOwed(): boolean {
    return this.#options.connection.bufferedBytes > 0 || this.#options.waits();
  }

  /** A number that changes with every byte that the client or its system has taken. */
  #progress(): number {
    return this.#options.connection.takenBytes + this.#ackedBytes;
  }
}
