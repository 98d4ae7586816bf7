// SPDX-License-Identifier: MIT
// A session's connection over a WebSocket: writes frames straight to the socket, all of one turn of the event loop in one system call.
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { Connection } from "../session/connection.ts";
import { framePieces, OPCODE, type SharedFrames } from "./frames.ts";
import type { Turns } from "./turns.ts";

/** A frame that waits for the end of the turn. */
interface Frame {
  readonly pieces: readonly Uint8Array[];
  readonly taken: (() => void) | undefined;
}

/** The connection of one session. Frames may go past `ws` because it writes its own whole, too, as long as no extension is agreed. */
export class WebSocketConnection implements Connection {
  readonly #ws: WebSocket;
  readonly #socket: Duplex;
  readonly #frames: SharedFrames;
  readonly #turns: Turns;
  #waiting: Frame[] = [];
  #waitingBytes = 0;
  #sentBytes = 0;
  /** Whether messages are compressed: then the library writes them, each for itself. */
  readonly #compressed: boolean;
  #drained: () => void = () => undefined;
  /** Called when the system has taken the last of what a turn wrote, or the library one message: less is buffered. */
  readonly #written = (): void => {
    this.#drained();
  };

  constructor(ws: WebSocket, socket: Duplex, { frames, turns }: { frames: SharedFrames; turns: Turns }) {
    this.#ws = ws;
    this.#socket = socket;
    this.#frames = frames;
    this.#turns = turns;
    this.#compressed = ws.extensions !== "";
  }

  get bufferedBytes(): number {
    return this.#compressed ? this.#ws.bufferedAmount : this.#socket.writableLength + this.#waitingBytes;
  }

  get sentBytes(): number {
    return this.#sentBytes;
  }

  get takenBytes(): number {
    return takenOf(this.#socket);
  }

  sendText(text: string): void {
    const bytes = Buffer.from(text);
    if (this.#compressed) this.#compress(bytes, false);
    else this.#add(framePieces(OPCODE.text, [bytes]), bytes.length);
  }

  sendEncoded(text: Uint8Array): void {
    if (this.#compressed) this.#compress(text, false);
    else this.#add(this.#frames.of(OPCODE.text, text, [text]), text.byteLength);
  }

  sendRecords(records: readonly Uint8Array[], taken?: () => void): void {
    if (this.#compressed) {
      this.#compress(Buffer.concat(records), true);
      taken?.();
      return;
    }
    let bytes = 0;
    for (const { byteLength } of records) bytes += byteLength;
    this.#add(this.#frames.of(OPCODE.binary, records, records), bytes, taken);
  }

  onDrain(listener: () => void): void {
    this.#drained = listener;
  }

  pause(): void {
    this.#ws.pause();
  }

  resume(): void {
    this.#ws.resume();
  }

  close(code: number, reason: string): void {
    this.#ws.resume(); // else the answer to the close would not be read
    this.#ws.close(code, reason);
  }

  /** Writes what this turn has sent: at its end, and before the library writes a close frame. */
  flush(): void {
    const frames = this.#waiting;
    const [first] = frames;
    if (first === undefined) return;
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (!this.#socket.writable) return;
    if (frames.length === 1 && first.pieces.length === 1) {
      this.#write(first, true);
      return;
    }
    this.#socket.cork();
    const last = frames.length - 1;
    for (const [i, frame] of frames.entries()) this.#write(frame, i === last);
    this.#socket.uncork();
  }

  #compress(message: Uint8Array, binary: boolean): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    this.#sentBytes += message.byteLength;
    this.#ws.send(message, { binary, compress: true }, this.#written);
  }

  #add(pieces: readonly Uint8Array[], payloadBytes: number, taken?: () => void): void {
    if (this.#ws.readyState !== this.#ws.OPEN || !this.#socket.writable) return;
    this.#sentBytes += payloadBytes;
    for (const { byteLength } of pieces) this.#waitingBytes += byteLength;
    if (this.#waiting.push({ pieces, taken }) === 1) this.#turns.atEnd(this);
  }

  #write({ pieces, taken }: Frame, isLast: boolean): void {
    const end = pieces.length - 1;
    for (const [i, piece] of pieces.entries()) {
      if (i < end || (!isLast && taken === undefined)) this.#socket.write(piece);
      else if (taken === undefined) this.#socket.write(piece, this.#written);
      else
        this.#socket.write(piece, (error) => {
          // After an error nobody knows whether the system still reads.
          if (error === null || error === undefined) taken();
          if (isLast) this.#drained();
        });
    }
  }
}

/**
 * Bytes that the system has taken, less what libuv holds of the write that is under way: Node itself counts whole writes only. Without that (undocumented)
 * number a slow reader is seen to read write by write.
 */
function takenOf(
  socket: Duplex & { readonly bytesWritten?: number; readonly _handle?: { readonly writeQueueSize?: number } | null },
): number {
  return (socket.bytesWritten ?? 0) - socket.writableLength - (socket._handle?.writeQueueSize ?? 0);
}
