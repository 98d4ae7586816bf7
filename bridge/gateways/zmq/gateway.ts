// SPDX-License-Identifier: MIT
// The gateway `zmq`: calls and streams by the wire of a ZeroMQ router, as its published Python client speaks it.
import { z } from "zod";
import { BridgeError } from "../../model/errors.ts";
import { compilePattern } from "../../model/names.ts";
import { Guest } from "../../session/guest.ts";
import type { Listing } from "./listing.ts";
import {
  gatewayStart,
  type GatewayOptions,
  type GatewayParts,
  type RunningGateway,
  type StartGateway,
} from "../gateway.ts";
import { CallDesk } from "./calls.ts";
import { Outgoing } from "./outgoing.ts";
import { openSockets, type TopicPublisher } from "./sockets.ts";
import { Topics, type TopicsOptions } from "./topics.ts";

/** Messages that may wait for one reader of streams, as many as its own library keeps for it. */
const DEFAULT_QUEUE = 1000;

/** How long a call may take: instruments can be slow, but nobody waits for ever. */
const DEFAULT_CALL_S = 60;

const wholeNumber = (least: number, most: number): z.ZodType<number> =>
  z
    .string()
    .regex(/^\d{1,9}$/, `a whole number from ${String(least)} to ${String(most)}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `a whole number from ${String(least)} to ${String(most)}`);

/** Its own settings. */
const SETTINGS = z.strictObject({
  "stream-port": wholeNumber(0, 65_535).optional(),
  queue: wholeNumber(1, 100_000).default(DEFAULT_QUEUE),
  timeout: wholeNumber(1, 86_400).default(DEFAULT_CALL_S),
  json: z
    .string()
    .transform((text) => text.split(" ").map(compilePattern))
    .default([]),
});

/** Opens it; calls are answered at its port, streams come from `stream-port`, by default the next one. */
export const startZmq: StartGateway = gatewayStart({ defaultPort: 5555, settings: SETTINGS, start });

async function start(
  { host, port, access, settings }: GatewayOptions<z.infer<typeof SETTINGS>>,
  parts: GatewayParts,
): Promise<RunningGateway> {
  const { bridge, version } = parts;
  const { "stream-port": streamPort = port === 0 ? 0 : port + 1, queue, json } = settings;
  const sockets = await openSockets({ host, port, streamPort, queueMessages: queue });
  const { calls, streams } = sockets;
  const guest = new Guest(bridge, { name: "zmq", client: "zmq gateway", access });
  const debug = (text: string, details: object): void => {
    parts.log("debug", text, details);
  };
  const replies = new Outgoing((message) => calls.send(message));
  const samples = new Outgoing((message) => streams.send(message));
  const listing = (): Listing => ({ streams: [], ...(JSON.parse(guest.directory) as Omit<Listing, "streams">) });
  const encoding: TopicsOptions["encoding"] = (channel, kind) =>
    kind === "bytes" ? null : json.some((matches) => matches(channel)) ? "json" : "pickle";
  const topics = new Topics({
    read: (channels, listener) => guest.read(channels, {}, listener),
    channelOf: () => undefined,
    encoding,
    send: (frame) => {
      samples.push([frame]);
    },
    log: debug,
  });
  const desk = new CallDesk({
    about: {
      version,
      listing,
      encoding,
      adjust: () => Promise.reject(new BridgeError("unsupported")),
      call: () => Promise.reject(new BridgeError("unsupported")),
    },
    now: () => Date.now(),
    reply: (identity, frame) => {
      replies.push([identity, new Uint8Array(), frame]);
    },
    log: debug,
  });
  let refusedTopics = 0;
  sockets.onNoReaders(() => {
    topics.clear();
  });
  const reading = [readCalls(calls, desk), readSubscriptions(streams, topics, () => (refusedTopics += 1))];
  const url = `${endpoint(calls.lastEndpoint)}?streams=${endpoint(streams.lastEndpoint).replace(/.*:/, "")}`;
  return {
    url,
    counts: {
      get peers() {
        return sockets.peers;
      },
      get refused() {
        return sockets.refused + desk.refused + refusedTopics;
      },
      get dropped() {
        return replies.dropped + samples.dropped;
      },
    },
    stop: async () => {
      topics.clear();
      guest.close();
      sockets.close();
      await Promise.all(reading);
    },
  };
}

/** Ends when the socket is closed. */
async function readCalls(socket: AsyncIterable<Uint8Array[]>, desk: CallDesk): Promise<void> {
  for await (const message of socket) desk.take(message);
}

/** Subscriptions are a byte, 1 to begin and 0 to end, and the topic; with or without its closing NUL. Ends when the socket is closed. */
async function readSubscriptions(socket: TopicPublisher, topics: Topics, refuse: () => void): Promise<void> {
  for await (const [message] of socket) {
    if (socket.closed) return; // with something on the way
    if (message === undefined) continue;
    const topic = message.subarray(1).toString("utf8").replace(/\0$/, "");
    // A topic is whole: that of "a" must not bring what is sent on "ab".
    const prefix = topic === "" ? "" : `${topic}\0`;
    if (message[0] === 0) {
      socket.deny(prefix);
      topics.unsubscribe(topic);
    } else if (message[0] === 1 && topics.subscribe(topic)) {
      socket.allow(prefix);
    } else {
      refuse();
    }
  }
}

function endpoint(last: string | null): string {
  return last ?? "";
}
