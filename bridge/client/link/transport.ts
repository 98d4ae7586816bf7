// SPDX-License-Identifier: MIT
// What the client needs of a WebSocket, and of the place it runs in.
import type { Codec } from "../../layout/codec.ts";
import type { MakeStill } from "../notebook/still/still-port.ts";
import type { RelayListen } from "../streams/relay-listen.ts";

/** An open or opening WebSocket. Nothing here blocks. */
export interface Socket {
  /** Sends one message: a text, or bytes, which must not be changed afterwards. Does nothing once the socket is closed. */
  send(message: string | Uint8Array): void;
  /** Bytes of messages that the system has not taken yet. */
  unsentBytes(): number;
  /** Starts the closing handshake; `closed` is still called. */
  close(code: number, reason: string): void;
  /** Ends the connection at once, without a handshake; `closed` is still called. */
  abort(): void;
}

/** What a socket tells; every function is called from the event loop, never before {@link Dial} has returned. */
export interface SocketEvents {
  opened(): void;
  /** One text message, of so many bytes of UTF-8. */
  text(text: string, bytes: number): void;
  /** One binary message. The bytes belong to the receiver. */
  binary(bytes: Uint8Array): void;
  /** Exactly once, also when the socket never opened; `cause` says why when the system did. */
  closed(code: number, reason: string, cause?: Error): void;
}

/** Starts to connect to a `ws:` or `wss:` URL; with `certificate` (PEM text) the other end must have exactly that one, where the place can see it. */
export type Dial = (url: string, events: SocketEvents, certificate?: string) => Socket;

/** Where a bridge listens, and the token or ticket that opens it. */
export interface Endpoint {
  /** The URL of the WebSocket. */
  readonly url: string;
  readonly token: string;
  /** Of a bridge of this machine that serves https: the certificate that it wrote into its runtime file. */
  readonly certificate?: string;
}

/** What differs between Node and a browser; injected by `index.ts` and `browser.ts`. */
export interface Platform {
  readonly dial: Dial;
  /** The decoder; asked for at the first decode, so that nothing native is loaded before. */
  codec(): Codec;
  /** Where the bridge is now; asked before each dial, because a bridge that restarts may have another port and token. */
  endpoint(): Promise<Endpoint>;
  /** Whether `endpoint()` always gives the same, so that a refused token stays refused. */
  readonly fixed: boolean;
  /** Lets the process end although this timer runs; does nothing where timers do not keep a process alive. */
  release(timer: unknown): void;
  /** Calls once what the program does now is done, in the next turn of the event loop: sooner than any timer. */
  soon(action: () => void): void;
  /** Draws still pictures of plots; missing where that cannot be. */
  readonly makeStill?: MakeStill;
  /** Listens to publishers of ZeroMQ; missing where that cannot be. */
  readonly relay?: RelayListen;
}
