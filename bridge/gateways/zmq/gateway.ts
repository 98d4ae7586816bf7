// SPDX-License-Identifier: MIT
// The gateway `zmq`: calls and streams by the wire of a ZeroMQ router, as its published Python client speaks it.
import { z } from "zod";
import { compilePattern } from "../../model/names.ts";
import { Guest } from "../../session/guest.ts";
import {
  gatewayStart,
  type GatewayOptions,
  type GatewayParts,
  type RunningGateway,
  type StartGateway,
} from "../gateway.ts";
import { CallDesk } from "./calls.ts";
import type { Listing } from "./listing.ts";
import { PICKLE_LIMITS } from "./pickle/unpickle.ts";
import { StreamWatch } from "./stream-watch.ts";
import { Topics, type TopicsOptions } from "./topics.ts";
import type { ZmtpKind, ZmtpListener } from "./zmtp/zmtp-peer.ts";
import { openZmtp } from "./zmtp/zmtp-server.ts";

/** What may wait for one reader of streams. */
const DEFAULT_QUEUE_BYTES = 4 << 20;

/** What may wait for one caller: a few answers of the largest kind. */
const ANSWER_QUEUE_BYTES = 8 << 20;

/** How long a call may take: instruments can be slow, but nobody waits for ever. */
const DEFAULT_CALL_S = 60;

/** A larger request costs its sender the connection; one that is only too large for a pickle is answered. */
const MAX_REQUEST_BYTES = 4 * PICKLE_LIMITS.maxBytes;

/** A subscription is a topic with a byte before it. */
const MAX_SUBSCRIPTION_BYTES = 512;

const wholeNumber = (least: number, most: number): z.ZodType<number, string> =>
  z
    .string()
    .regex(/^\d{1,9}$/, `it must be a whole number from ${String(least)} to ${String(most)}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `it must be from ${String(least)} to ${String(most)}`);

/** Its own settings. */
const SETTINGS = z.strictObject({
  "stream-port": wholeNumber(0, 65_535).optional(),
  "queue-bytes": wholeNumber(65_536, 268_435_456).default(DEFAULT_QUEUE_BYTES),
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
  const { "stream-port": streamPort = port === 0 ? 0 : port + 1, "queue-bytes": queueBytes, json } = settings;
  const timeoutMs = settings.timeout * 1000;
  const debug = (text: string, details: object): void => {
    parts.log("debug", text, details);
  };
  const guest = new Guest(bridge, { name: "zmq", client: "zmq gateway", access });
  const encoding: TopicsOptions["encoding"] = (channel, kind) =>
    kind === "bytes" ? null : json.some((matches) => matches(channel)) ? "json" : "pickle";
  const watch = new StreamWatch(bridge.hub, access, {
    changed: () => {
      topics.follow();
    },
    failed: (failure) => {
      topics.failed({ ...failure, encoding: encoding(failure.channel, failure.kind) });
    },
  });
  const topics: Topics = new Topics({
    read: (channels, listener) => guest.read(channels, {}, listener),
    channelOf: (stream) => watch.channelOf(stream),
    encoding,
    log: debug,
  });
  const desk = new CallDesk({
    about: {
      version,
      listing: () => JSON.parse(guest.directory) as Listing,
      encoding,
      adjust: (stream, change) => guest.adjust(stream, change, { timeoutMs }),
      call: (service, args, named, signal) => guest.call(service, { args, named, timeoutMs, signal }),
    },
    now: () => Date.now(),
    log: debug,
  });
  let refused = 0;
  const refuse: ZmtpListener["refused"] = ({ code, message }) => {
    refused += 1;
    debug("a connection was refused", { code, reason: message });
  };
  const advice = "choose others with --gateway zmq:PORT,stream-port=PORT, or any free ones with port 0";
  const leave = (): void => {
    watch.stop();
    guest.close();
  };
  const opening = await Promise.allSettled([
    openZmtp({ host, port, advice }, CALLS, {
      message: (peer, frames) => {
        desk.take(peer, frames);
      },
      left: (peer) => {
        desk.left(peer);
      },
      refused: refuse,
    }),
    openZmtp(
      { host, port: streamPort, advice },
      { ...STREAMS, maxQueuedBytes: queueBytes },
      {
        message: (peer, [subscription]) => {
          if (subscription === undefined || !subscribe(topics, peer, subscription)) refused += 1;
        },
        left: (peer) => {
          topics.left(peer);
        },
        refused: refuse,
      },
    ),
  ]);
  const [calls, streams] = opening;
  if (calls.status === "rejected" || streams.status === "rejected") {
    leave();
    for (const server of opening) if (server.status === "fulfilled") await server.value.close();
    throw calls.status === "rejected" ? calls.reason : (streams as PromiseRejectedResult).reason;
  }
  const servers = [calls.value, streams.value];
  return {
    url: `tcp://${calls.value.place}?streams=${String(streams.value.port)}`,
    counts: {
      get peers() {
        return servers.reduce((sum, { peers }) => sum + peers, 0);
      },
      get refused() {
        return servers.reduce((sum, server) => sum + server.refused, refused + desk.refused);
      },
      get dropped() {
        return topics.dropped;
      },
    },
    stop: async () => {
      await Promise.all(servers.map((server) => server.close()));
      leave();
    },
  };
}

/** Clients call with REQ, one call at a time; DEALER may have several under way. */
const CALLS: ZmtpKind = {
  socketType: "ROUTER",
  peerTypes: ["REQ", "DEALER"],
  maxMessageBytes: MAX_REQUEST_BYTES,
  maxQueuedBytes: ANSWER_QUEUE_BYTES,
};

const STREAMS: Omit<ZmtpKind, "maxQueuedBytes"> = {
  socketType: "XPUB",
  peerTypes: ["SUB", "XSUB"],
  maxMessageBytes: MAX_SUBSCRIPTION_BYTES,
};

/** A byte, 1 to begin and 0 to end, and the topic, with or without its closing NUL: a topic is whole, that of "a" brings nothing of "ab". */
function subscribe(topics: Topics, reader: Parameters<Topics["subscribe"]>[0], message: Buffer): boolean {
  const topic = message.toString("utf8", 1).replace(/\0$/, "");
  if (message[0] === 1) return topics.subscribe(reader, topic);
  if (message[0] !== 0) return false;
  topics.unsubscribe(reader, topic);
  return true;
}
