// SPDX-License-Identifier: MIT
// The ends of turns of the event loop: sockets that were given something write it then, those with the same bytes in one call into the addon.
import type { AddonModule } from "../layout/native/addon-module.ts";
import type { SocketWriter } from "./socket-writer.ts";

/** Sockets of one call. */
const MAX_GROUP = 256;

/** What waits for the end of this turn. */
export class Turns {
  readonly #send: AddonModule["send"] | undefined;
  #waiting: SocketWriter[] = [];
  #group: SocketWriter[] = [];
  readonly #descriptors = new Int32Array(MAX_GROUP);
  readonly #taken = new Float64Array(MAX_GROUP);
  /** The same for a socket that does not wait for the turn's end. */
  readonly #now = new Int32Array(1);
  readonly #nowTaken = new Float64Array(1);

  /** Without `send` everything goes through Node. */
  constructor(send?: AddonModule["send"]) {
    this.#send = send;
  }

  /** Has `writer` write once when what runs now has run. */
  atEnd(writer: SocketWriter): void {
    if (this.#waiting.push(writer) > 1) return;
    process.nextTick(() => {
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const each of waiting) this.#take(each);
      this.#sendGroup();
      // Only now: who hears of it may write to another socket, or close it.
      for (const each of waiting) each.written();
    });
  }

  /** Offers bytes to one socket now, and returns how many of them it took; none where that cannot be. */
  offer(descriptor: number, pieces: readonly Uint8Array[]): number {
    if (this.#send === undefined || descriptor < 0) return 0;
    this.#now[0] = descriptor;
    this.#send(pieces, this.#now, 1, this.#nowTaken);
    return this.#nowTaken[0] ?? 0;
  }

  #take(writer: SocketWriter): void {
    const descriptor = this.#send === undefined || writer.isEmpty ? -1 : writer.descriptor;
    if (descriptor < 0) {
      writer.sent(0);
      return;
    }
    const [first] = this.#group;
    if (first !== undefined && (this.#group.length === MAX_GROUP || !writer.isLike(first))) this.#sendGroup();
    this.#descriptors[this.#group.length] = descriptor;
    this.#group.push(writer);
  }

  #sendGroup(): void {
    const group = this.#group;
    const [first] = group;
    if (first === undefined) return;
    this.#group = [];
    this.#send?.(first.pieces, this.#descriptors, group.length, this.#taken);
    for (let i = 0; i < group.length; i++) group[i]?.sent(this.#taken[i] ?? 0);
  }
}
