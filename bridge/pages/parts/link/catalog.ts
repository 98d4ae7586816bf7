// SPDX-License-Identifier: MIT
// What the bridge offers, as signals that change only when something really changed; rates are read, not watched.
import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { ChannelEntry, Directory, DriverEntry, ParameterEntry, ServiceEntry } from "../../../session/messages.ts";

/** A driver and all that is its own; `driver` is null for channels that programs publish without being a driver. */
export interface DriverGroup {
  readonly name: string;
  readonly driver: DriverEntry | null;
  readonly channels: readonly ChannelEntry[];
}

/** Keys of entries that change all the time; who shows them reads them. */
const MOVING: ReadonlySet<string> = new Set(["rate", "published", "value"]);

const EMPTY: Directory = { drivers: [], channels: [], parameters: [], services: [], streams: [] };

/** The directory of the bridge. Entries of a driver that is down stay, so that the page can show them greyed. */
export class Catalog {
  #latest: Directory = EMPTY;
  #print = "";
  readonly #directory: Signal<Directory> = signal<Directory>(EMPTY);
  readonly #rates = new Map<string, number>();

  /** The directory without regard to rates and counts: a new object only when names, states or layouts changed. */
  get directory(): ReadonlySignal<Directory> {
    return this.#directory;
  }

  readonly groups: ReadonlySignal<readonly DriverGroup[]> = computed(() => groupByDriver(this.#directory.value));

  /** Takes the directory as it is now. */
  update(directory: Directory): void {
    this.#latest = directory;
    for (const { channel, rate } of directory.channels) this.#rates.set(channel, rate);
    const kept = keepDown(this.#directory.peek(), directory);
    const print = fingerprint(kept);
    if (print === this.#print) return;
    this.#print = print;
    this.#directory.value = kept;
  }

  /** Samples a second that a channel publishes, as the bridge measured it. */
  rate(channel: string): number {
    return this.#rates.get(channel) ?? 0;
  }

  /** Samples a second of all channels. */
  totalRate(): number {
    return this.#latest.channels.reduce((sum, { rate }) => sum + rate, 0);
  }

  channel(name: string): ChannelEntry | undefined {
    return this.#directory.value.channels.find((entry) => entry.channel === name);
  }

  /** Whether a channel is there now, and not only remembered. */
  isLive(name: string): boolean {
    return this.#latest.channels.some((entry) => entry.channel === name);
  }

  driver(name: string | null): DriverEntry | undefined {
    return this.#directory.value.drivers.find((entry) => entry.driver === name);
  }

  parameter(name: string): ParameterEntry | undefined {
    return this.#directory.value.parameters.find((entry) => entry.parameter === name);
  }

  service(name: string): ServiceEntry | undefined {
    return this.#directory.value.services.find((entry) => entry.service === name);
  }
}

/** Adds what drivers that are down had before. */
function keepDown(before: Directory, now: Directory): Directory {
  const down = new Set(now.drivers.filter(({ state }) => state !== "up").map(({ driver }) => driver));
  const gone = <E extends { readonly driver: string | null }>(
    old: readonly E[],
    name: (entry: E) => string,
    fresh: readonly E[],
  ): E[] => {
    const names = new Set(fresh.map(name));
    return old.filter((entry) => entry.driver !== null && down.has(entry.driver) && !names.has(name(entry)));
  };
  return {
    drivers: now.drivers,
    channels: [...now.channels, ...gone(before.channels, (entry) => entry.channel, now.channels)],
    parameters: [...now.parameters, ...gone(before.parameters, (entry) => entry.parameter, now.parameters)],
    services: [...now.services, ...gone(before.services, (entry) => entry.service, now.services)],
    streams: now.streams,
  };
}

/** What the views depend on, as text. */
function fingerprint(directory: Directory): string {
  const steady = (key: string, value: unknown): unknown => (MOVING.has(key) ? undefined : value);
  return JSON.stringify(directory, steady);
}

function groupByDriver(directory: Directory): DriverGroup[] {
  const names = new Set([
    ...directory.drivers.map(({ driver }) => driver),
    ...directory.channels.map((entry) => entry.driver ?? ""),
  ]);
  return [...names].sort().map((name) => ({
    name: name === "" ? "other programs" : name,
    driver: directory.drivers.find(({ driver }) => driver === name) ?? null,
    channels: directory.channels
      .filter((entry) => (entry.driver ?? "") === name)
      .sort((a, b) => (a.channel < b.channel ? -1 : 1)),
  }));
}
