// SPDX-License-Identifier: MIT
// A ZeroMQ socket that others connect to: listens, counts its peers and ends them.
import { once } from "node:events";
import { createServer } from "node:net";
import { listen } from "../../listen.ts";
import { ZmtpPeer, type ZmtpKind, type ZmtpListener } from "./zmtp-peer.ts";

/** Connections to one socket at a time; more are closed at once. */
export const MAX_PEERS = 512;

/** A socket that listens. */
export interface ZmtpServer {
  /** `HOST:PORT` */
  readonly place: string;
  readonly port: number;
  /** Connections now. */
  readonly peers: number;
  /** Connections that were refused because there were too many. */
  readonly refused: number;
  /** Ends all connections; resolves when the port is free. */
  close(): Promise<void>;
}

/** Listens. Rejects with `port_in_use` or `system_error`. */
export async function openZmtp(
  { host, port, advice }: { readonly host: string; readonly port: number; readonly advice: string },
  kind: ZmtpKind,
  listener: ZmtpListener,
): Promise<ZmtpServer> {
  const peers = new Set<ZmtpPeer>();
  let refused = 0;
  const server = createServer((socket) => {
    const peer = new ZmtpPeer(socket, kind, listener);
    peers.add(peer);
    socket.once("close", () => peers.delete(peer));
  });
  server.maxConnections = MAX_PEERS;
  server.on("drop", () => (refused += 1));
  const place = await listen(server, host, port, advice);
  return {
    place,
    port: Number(place.slice(place.lastIndexOf(":") + 1)),
    get peers() {
      return peers.size;
    },
    get refused() {
      return refused;
    },
    close: async () => {
      const closed = once(server, "close");
      server.close();
      for (const peer of peers) peer.end();
      await closed;
    },
  };
}
