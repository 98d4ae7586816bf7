// SPDX-License-Identifier: MIT
// The WebSocket of Node: the `ws` package, because Node 20 has none of its own.
import { Agent } from "node:https";
import { WebSocket } from "ws";
import { MAX_RECORD_BYTES } from "../../model/batch.ts";
import { pinOf } from "../../model/pin.ts";
import { SUBPROTOCOL } from "../../session/messages.ts";
import type { Dial, SocketEvents } from "../link/transport.ts";

/** A message holds one or more records; the bridge does not put more than a few of the largest into one. */
const MAX_MESSAGE_BYTES = 4 * MAX_RECORD_BYTES;

export interface NodeDialOptions {
  /** The open connection does not keep the process alive. */
  readonly unref: boolean;
  /** Compression is offered; the bridge takes it where the URL asks for it. What this side sends stays as it is: it is little. */
  readonly compress: boolean;
}

/** A way to dial in Node. */
export function nodeDial({ unref, compress }: NodeDialOptions): Dial {
  const perMessageDeflate = compress && { threshold: Infinity };
  return (url: string, events: SocketEvents, certificate?: string) => {
    const pin = pinOf(certificate);
    const agent = pin === undefined ? {} : { agent: new Agent(pin) };
    const socket = new WebSocket(url, SUBPROTOCOL, { perMessageDeflate, maxPayload: MAX_MESSAGE_BYTES, ...agent });
    let cause: Error | undefined;
    socket.on("upgrade", (response) => {
      if (unref) response.socket.unref();
    });
    socket.on("open", () => {
      events.opened();
    });
    socket.on("message", (message, isBinary) => {
      const bytes = toBytes(message);
      if (isBinary) events.binary(bytes);
      else events.text(bytes.toString("utf8"), bytes.length);
    });
    socket.on("error", (error) => {
      cause = reasonOf(error);
    });
    socket.on("close", (code, reason) => {
      events.closed(code, reason.toString("utf8"), cause);
    });
    return {
      send: (message) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(message);
      },
      unsentBytes: () => socket.bufferedAmount,
      close: (code, reason) => {
        socket.close(code, reason);
      },
      abort: () => {
        socket.terminate();
      },
    };
  };
}

function toBytes(message: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Array.isArray(message)) return Buffer.concat(message);
  return Buffer.isBuffer(message) ? message : Buffer.from(message);
}

/** A refused connection to a name with several addresses comes as one error of several, with an empty message. */
function reasonOf(error: Error): Error {
  if (error instanceof AggregateError) {
    const first: unknown = error.errors[0];
    if (first instanceof Error) return first;
  }
  return error;
}
