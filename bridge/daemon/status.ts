// SPDX-License-Identifier: MIT
// The bridge's own state, for `status` and for whoever watches its health.
import type { Fleet } from "../drivers/fleet.ts";
import type { Hub } from "../hub/hub.ts";
import type { Welcome } from "../session/messages.ts";
import type { Sessions } from "./sessions.ts";

/** What the state is read from. */
export interface StatusParts {
  readonly identity: Welcome["bridge"];
  readonly hub: Hub;
  readonly fleet: Fleet;
  readonly sessions: Sessions;
  readonly codec: string;
}

/** The state as JSON text: uptime, memory, what came in, what was dropped where, drivers, sessions with their queues. */
export function statusText({ identity, hub, fleet, sessions, codec }: StatusParts): string {
  const { rss, heapUsed, external } = process.memoryUsage();
  const { drivers, channels, parameters, services } = hub.directory;
  const status = {
    ...identity,
    uptimeMs: Date.now() - identity.started,
    codec,
    memory: { rssBytes: rss, heapBytes: heapUsed, externalBytes: external },
    counts: {
      drivers: drivers.size,
      channels: channels.size,
      parameters: parameters.size,
      services: services.size,
      sessions: sessions.states.length,
      sessionsSinceStart: sessions.total,
    },
    drivers: fleet.states,
    channels: [...channels.values()].map(({ name, rate, next, counters }) => ({
      channel: name,
      rate,
      published: next,
      ringDropped: counters.ringDropped,
      linkDropped: counters.linkDropped,
    })),
    sessions: sessions.states,
  };
  return JSON.stringify(status, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
}
