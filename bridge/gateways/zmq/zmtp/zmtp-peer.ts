// SPDX-License-Identifier: MIT
// One ZeroMQ peer on a TCP connection: its handshake, its messages, and what waits for it.
import type { Socket } from "node:net";
import { toBridgeError, type BridgeError } from "../../../model/errors.ts";
import { badStream, ZmtpReader, type ZmtpItem } from "./zmtp-reader.ts";
import { frameHead, greeting, pongCommand, propertiesOf, readyCommand } from "./zmtp-writer.ts";

/** A handshake must be over within this. */
export const HANDSHAKE_MS = 3000;

/** After so long without a word the system asks whether the other machine is still there. */
const KEEP_ALIVE_MS = 30_000;

/** What a server speaks, and what may wait. */
export interface ZmtpKind {
  /** Its own type of socket, and those that may connect. */
  readonly socketType: "ROUTER" | "XPUB";
  readonly peerTypes: readonly string[];
  readonly maxMessageBytes: number;
  /** What may wait for a peer that does not read, beside what the system holds. */
  readonly maxQueuedBytes: number;
}

/** What is done with a peer. */
export interface ZmtpListener {
  message(peer: ZmtpPeer, frames: readonly Buffer[]): void;
  /** It is gone, after a finished handshake. */
  left(peer: ZmtpPeer): void;
  /** It said what cannot be, and its connection was ended. */
  refused(reason: BridgeError): void;
}

/** A connected peer. Never throws: a peer that breaks the rules loses its connection. */
export class ZmtpPeer {
  readonly #socket: Socket;
  readonly #kind: ZmtpKind;
  readonly #listener: ZmtpListener;
  readonly #reader: ZmtpReader;
  readonly #patience: NodeJS.Timeout;
  #state: "greeting" | "handshake" | "ready" = "greeting";
  #corked = false;

  constructor(socket: Socket, kind: ZmtpKind, listener: ZmtpListener) {
    this.#socket = socket;
    this.#kind = kind;
    this.#listener = listener;
    this.#reader = new ZmtpReader(kind.maxMessageBytes);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    this.#patience = setTimeout(() => {
      this.#refuse(badStream("its handshake takes too long"));
    }, HANDSHAKE_MS);
    socket.on("data", (chunk) => {
      this.#read(chunk);
    });
    socket.on("error", () => undefined); // "close" follows
    socket.on("close", () => {
      clearTimeout(this.#patience);
      if (this.#state === "ready") listener.left(this);
    });
    socket.write(greeting());
  }

  /** Sends a message; its memory is the peer's until it is sent. False: too much waits for this peer, and the message is dropped. */
  send(frames: readonly Uint8Array[]): boolean {
    const bytes = frames.reduce((sum, frame) => sum + frame.length + 9, 0);
    const waits = this.#socket.writableLength;
    if (waits > 0 && waits + bytes > this.#kind.maxQueuedBytes) return false;
    this.#cork();
    for (const [i, frame] of frames.entries()) {
      this.#socket.write(frameHead(frame.length, i < frames.length - 1));
      this.#socket.write(frame);
    }
    return true;
  }

  /** Ends the connection at once. */
  end(): void {
    this.#socket.destroy();
  }

  /** Many small messages of one turn go out by one call of the system. */
  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#socket.cork();
    setImmediate(() => {
      this.#corked = false;
      this.#socket.uncork();
    });
  }

  #read(chunk: Buffer): void {
    try {
      for (const item of this.#reader.push(chunk)) {
        if (this.#socket.destroyed) return;
        this.#take(item);
      }
    } catch (error) {
      this.#refuse(toBridgeError(error));
    }
  }

  #take(item: ZmtpItem): void {
    if (this.#state === "greeting") {
      if (item.is !== "greeting") throw badStream("it has no greeting");
      if (item.major < 3) throw badStream(`it speaks version ${String(item.major)}; 3 is needed`);
      if (item.mechanism !== "NULL") throw badStream(`it asks for the mechanism ${item.mechanism}; only NULL is known`);
      this.#socket.write(readyCommand(this.#kind.socketType));
      this.#state = "handshake";
    } else if (this.#state === "handshake") {
      if (item.is !== "command" || item.name !== "READY") throw badStream("its handshake is none");
      const type = propertiesOf(item.body).get("socket-type") ?? "";
      if (!this.#kind.peerTypes.includes(type))
        throw badStream(`a ${type} socket cannot connect to a ${this.#kind.socketType}`);
      this.#state = "ready";
      clearTimeout(this.#patience);
    } else if (item.is === "message") {
      this.#listener.message(this, item.frames);
    } else if (item.is === "command") {
      this.#command(item.name, item.body);
    }
  }

  #command(name: string, body: Buffer): void {
    // What 3.1 says by commands, 3.0 says by messages that begin with 1 and 0.
    if (name === "SUBSCRIBE") this.#listener.message(this, [Buffer.concat([Buffer.of(1), body])]);
    else if (name === "CANCEL") this.#listener.message(this, [Buffer.concat([Buffer.of(0), body])]);
    else if (name === "PING" && this.#socket.writableLength <= this.#kind.maxQueuedBytes) {
      this.#socket.write(pongCommand(body));
    }
  }

  #refuse(reason: BridgeError): void {
    if (this.#socket.destroyed) return;
    this.#socket.destroy();
    this.#listener.refused(reason);
  }
}
