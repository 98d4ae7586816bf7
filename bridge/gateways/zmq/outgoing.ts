// SPDX-License-Identifier: MIT
// What waits for a ZeroMQ socket to take it: the socket takes one message at a time, and many only with pauses.

/** Of messages that wait in this process; what the socket has taken waits there, up to its high-water mark. */
export const MAX_OUTGOING_BYTES: number = 4 << 20;

/** One message of one or several frames. */
export type OutgoingMessage = readonly Uint8Array[];

/** A queue before a socket. What is too much is dropped, the newest first, and counted. */
export class Outgoing {
  readonly #send: (message: Uint8Array[]) => Promise<void>;
  readonly #waiting: OutgoingMessage[] = [];
  #bytes = 0;
  #sending = false;
  #dropped = 0;

  /** `send` may reject only when the socket is closed or its peer is gone: such a message is nobody's any more. */
  constructor(send: (message: Uint8Array[]) => Promise<void>) {
    this.#send = send;
  }

  get dropped(): number {
    return this.#dropped;
  }

  push(message: OutgoingMessage): void {
    const bytes = sizeOf(message);
    if (this.#bytes + bytes > MAX_OUTGOING_BYTES && this.#waiting.length > 0) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push(message);
    this.#bytes += bytes;
    if (!this.#sending) void this.#run();
  }

  async #run(): Promise<void> {
    this.#sending = true;
    while (this.#waiting.length > 0) {
      for (const message of this.#waiting.splice(0)) {
        try {
          await this.#send([...message]);
        } catch {
          this.#dropped += 1;
        }
        this.#bytes -= sizeOf(message);
      }
    }
    this.#sending = false;
  }
}

function sizeOf(message: OutgoingMessage): number {
  return message.reduce((sum, frame) => sum + frame.byteLength, 0);
}
