// SPDX-License-Identifier: MIT
// A Unix socket to a driver, read into memory that its user gives: Node then allocates nothing for a read.
import { connect } from "node:net";
import { BridgeError } from "../model/errors.ts";
import { SocketWriter } from "../sockets/socket-writer.ts";
import type { Turns } from "../sockets/turns.ts";

/** A side that was told to end is given so long to close. */
export const END_MS = 200;

/** What happens on a wire; `closed` once and last. */
export interface WireEvents {
  connected(): void;
  /** Where the next bytes are to be written: asked for before each read. Must not throw. */
  room(): Uint8Array;
  /** So many bytes were written there. */
  bytes(count: number): void;
  /** The system has taken something that it did not take at once. */
  drained(): void;
  /** Without an error when it ended without one. */
  closed(error: BridgeError | undefined): void;
}

/** The sending side of a duplex byte stream. */
export interface Wire {
  /** At once; what the system does not take yet is not copied. */
  write(bytes: Uint8Array): void;
  /** Bytes that were written and not yet taken by the system. */
  readonly unreadBytes: number;
  /** Sends what was written and closes, in any case within {@link END_MS}. */
  end(): void;
}

/** Dials a socket. Never throws: what fails is told to `closed`. */
export function dialUnix(path: string, turns: Turns, events: WireEvents): Wire {
  let failure: BridgeError | undefined;
  const socket = connect({
    path,
    onread: {
      buffer: () => events.room(),
      callback: (count) => {
        events.bytes(count);
        return true;
      },
    },
  });
  socket.on("connect", () => {
    events.connected();
  });
  const writer = new SocketWriter(socket, turns, () => {
    events.drained();
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    failure = errorOf(path, error);
  });
  socket.on("close", () => {
    events.closed(failure);
  });
  return {
    write: (bytes) => {
      writer.addNow(bytes);
    },
    get unreadBytes() {
      return writer.waitingBytes;
    },
    end: () => {
      if (socket.destroyed) return;
      socket.end();
      const timer = setTimeout(() => {
        socket.destroy();
      }, END_MS);
      socket.once("close", () => {
        clearTimeout(timer);
      });
    },
  };
}

function errorOf(path: string, error: NodeJS.ErrnoException): BridgeError {
  const cause = { cause: error };
  switch (error.code) {
    case "ENOENT":
      return new BridgeError("driver_unreachable", `there is no socket ${path}; start the driver`, cause);
    case "ECONNREFUSED":
      return new BridgeError("driver_unreachable", `nobody listens at ${path}; start the driver again`, cause);
    case "EACCES":
    case "EPERM":
      return new BridgeError("driver_unreachable", `${path} belongs to another user; run both as the same one`, cause);
    case "ECONNRESET":
    case "EPIPE":
      return new BridgeError("disconnected", `the driver closed the connection`, cause);
    default:
      return new BridgeError("system_error", `${path}: ${error.message}`, cause);
  }
}
