// SPDX-License-Identifier: MIT
// Which channels are subscribed at the other bridge: those that somebody reads here, and for a moment longer.
import type { StreamListener } from "../../client/flow/stream-listener.ts";
import type { Cancel } from "../../hub/ports.ts";
import { FarSenders } from "./far-senders.ts";
import type { Arrival } from "./held.ts";
import { Line, type Target } from "./line.ts";
import type { UpstreamLink } from "./link.ts";

/** A channel that nobody reads any more stays subscribed so long: whoever changes how it reads leaves and comes back. */
export const LINGER_MS = 2_000;

/** Channels of one subscription; a session has few of these, and channels may be many. */
const MAX_CHANNELS = 64;

interface Group {
  readonly names: ReadonlySet<string>;
  readonly stop: () => void;
  cancelStop: Cancel | undefined;
}

interface Reading {
  readonly line: Line;
  wanted: boolean;
  group: Group | undefined;
}

/** The subscriptions of one upstream. */
export class Readings {
  readonly senders: FarSenders;
  readonly #link: UpstreamLink;
  /** By the name that the channel has there. */
  readonly #readings = new Map<string, Reading>();
  readonly #asked = new Set<string>();
  #cancelAsk: Cancel | undefined;
  #isSettling = false;

  /** `bridge`: what the other bridge is called here. */
  constructor(link: UpstreamLink, bridge: () => string) {
    this.#link = link;
    this.senders = new FarSenders(link.hub.senders, bridge);
  }

  /** Channels that are subscribed. */
  get size(): number {
    let size = 0;
    for (const { group } of this.#readings.values()) if (group !== undefined) size++;
    return size;
  }

  /** The channel stands here, or does not any more. */
  lead(name: string, target: Target | undefined): void {
    const reading = this.#reading(name);
    // Of a channel that is away for now the readers stay, and so does its subscription.
    if (target !== undefined) reading.wanted = target.channel.hasReaders;
    reading.line.lead(target);
    this.#consider(name, reading);
    this.#settleSoon();
  }

  /** Somebody reads the channel here, or nobody any more. */
  want(name: string, wanted: boolean): void {
    const reading = this.#reading(name);
    reading.wanted = wanted;
    this.#consider(name, reading);
  }

  /** The connection is gone: what is held of it is of no use, and subscriptions are made again by themselves. */
  disconnected(): void {
    for (const { line } of this.#readings.values()) {
      line.lead(undefined);
      line.clear();
    }
    this.senders.clear();
  }

  close(): void {
    this.#cancelAsk?.();
    for (const { group } of this.#readings.values()) {
      group?.cancelStop?.();
      group?.stop();
    }
    this.#readings.clear();
    this.senders.clear();
  }

  #reading(name: string): Reading {
    let reading = this.#readings.get(name);
    if (reading === undefined) {
      const line = new Line(this.senders, this.#link.codec, () => this.#link.hub.clock.now());
      reading = { line, wanted: false, group: undefined };
      this.#readings.set(name, reading);
    }
    return reading;
  }

  #consider(name: string, reading: Reading): void {
    const { group, wanted } = reading;
    if (group === undefined) {
      if (wanted) this.#askSoon(name);
      else if (reading.line.target === undefined) this.#readings.delete(name);
      return;
    }
    if (wanted) {
      group.cancelStop?.();
      group.cancelStop = undefined;
    } else if (!this.#isWanted(group)) {
      group.cancelStop ??= this.#link.hub.clock.after(LINGER_MS, () => {
        this.#stop(group);
      });
    }
  }

  #isWanted({ names }: Group): boolean {
    for (const name of names) if (this.#readings.get(name)?.wanted === true) return true;
    return false;
  }

  /** Those that are wanted in the same turn share subscriptions. */
  #askSoon(name: string): void {
    this.#asked.add(name);
    this.#cancelAsk ??= this.#link.hub.clock.after(0, () => {
      this.#cancelAsk = undefined;
      const names = [...this.#asked].filter((each) => this.#readings.get(each)?.wanted === true);
      this.#asked.clear();
      for (let at = 0; at < names.length; at += MAX_CHANNELS) this.#ask(names.slice(at, at + MAX_CHANNELS));
    });
  }

  #ask(names: readonly string[]): void {
    const refused = (error: Error): void => {
      this.#stop(group);
      this.#link.complain(`channels cannot be read: ${error.message}`);
    };
    const options = { delivery: "queue", last: true, wait: true, echo: true } as const;
    const stop = this.#link.conversation.subscriptions.listen(names, options, this.#listener(), refused);
    const group: Group = { names: new Set(names), stop, cancelStop: undefined };
    for (const name of names) this.#reading(name).group = group;
  }

  #stop(group: Group): void {
    group.cancelStop?.();
    group.stop();
    for (const name of group.names) {
      const reading = this.#readings.get(name);
      if (reading?.group !== group) continue;
      reading.group = undefined;
      reading.line.clear();
      reading.line.target?.channel.rest();
      if (reading.line.target === undefined) this.#readings.delete(name);
    }
  }

  #listener(): StreamListener {
    const arrived = (channel: string, arrival: Arrival): void => {
      this.#readings.get(channel)?.line.arrived(arrival);
      this.#settleSoon();
    };
    const nothing = (): void => undefined;
    return {
      stream: (channel, epoch, next, carries) => {
        arrived(channel, { is: "begin", epoch, next, carries });
      },
      restart: (channel, epoch, next) => {
        arrived(channel, { is: "begin", epoch, next, carries: null });
      },
      end: (channel, reason) => {
        if (reason !== "unsubscribed") arrived(channel, { is: "end", reason });
      },
      gap: (channel, loss) => {
        arrived(channel, { is: "gap", loss });
      },
      batch: (batch) => {
        arrived(batch.channel, { is: "batch", batch });
      },
      stamped: nothing,
      disconnected: nothing,
    };
  }

  /** Hands on what came in one message, once. */
  #settleSoon(): void {
    if (this.#isSettling) return;
    this.#isSettling = true;
    queueMicrotask(() => {
      this.#isSettling = false;
      this.#link.hub.settle();
    });
  }
}
