// SPDX-License-Identifier: MIT
// The gateway `socket-io`: channels by the events `init` and `data`, for clients of protocol 4 and of the old version 2 at once.
import type { IncomingMessage } from "node:http";
import type { Socket } from "socket.io";
import { Encoder } from "socket.io-parser";
import { z } from "zod";
import { MAX_SAMPLE_BYTES } from "../../model/batch.ts";
import { Guest } from "../../session/guest.ts";
import { OwnSenders } from "../../session/own-senders.ts";
import { gatewayStart, type GatewayCounts, type StartGateway } from "../gateway.ts";
import { OwnServer } from "../own-server.ts";
import { PacketDecoder } from "./packets.ts";
import { pageAnswer } from "./pages.ts";
import { Peer } from "./peer.ts";
import { Rooms } from "./rooms.ts";

/** Clients at a time, and connections: one that polls has two. */
export const MAX_PEERS = 1024;
const MAX_CONNECTIONS = 4 * MAX_PEERS;

/** A client that connected must have entered the namespace within this. */
const ENTER_MS = 5000;

/** A connection on which nothing moves; longer than the pings are apart. */
const QUIET_MS = 60_000;

/** A larger message ends its connection; one above the limit of a sample, but not of this, is refused with a word. */
const MAX_MESSAGE_BYTES = 2 * MAX_SAMPLE_BYTES;

/** Packets that may wait for a client, answers to its own included: more than its queue of samples holds. A few bytes ask for each of them. */
export const MAX_WAITING_PACKETS = 65_536;

/** Its start. */
export const startSocketIo: StartGateway = gatewayStart({
  defaultPort: 5000,
  settings: z.strictObject({}),
  start: async ({ host, port, access, open }, parts) => {
    const { Server } = await import("socket.io");
    const { bridge } = parts;
    const server = new OwnServer({
      gateway: "socket-io",
      maxConnections: MAX_CONNECTIONS,
      quietMs: QUIET_MS,
      answer: pageAnswer({ gate: bridge.gate, clock: bridge.hub.clock, url: parts.url, open }),
    });
    const counts = { refused: 0, dropped: 0 };
    const io = new Server(server.http, {
      allowEIO3: true,
      // Any page may: what it reaches was opened to everybody.
      cors: { origin: true, credentials: true },
      connectTimeout: ENTER_MS,
      maxHttpBufferSize: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      serveClient: false,
      parser: { Encoder, Decoder: PacketDecoder },
      allowRequest: (_, decide) => {
        const isFull = io.engine.clientsCount >= MAX_PEERS;
        decide(isFull ? `at most ${String(MAX_PEERS)} clients` : null, !isFull);
      },
    });
    io.engine.on("connection_error", ({ message }: { message: string }) => {
      counts.refused += 1;
      parts.log("debug", "socket-io: a request was refused", { message });
    });

    io.engine.on("connection", (connection: Socket["conn"]) => {
      endWhenDeaf(connection, () => {
        counts.refused += 1;
        parts.log("debug", "socket-io: a client does not read what it is answered", {});
      });
    });

    const own = new OwnSenders();
    const reader = new Guest(bridge, { name: "socket-io", client: "socket-io", access, own });
    const rooms = new Rooms(reader);
    let peers = 0;
    let last = 0;
    io.on("connection", (socket) => {
      peers += 1;
      last += 1;
      const name = `socket-io-${String(last)}`;
      const guest = new Guest(bridge, { name, client: clientOf(socket.request), access, own });
      const peer = new Peer({ socket, guest, access, rooms, clock: bridge.hub.clock, counts });
      parts.log("debug", "socket-io: connect", { name, protocol: socket.conn.protocol });
      socket.on("error", (error) => {
        parts.log("debug", "socket-io: a client broke the protocol", { name, error });
      });
      socket.on("disconnect", (reason) => {
        peers -= 1;
        peer.left();
        parts.log("debug", "socket-io: disconnect", { name, reason });
      });
    });

    let place: string;
    try {
      place = await server.listen(host, port);
    } catch (error) {
      await io.close();
      throw error;
    }
    const state: GatewayCounts = {
      get peers() {
        return peers;
      },
      get refused() {
        return counts.refused;
      },
      get dropped() {
        return counts.dropped;
      },
    };
    const stop = async (): Promise<void> => {
      void io.close();
      await server.stop();
      reader.close();
    };
    return { url: `http://${place}`, counts: state, stop };
  },
});

/** Ends a connection that asks on and on, by pings or for acknowledgements, and takes no answer: the library itself keeps all of them. */
function endWhenDeaf(connection: Socket["conn"], ended: () => void): void {
  let waiting = 0;
  connection.on("flush", () => {
    waiting = 0;
  });
  connection.on("packetCreate", () => {
    waiting += 1;
    if (waiting !== MAX_WAITING_PACKETS) return;
    ended();
    connection.close(true);
  });
}

/** What the program says of itself. */
function clientOf({ headers }: IncomingMessage): string {
  return (headers["user-agent"] ?? "socket.io").slice(0, 80);
}
