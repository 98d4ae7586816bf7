// SPDX-License-Identifier: MIT
// The two ZeroMQ sockets of the gateway, bound and bounded, and who is connected to them.
import { lookup } from "node:dns/promises";
import { Context, Router, XPublisher, type Socket } from "zeromq";
import { listenError } from "../listen.ts";

/** Connections to both sockets at a time; more are refused at their handshake. */
export const MAX_PEERS = 1024;

/** A handshake must be over within this. */
export const HANDSHAKE_MS = 3000;

/** A peer is asked so often whether it is there, and let go of when it has not answered for so long. */
export const HEARTBEAT_MS = 10_000;
export const HEARTBEAT_TIMEOUT_MS = 30_000;

/** A larger request costs its sender the connection; one that is only too large for a pickle is answered. */
export const MAX_REQUEST_BYTES: number = 8 << 20;

/** A subscription is a topic with a byte before it. */
export const MAX_SUBSCRIPTION_BYTES = 1024;

/** Requests and replies that may wait for one peer. */
export const CALL_HIGH_WATER = 64;

/** Options of XPUB that set what a single peer gets; the library has no names for them on this socket (`ZMQ_SUBSCRIBE`, `ZMQ_UNSUBSCRIBE` of zmq.h). */
const SUBSCRIBE = 6;
const UNSUBSCRIBE = 7;

/** A publisher that decides for each subscription what its peer gets. */
export class TopicPublisher extends XPublisher {
  /** Gives the peer whose subscription was received last every message that begins with `prefix`. */
  allow(prefix: string): void {
    this.setStringOption(SUBSCRIBE, prefix);
  }

  /** Takes that back from the peer whose unsubscription was received last; nothing where it is gone. */
  deny(prefix: string): void {
    this.setStringOption(UNSUBSCRIBE, prefix);
  }
}

/** Where to listen, and what may wait there. */
export interface SocketOptions {
  readonly host: string;
  readonly port: number;
  readonly streamPort: number;
  /** Messages that may wait for one reader of streams; newer ones are dropped for it. */
  readonly queueMessages: number;
}

/** The bound sockets. */
export interface Sockets {
  readonly calls: Router;
  readonly streams: TopicPublisher;
  /** Connections to both. */
  readonly peers: number;
  /** Connections that were refused because there were too many. */
  readonly refused: number;
  /** Calls back whenever the last reader of streams has gone. */
  onNoReaders(then: () => void): void;
  close(): void;
}

/** Binds both. Rejects with `port_in_use` or `system_error`, and then leaves nothing behind. */
export async function openSockets(options: SocketOptions): Promise<Sockets> {
  const { address, family } = await resolve(options.host);
  const context = new Context({ blocky: false });
  const bounds = {
    context,
    linger: 0,
    ipv6: family === 6,
    handshakeInterval: HANDSHAKE_MS,
    heartbeatInterval: HEARTBEAT_MS,
    heartbeatTimeout: HEARTBEAT_TIMEOUT_MS,
    // Any name makes the library ask for each connection whether it may be.
    zapDomain: "structwire",
    zapEnforceDomain: true,
  };
  const admission = new Router({ context, linger: 0 });
  const calls = new Router({
    ...bounds,
    maxMessageSize: MAX_REQUEST_BYTES,
    sendHighWaterMark: CALL_HIGH_WATER,
    receiveHighWaterMark: CALL_HIGH_WATER,
  });
  const streams = new TopicPublisher({
    ...bounds,
    manual: true,
    maxMessageSize: MAX_SUBSCRIPTION_BYTES,
    sendHighWaterMark: options.queueMessages,
  });
  const connected = { calls: 0, streams: 0 };
  let refused = 0;
  let noReaders: () => void = () => undefined;
  const peers = (): number => connected.calls + connected.streams;
  const close = (): void => {
    for (const socket of [calls, streams, admission]) socket.close();
  };
  const admit = (): boolean => {
    // The one that asks is already counted.
    if (peers() <= MAX_PEERS) return true;
    refused += 1;
    return false;
  };
  try {
    await admission.bind("inproc://zeromq.zap.01");
    void answerAdmissions(admission, admit);
    count(calls, (change) => {
      connected.calls += change;
    });
    count(streams, (change) => {
      connected.streams += change;
      if (connected.streams === 0) noReaders();
    });
    await bind(calls, address, options.port);
    await bind(streams, address, options.streamPort);
  } catch (error) {
    close();
    throw error;
  }
  return {
    calls,
    streams,
    get peers() {
      return peers();
    },
    get refused() {
      return refused;
    },
    onNoReaders: (then) => {
      noReaders = then;
    },
    close,
  };
}

/** ZeroMQ binds to addresses, not to names. */
async function resolve(host: string): Promise<{ readonly address: string; readonly family: number }> {
  try {
    const { address, family } = await lookup(host);
    return { address: family === 6 ? `[${address}]` : address, family };
  } catch (error) {
    throw listenError(error, host, "");
  }
}

async function bind(socket: Socket, address: string, port: number): Promise<void> {
  try {
    await socket.bind(`tcp://${address}:${port === 0 ? "*" : String(port)}`);
  } catch (error) {
    const advice = "choose others with --gateway zmq:PORT,stream-port=PORT, or any free ones with 0";
    throw listenError(error, `${address}:${String(port)}`, advice);
  }
}

/** Answers each connection's question whether it may be, as RFC 27 (ZAP) says. */
async function answerAdmissions(admission: Router, admit: () => boolean): Promise<void> {
  for await (const [identity, , version, request] of admission) {
    const [status, text] = admit() ? ["200", "OK"] : ["300", "too many connections"];
    await admission.send([identity ?? "", "", version ?? "", request ?? "", status, text, "", ""]).catch(ignore);
  }
}

/** Tells of each connection that comes (+1) and goes (−1). */
function count(socket: Socket, tell: (change: number) => void): void {
  socket.events.on("accept", () => {
    tell(1);
  });
  socket.events.on("disconnect", () => {
    tell(-1);
  });
}

function ignore(): void {
  // The peer has gone.
}
