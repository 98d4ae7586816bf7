// SPDX-License-Identifier: MIT
// A session's connection over a WebSocket: writes frames past `ws`, all of one turn of the event loop in one system call.
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { Connection } from "../session/connection.ts";
import { SocketWriter, type Lent } from "../sockets/socket-writer.ts";
import type { Turns } from "../sockets/turns.ts";
import { framePieces, OPCODE, type SharedFrames } from "./frames.ts";

/** The connection of one session. Frames may go past `ws` because it writes its own whole, too, as long as no extension is agreed. */
export class WebSocketConnection implements Connection {
  readonly #ws: WebSocket;
  readonly #frames: SharedFrames;
  readonly #writer: SocketWriter;
  #sentBytes = 0;
  /** Whether messages are compressed: then the library writes them, each for itself. */
  readonly #compressed: boolean;
  #written: () => void = () => undefined;

  constructor(ws: WebSocket, socket: Duplex, { frames, turns }: { frames: SharedFrames; turns: Turns }) {
    this.#ws = ws;
    this.#frames = frames;
    this.#writer = new SocketWriter(socket, turns, () => {
      this.#written();
    });
    this.#compressed = ws.extensions !== "";
  }

  get bufferedBytes(): number {
    return this.#compressed ? this.#ws.bufferedAmount : this.#writer.waitingBytes;
  }

  get sentBytes(): number {
    return this.#sentBytes;
  }

  get takenBytes(): number {
    return this.#writer.takenBytes;
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

  sendRecords(records: readonly Uint8Array[], lent: readonly Lent[] = []): void {
    if (this.#compressed) {
      this.#compress(Buffer.concat(records), true);
      for (const each of lent) each.giveBack();
      return;
    }
    let bytes = 0;
    for (const { byteLength } of records) bytes += byteLength;
    this.#add(this.#frames.of(OPCODE.binary, records, records), bytes, lent);
  }

  onWritten(listener: () => void): void {
    this.#written = listener;
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

  /** Writes what this turn has sent: before the library writes a close frame. */
  flush(): void {
    this.#writer.flush();
  }

  #compress(message: Uint8Array, binary: boolean): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    this.#sentBytes += message.byteLength;
    this.#ws.send(message, { binary, compress: true }, () => {
      this.#written();
    });
    this.#writer.wake();
  }

  #add(pieces: readonly Uint8Array[], payloadBytes: number, lent?: readonly Lent[]): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    this.#sentBytes += payloadBytes;
    this.#writer.add(pieces, lent);
  }
}
