// SPDX-License-Identifier: MIT
// What belongs to one connection and ends with it: its streams, the bridge's clock seen from here, its handles.
import type { RequestBody } from "../../session/messages.ts";
import { FastPath } from "../fast/fast-path.ts";
import { Streams } from "../flow/streams.ts";
import { BridgeClock, programClock } from "./bridge-clock.ts";
import type { Link } from "./link.ts";
import type { Arrival, Asked, Requests } from "./requests.ts";
import type { Platform } from "./transport.ts";

/** The driver has this long after the bridge's own timeout to have its answer here. */
export const GRACE_MS = 2_000;

/** What a connection's parts need of their client. */
export interface LifeWire {
  readonly platform: Platform;
  readonly requests: Requests;
  readonly timeoutMs: number;
  /** The session's name; empty before there is one. */
  readonly session: string;
  readonly link: () => Link;
  readonly ask: (body: RequestBody, arrival?: Arrival) => Asked;
}

/** One connection's own parts. */
export interface Life {
  readonly streams: Streams;
  readonly clock: BridgeClock;
  readonly fast: FastPath;
}

/** Makes the parts of a connection that opens now. */
export function newLife({ platform, requests, timeoutMs, session, link, ask }: LifeWire): Life {
  const codec = (): ReturnType<Platform["codec"]> => platform.codec();
  const clock = new BridgeClock({ ping: () => ask({ op: "ping" }).answer, now: programClock });
  const stamped = (): void => {
    clock.refresh();
  };
  const streams = new Streams({ codec, now: programClock, stamped, session });
  const fast = new FastPath({
    timeoutMs,
    codec,
    layout: (schema) => streams.layout(schema),
    ask: (body, arrived) => ask(body, { arrived }).answer,
    askRecord: (op, write) => requests.askRecord(op, write, timeoutMs + GRACE_MS),
    sendRecord: (record) => {
      link().sendRecord(record);
    },
    fail: (id, error) => {
      requests.fail(id, error);
    },
  });
  return { streams, clock, fast };
}
