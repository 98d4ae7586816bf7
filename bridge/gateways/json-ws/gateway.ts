// SPDX-License-Identifier: MIT
// The gateway `json-ws`: JSON objects over a plain WebSocket go to one service, and its replies come back as text.
import type { IncomingMessage, ServerResponse } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import { NO_ARGUMENTS } from "../../hub/arguments.ts";
import type { Hub } from "../../hub/hub.ts";
import { resolveCall } from "../../hub/resolve.ts";
import type { CallArguments } from "../../hub/service.ts";
import { MAX_SAMPLE_BYTES } from "../../model/batch.ts";
import { BridgeError } from "../../model/errors.ts";
import { isName } from "../../model/names.ts";
import { Guest } from "../../session/guest.ts";
import { gatewayStart, type StartGateway } from "../gateway.ts";
import { isAllowedOrigin } from "../origin.ts";
import { OwnServer } from "../own-server.ts";
import { Peer, type JsonObject } from "./peer.ts";

/** Clients at a time. */
export const MAX_PEERS = 1024;

/** Clients are asked so often whether they live; who does not answer until the next time is broken off. */
const PING_MS = 20_000;

/** A connection of plain HTTP on which nothing moves is broken off. */
const QUIET_MS = 30_000;

const SETTINGS = z.strictObject({
  service: z.string("name the service that takes the objects: service=NAME").refine(isName, "it is no name"),
  greeting: z.string().max(4096).default("Hello World"),
  replies: z.enum(["asker", "all"]).default("asker"),
  timeout: z.coerce.number().positive().max(600).default(10),
});

/** Its start. */
export const startJsonWs: StartGateway = gatewayStart({
  defaultPort: 8675,
  settings: SETTINGS,
  start: async ({ host, port, access, settings }, parts) => {
    const { bridge, origins } = parts;
    const { service, greeting, replies, timeout } = settings;
    if (!access.service(service)) {
      throw new BridgeError("config_invalid", `the gateway json-ws may not call "${service}"; add open=${service}`);
    }
    const server = new OwnServer({ gateway: "json-ws", maxConnections: MAX_PEERS, quietMs: QUIET_MS, answer });
    const peers = new Map<WebSocket, Peer>();
    const counts = { refused: 0, dropped: 0 };
    const webSockets = new WebSocketServer({
      server: server.http,
      path: "/ws",
      perMessageDeflate: false,
      maxPayload: MAX_SAMPLE_BYTES,
      verifyClient: ({ origin }: { origin?: string }) => {
        const isAllowed = isAllowedOrigin(origin, origins);
        if (!isAllowed) counts.refused += 1;
        return isAllowed;
      },
    });
    // It tells of the server's failure to listen, too, which listen() itself rejects with.
    webSockets.on("error", () => undefined);
    const toAll = (text: string): void => {
      for (const [ws, peer] of peers) {
        if (peer.keepsUp) {
          peer.send(text);
        } else {
          counts.dropped += 1;
          ws.terminate();
        }
      }
    };
    let last = 0;
    webSockets.on("connection", (ws) => {
      last += 1;
      const guest = new Guest(bridge, { name: `json-ws-${String(last)}`, client: "json-ws", access });
      const peer: Peer = new Peer({
        ws,
        call: (value) => guest.call(service, { ...argumentsOf(bridge.hub, service, value), timeoutMs: 1000 * timeout }),
        reply: (text) => {
          if (replies === "all") toAll(text);
          else peer.send(text);
        },
        refused: () => (counts.refused += 1),
      });
      peers.set(ws, peer);
      ws.on("error", (error) => {
        counts.refused += 1;
        parts.log("debug", "json-ws: a client broke the protocol", { error });
      });
      ws.on("close", () => {
        peers.delete(ws);
        guest.close();
      });
      if (greeting !== "") peer.send(greeting);
    });
    const alive = aliveness(peers);

    const place = await server.listen(host, port).catch((error: unknown) => {
      alive.stop();
      throw error;
    });
    return {
      url: `ws://${place}/ws`,
      counts: {
        get peers() {
          return peers.size;
        },
        get refused() {
          return counts.refused;
        },
        get dropped() {
          return counts.dropped;
        },
      },
      stop: async () => {
        alive.stop();
        for (const ws of peers.keys()) ws.close(1001, "the bridge stops");
        await server.stop();
      },
    };
  },
});

/** A driver's service takes the object's fields by name, a program's the object itself. Throws `unknown_service`, or `disconnected`. */
function argumentsOf(hub: Hub, service: string, value: JsonObject): CallArguments {
  const { target } = resolveCall(hub, hub.service(service), NO_ARGUMENTS);
  return target.by === "driver" ? { args: [], named: value } : { args: [value], named: {} };
}

/** Breaks off clients that answer no ping. */
function aliveness(peers: ReadonlyMap<WebSocket, Peer>): { stop(): void } {
  const asked = new WeakSet<WebSocket>();
  const timer = setInterval(() => {
    for (const [ws, { keepsUp }] of peers) {
      // Whom the gateway itself does not read, because its calls take long, cannot answer.
      if (ws.isPaused && keepsUp) continue;
      if (asked.has(ws)) {
        ws.terminate();
        continue;
      }
      asked.add(ws);
      ws.once("pong", () => asked.delete(ws));
      ws.ping();
    }
  }, PING_MS);
  return {
    stop: () => {
      clearInterval(timer);
    },
  };
}

function answer({ url = "/" }: IncomingMessage, response: ServerResponse): void {
  const isThere = url.split("?", 1)[0] === "/ws";
  response.writeHead(isThere ? 426 : 404, { "Content-Type": "text/plain", Upgrade: "websocket" });
  response.end("the WebSocket is at /ws\n");
}
