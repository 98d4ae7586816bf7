// SPDX-License-Identifier: MIT
// Everything that has a name at this bridge, and who is told what changed.
import type { Channel } from "./channel.ts";
import type { Driver } from "./driver.ts";
import type { Offer } from "./offer.ts";
import type { Parameter } from "./parameter.ts";
import type { Cancel, Clock } from "./ports.ts";
import type { Service } from "./service.ts";

/** Watchers are told of changes at most this often. */
export const DIRECTORY_MS = 250;

/** An entry and what it is. */
export type Listed =
  | { readonly is: "driver"; readonly entry: Driver }
  | { readonly is: "channel"; readonly entry: Channel }
  | { readonly is: "parameter"; readonly entry: Parameter }
  | { readonly is: "service"; readonly entry: Service }
  | { readonly is: "stream"; readonly entry: Offer };

/** What became of an entry since a watcher took its changes the last time. */
export interface Change {
  readonly listed: Listed;
  readonly became: "added" | "changed" | "removed";
}

/** One watcher's changes. */
export interface Watch {
  /** The changes since the last call; an entry stands in it once. */
  take(): Change[];
  stop(): void;
}

interface Watching {
  readonly changes: Map<string, Change>;
  readonly notify: () => void;
  readonly onRates: ((channels: readonly Channel[]) => void) | undefined;
}

/** The maps by name (drivers: by address), and the changes in them. Channels are listed while they are live. */
export class Directory {
  readonly drivers: Map<string, Driver> = new Map();
  readonly channels: Map<string, Channel> = new Map();
  readonly parameters: Map<string, Parameter> = new Map();
  readonly services: Map<string, Service> = new Map();
  /** What programs publish by themselves. */
  readonly streams: Map<string, Offer> = new Map();
  readonly #clock: Clock;
  readonly #watches = new Set<Watching>();
  readonly #listeners = new Set<(channel: Channel) => void>();
  #cancel: Cancel | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Collects changes from now on; `notify` says that there are some, at most every {@link DIRECTORY_MS}. With `onRates` new rates are told by that
   * alone; else they are changes of the channels.
   */
  watch(notify: () => void, onRates?: (channels: readonly Channel[]) => void): Watch {
    const watch: Watching = { changes: new Map<string, Change>(), notify, onRates };
    this.#watches.add(watch);
    return {
      take: () => {
        const changes = [...watch.changes.values()];
        watch.changes.clear();
        return changes;
      },
      stop: () => void this.#watches.delete(watch),
    };
  }

  /** Tells of every channel that appears, at once. */
  onChannel(listener: (channel: Channel) => void): Cancel {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Whether the first level of a name is the name of a driver, connected or not, that is no bridge. */
  isOfDriver(name: string): boolean {
    const [first] = name.split("/", 1);
    for (const { name: own, isBridge } of this.drivers.values()) if (own === first && !isBridge) return true;
    return false;
  }

  /** To be called after every change of an entry or its map. */
  note(listed: Listed, became: Change["became"]): void {
    if (listed.is === "channel" && became === "added") {
      for (const listener of this.#listeners) listener(listed.entry);
    }
    if (this.#watches.size === 0) return;
    const key = keyOf(listed);
    for (const { changes } of this.#watches) addChange(changes, key, listed, became);
    this.#notifySoon();
  }

  /** To be called when these channels have other rates; the list is not changed afterwards. */
  noteRates(channels: readonly Channel[]): void {
    if (channels.length === 0) return;
    for (const { changes, onRates } of this.#watches) {
      if (onRates !== undefined) {
        onRates(channels);
        continue;
      }
      for (const entry of channels) {
        const listed: Listed = { is: "channel", entry };
        addChange(changes, keyOf(listed), listed, "changed");
      }
      this.#notifySoon();
    }
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#watches.clear();
    this.#listeners.clear();
  }

  #notifySoon(): void {
    this.#cancel ??= this.#clock.after(DIRECTORY_MS, () => {
      this.#cancel = undefined;
      for (const { changes, notify } of this.#watches) if (changes.size > 0) notify();
    });
  }
}

function addChange(changes: Map<string, Change>, key: string, listed: Listed, became: Change["became"]): void {
  const before = changes.get(key)?.became;
  if (became === "removed" && before === "added") {
    changes.delete(key);
  } else if (became === "added" && before === "removed") {
    changes.set(key, { listed, became: "changed" });
  } else if (became === "changed" && before === "added") {
    changes.set(key, { listed, became: "added" });
  } else {
    changes.set(key, { listed, became });
  }
}

function keyOf(listed: Listed): string {
  return `${listed.is} ${listed.is === "driver" ? listed.entry.address : listed.entry.name}`;
}
