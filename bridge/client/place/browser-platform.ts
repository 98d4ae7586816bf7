// SPDX-License-Identifier: MIT
// The client's place in a browser: its own WebSocket and the JavaScript decoder.
import type { Codec } from "../../layout/codec.ts";
import { BridgeError } from "../../model/errors.ts";
import { SUBPROTOCOL } from "../../session/messages.ts";
import { compressed, parseEndpoint } from "../link/endpoint.ts";
import type { ConnectOptions } from "../options.ts";
import type { Platform, SocketEvents, Socket } from "../link/transport.ts";

/** What is used of the browser's WebSocket; written out because this file is also compiled without the DOM's types. */
interface BrowserSocket {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onerror: (() => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  send(message: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
}

/** What is used of a browser's message port, likewise. */
interface BrowserPort {
  addEventListener(type: "message", listener: () => void): void;
  start(): void;
  postMessage(message: null): void;
  close(): void;
}

type BrowserSocketConstructor = new (url: string, protocol: string) => BrowserSocket;

const OPEN = 1;

/** Makes the platform; `codec` is called at the first decode. Throws `invalid_argument` without a URL. */
export function browserPlatform(options: ConnectOptions, codec: () => Codec): Platform {
  if (options.url === undefined) throw new BridgeError("invalid_argument", "a browser needs the url of the bridge");
  const given = parseEndpoint(options.url, options.token);
  const endpoint = options.compress === true ? compressed(given) : given;
  let decoder: Codec | undefined;
  return {
    dial,
    codec: () => (decoder ??= codec()),
    endpoint: () => Promise.resolve(endpoint),
    fixed: true,
    release: () => undefined,
    soon: nextTurn,
  };
}

/** A timer of a browser takes 4 ms and, in a page that nobody sees, a second: a message to oneself takes neither. */
function nextTurn(action: () => void): void {
  const { port1, port2 }: { port1: BrowserPort; port2: BrowserPort } = new MessageChannel();
  port2.addEventListener("message", () => {
    port2.close();
    action();
  });
  port2.start();
  port1.postMessage(null);
}

function dial(url: string, events: SocketEvents): Socket {
  const WebSocketClass: unknown = Reflect.get(globalThis, "WebSocket");
  if (!isSocketConstructor(WebSocketClass)) throw new BridgeError("unsupported", "this browser has no WebSocket");
  const socket = new WebSocketClass(url, SUBPROTOCOL);
  const utf8 = new TextEncoder();
  socket.binaryType = "arraybuffer";
  let closed = false;
  const close = (code: number, reason: string): void => {
    if (closed) return;
    closed = true;
    events.closed(code, reason);
  };
  socket.onopen = () => {
    if (!closed) events.opened();
  };
  socket.onmessage = ({ data }) => {
    if (closed) return;
    if (typeof data === "string") events.text(data, utf8.encode(data).byteLength);
    else if (data instanceof ArrayBuffer) events.binary(new Uint8Array(data));
  };
  // An error says nothing by itself, and the close that follows tells the end.
  socket.onerror = () => undefined;
  socket.onclose = ({ code, reason }) => {
    close(code, reason);
  };
  return {
    send: (message) => {
      if (socket.readyState === OPEN) socket.send(message);
    },
    unsentBytes: () => socket.bufferedAmount,
    close: (code, reason) => {
      socket.close(code, reason);
    },
    abort: () => {
      // A browser has no abort, and its close waits for the peer: what comes until then is not heard.
      socket.close();
      queueMicrotask(() => {
        close(1006, "");
      });
    },
  };
}

function isSocketConstructor(value: unknown): value is BrowserSocketConstructor {
  return typeof value === "function";
}
