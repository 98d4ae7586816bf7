// SPDX-License-Identifier: MIT
// The bridge's own state, for `status`, for Prometheus and for whoever watches its health.
import type { Upstreams } from "../backplane/upstream/upstreams.ts";
import type { UpstreamState } from "../backplane/upstream/upstream.ts";
import type { Fleet } from "../drivers/fleet.ts";
import type { DialerState } from "../drivers/dialer.ts";
import type { Channel } from "../hub/channel.ts";
import type { Hub } from "../hub/hub.ts";
import type { LossReason } from "../model/values.ts";
import type { Welcome } from "../session/messages.ts";
import type { SessionState } from "../session/session.ts";
import type { Gateways, GatewayState } from "./gateways.ts";
import type { LoopDelay, LoopState } from "./loop-delay.ts";
import type { Sessions } from "./sessions.ts";

/** What the state is read from. */
export interface StatusParts {
  readonly identity: Welcome["bridge"];
  readonly hub: Hub;
  readonly fleet: Fleet;
  readonly sessions: Sessions;
  readonly upstreams: Upstreams;
  readonly gateways: Gateways;
  readonly codec: string;
  readonly loop: LoopDelay;
}

/** One channel's counts. */
export interface ChannelState {
  readonly channel: string;
  /** Null: an open channel. */
  readonly driver: string | null;
  /** Of an open channel. */
  readonly publishers: number;
  readonly rate: number;
  /** In this epoch, and what of it the driver itself dropped. */
  readonly published: number;
  readonly ringDropped: number;
  readonly linkDropped: number;
  /** Since the bridge started. */
  readonly received: number;
  readonly lost: { readonly [Reason in LossReason]?: number };
}

/** A driver, and what became of the samples of the channels that it has now. */
export interface DriverState extends DialerState {
  readonly received: number;
  readonly lost: { readonly [Reason in LossReason]?: number };
}

/** Everything that the bridge knows of itself. */
export interface BridgeState extends Readonly<Welcome["bridge"]> {
  readonly uptimeMs: number;
  readonly codec: string;
  readonly memory: { readonly rssBytes: number; readonly heapBytes: number; readonly externalBytes: number };
  /** Since the start. */
  readonly cpu: { readonly userMs: number; readonly systemMs: number };
  readonly loop: LoopState;
  readonly counts: Readonly<Record<string, number>>;
  /** Of all sessions since the start. */
  readonly samples: { readonly delivered: number; readonly lost: { readonly [Reason in LossReason]?: number } };
  readonly drivers: readonly DriverState[];
  readonly channels: readonly ChannelState[];
  readonly sessions: readonly SessionState[];
  readonly upstreams: readonly UpstreamState[];
  readonly gateways: readonly GatewayState[];
}

/** The state now. Costs time in the number of channels and sessions. */
export function bridgeState({
  identity,
  hub,
  fleet,
  upstreams,
  sessions,
  gateways,
  codec,
  loop,
}: StatusParts): BridgeState {
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const { drivers, channels, parameters, services } = hub.directory;
  const states = sessions.states;
  return {
    ...identity,
    uptimeMs: Date.now() - identity.started,
    codec,
    memory: { rssBytes: rss, heapBytes: heapUsed, externalBytes: external },
    cpu: { userMs: user / 1000, systemMs: system / 1000 },
    loop: loop.state,
    counts: {
      drivers: drivers.size,
      channels: channels.size,
      openChannels: hub.openChannelCount,
      parameters: parameters.size,
      services: services.size,
      sessions: states.length,
      sessionsSinceStart: sessions.total,
    },
    samples: sessions.samples,
    drivers: fleet.states.map((state) => ({ ...state, ...samplesOf(state, channels.values()) })),
    channels: [...channels.values()].map(({ name, driver, publishers, rate, next, counters, received, lost }) => ({
      channel: name,
      driver,
      publishers,
      rate,
      published: next,
      ringDropped: counters.ringDropped,
      linkDropped: counters.linkDropped,
      received,
      lost,
    })),
    sessions: states,
    upstreams: upstreams.states,
    gateways: gateways.states,
  };
}

/** Of a driver that is refused another one of its name has the channels. */
function samplesOf(
  { driver, state }: DialerState,
  channels: Iterable<Channel>,
): Pick<DriverState, "received" | "lost"> {
  const lost: { [Reason in LossReason]?: number } = {};
  let received = 0;
  for (const channel of channels) {
    if (channel.driver !== driver || state !== "up") continue;
    received += channel.received;
    for (const [reason, count] of Object.entries(channel.lost) as [LossReason, number][]) {
      lost[reason] = (lost[reason] ?? 0) + count;
    }
  }
  return { received, lost };
}

/** The state as JSON text. */
export function statusText(state: BridgeState): string {
  return JSON.stringify(state, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
}
