// SPDX-License-Identifier: MIT
// The writing side of a socket: collects what a turn of the event loop sends, offers it to the system at its end, and leaves to Node what is not taken at once.
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { Turns } from "./turns.ts";

/** Memory that is lent until the bytes in it have been sent. */
export interface Lent {
  giveBack(): void;
}

/** Pieces that are sent one behind the other, then what they are in is given back. */
interface Message {
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
  readonly lent: readonly Lent[];
}

/** What Node does not document of a socket: without it, everything goes through Node, and a slow reader is seen to read write by write. */
type Handle = { readonly fd?: number; readonly writeQueueSize?: number } | null | undefined;

const NOTHING: readonly Lent[] = [];

/**
 * Writes to one socket. Others may write to it through Node, too, and see their bytes in between whole: what waits here is sent behind what waits there. Nothing is
 * copied, so nobody changes bytes that wait.
 */
export class SocketWriter {
  readonly #socket: Duplex & { readonly bytesWritten?: number; readonly _handle?: Handle };
  readonly #turns: Turns;
  readonly #onWritten: () => void;
  /** Whether the system may be offered bytes past Node. */
  readonly #isPlain: boolean;
  #messages: Message[] = [];
  #bytes = 0;
  #isListed = false;
  #directBytes = 0;

  /** `onWritten` runs at the end of each turn that sends something, and whenever less waits than before. It must not throw. */
  constructor(socket: Duplex, turns: Turns, onWritten: () => void) {
    this.#socket = socket;
    this.#turns = turns;
    this.#onWritten = onWritten;
    this.#isPlain = socket instanceof Socket && !(socket instanceof TLSSocket);
  }

  /** Bytes that were sent here and that the system has not taken. */
  get waitingBytes(): number {
    return this.#socket.writableLength + this.#bytes;
  }

  /** A number that changes with every byte that the system takes, also of a message that it takes in parts: Node itself counts whole writes only. */
  get takenBytes(): number {
    const { bytesWritten = 0, writableLength, _handle } = this.#socket;
    return this.#directBytes + bytesWritten - writableLength - (_handle?.writeQueueSize ?? 0);
  }

  /** Whether nothing waits for the end of the turn. */
  get isEmpty(): boolean {
    return this.#messages.length === 0;
  }

  /** What waits for it. */
  get pieces(): readonly Uint8Array[] {
    const [first] = this.#messages;
    if (first !== undefined && this.#messages.length === 1) return first.pieces;
    return this.#messages.flatMap(({ pieces }) => pieces);
  }

  /** The system's number of the socket; -1 where what waits has to go through Node. */
  get descriptor(): number {
    const socket = this.#socket;
    if (!this.#isPlain || !socket.writable || socket.writableLength > 0) return -1;
    return socket._handle?.fd ?? -1;
  }

  /** Whether the same waits in both. */
  isLike(other: SocketWriter): boolean {
    const [ours, theirs] = [this.#messages, other.#messages];
    return ours.length === theirs.length && ours.every(({ pieces }, i) => pieces === theirs[i]?.pieces);
  }

  /** Sends pieces, one behind the other. What they are in is given back once it is not read here any more; never when the socket is gone. */
  add(pieces: readonly Uint8Array[], lent: readonly Lent[] = NOTHING): void {
    if (!this.#socket.writable) return;
    let bytes = 0;
    for (const { byteLength } of pieces) bytes += byteLength;
    this.#bytes += bytes;
    this.#messages.push({ pieces, bytes, lent });
    this.wake();
  }

  /** Sends bytes behind what waits, and now instead of at the end of the turn, so that who waits for them may begin. */
  addNow(bytes: Uint8Array): void {
    if (!this.#socket.writable) return;
    if (!this.isEmpty) this.flush();
    const taken = this.#turns.offer(this.descriptor, [bytes]);
    this.#directBytes += taken;
    if (taken < bytes.byteLength) this.#write([bytes.subarray(taken)], NOTHING);
  }

  /** Has `onWritten` run at the end of this turn. */
  wake(): void {
    if (this.#isListed) return;
    this.#isListed = true;
    this.#turns.atEnd(this);
  }

  /** Writes now what waits for the end of the turn: before others write what is to stand behind it. */
  flush(): void {
    this.#writeRest(0);
  }

  /** The end of the turn: the system has taken so many of the bytes that waited, the others go through Node. */
  sent(takenBytes: number): void {
    this.#isListed = false;
    this.#directBytes += takenBytes;
    if (takenBytes === this.#bytes) {
      const messages = this.#messages;
      this.#messages = [];
      this.#bytes = 0;
      for (const { lent } of messages) giveBack(lent);
    } else {
      this.#writeRest(takenBytes);
    }
  }

  /** The turn has ended for all sockets. */
  written(): void {
    this.#onWritten();
  }

  /** Has Node write all but the first bytes. */
  #writeRest(takenBytes: number): void {
    const messages = this.#messages;
    this.#messages = [];
    this.#bytes = 0;
    if (messages.length === 0 || !this.#socket.writable) return;
    let skip = takenBytes;
    this.#socket.cork();
    for (const { pieces, bytes, lent } of messages) {
      if (skip >= bytes) giveBack(lent);
      else this.#write(skip > 0 ? behind(pieces, skip) : pieces, lent);
      skip = Math.max(0, skip - bytes);
    }
    this.#socket.uncork();
  }

  #write(pieces: readonly Uint8Array[], lent: readonly Lent[]): void {
    const last = pieces.length - 1;
    for (const [i, piece] of pieces.entries()) {
      if (i < last) this.#socket.write(piece);
      else
        this.#socket.write(piece, (error) => {
          // After an error nobody knows whether the system still reads.
          if (error === null || error === undefined) giveBack(lent);
          this.#onWritten();
        });
    }
  }
}

/** The pieces without their first bytes. */
function behind(pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let skip = bytes;
  return pieces.flatMap((piece) => {
    const rest = piece.subarray(skip);
    skip = Math.max(0, skip - piece.byteLength);
    return rest.byteLength > 0 ? [rest] : [];
  });
}

function giveBack(lent: readonly Lent[]): void {
  for (const each of lent) each.giveBack();
}
