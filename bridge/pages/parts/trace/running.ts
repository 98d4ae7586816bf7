// SPDX-License-Identifier: MIT
// The subscriptions of one channel in the form in which it is wanted now, which take over from those in the form before.
import type { Latency } from "../../../client/flow/latency.ts";
import type { SubscribeOptions } from "../../../client/options.ts";
import type { FeedClient, PageDelivery } from "../link/client-port.ts";
import type { ChannelTrace } from "./channel-trace.ts";
import { startFeed, type Feed } from "./feed.ts";
import { Takeover } from "./takeover.ts";
import type { Thinned } from "./thinned.ts";

/** What the page wants of a channel: its newest samples, every one, or the extremes of each column. */
export type Wanted = "latest" | "queue" | Thinned;

export function isThinned(wanted: Wanted | undefined): wanted is Thinned {
  return typeof wanted === "object";
}

/** Whether it is recorded, so that a loss is to be known. */
export function isPlotted(wanted: Wanted | undefined): wanted is "queue" | Thinned {
  return wanted !== undefined && wanted !== "latest";
}

/** What subscriptions are made with. */
export interface RunningParts {
  readonly client: FeedClient;
  readonly wanted: Wanted;
  readonly trace: ChannelTrace;
  /** Of the same channel and client, both recorded; it is stopped once this one has taken over. */
  readonly former: Running | undefined;
  /** One of the subscriptions ended by itself. */
  ended(): void;
}

/** Subscribed from the constructor on. */
export class Running {
  readonly wanted: Wanted;
  readonly client: FeedClient;
  /** What is plotted first, then what is shown as a value. */
  readonly #feeds: Feed[] = [];
  #former: Running | undefined;
  /** Whether it said last that the channel is gone. */
  #hasEnded = false;
  /** Whoever takes over from this one wants to know what it has brought. */
  #brought: (item: PageDelivery) => void = () => undefined;

  constructor(parts: RunningParts) {
    const { client, wanted, trace, former } = parts;
    const ended = (): void => {
      parts.ended();
    };
    this.wanted = wanted;
    this.client = client;
    this.#former = former === undefined ? undefined : former.#yield();
    const open = (options: SubscribeOptions, delivered: (item: PageDelivery) => void): void => {
      this.#feeds.push(startFeed(client, trace.channel, options, { delivered, ended }));
    };
    if (isPlotted(wanted)) open(optionsOf(wanted), this.#recording(wanted, trace));
    if (wanted === "latest" || (isThinned(wanted) && wanted.newest)) {
      open({ delivery: "latest", last: true }, (item) => {
        trace.sample(item);
      });
    }
  }

  /** How long the plotted samples take to get here; undefined until it is known, and when none are plotted. */
  get latency(): Latency | undefined {
    return this.wanted === "latest" ? undefined : this.#feeds[0]?.latency();
  }

  stop(): void {
    this.#former?.stop();
    this.#former = undefined;
    this.#stopFeeds();
  }

  #stopFeeds(): void {
    for (const feed of this.#feeds) feed.stop();
  }

  /** The one that records: this one, or the one from which it has not taken over yet. */
  #yield(): Running {
    const former = this.#former;
    if (former === undefined) return this;
    this.#former = undefined;
    this.#stopFeeds();
    return former;
  }

  #recording(wanted: "queue" | Thinned, trace: ChannelTrace): (item: PageDelivery) => void {
    const record = (item: PageDelivery): void => {
      if (isThinned(wanted)) trace.extremes(item);
      else trace.record(item);
      this.#hasEnded = item.kind === "end";
      this.#brought(item);
    };
    const former = this.#former;
    if (former === undefined) return record;
    const over = (): void => {
      this.#former = undefined;
      former.stop();
    };
    const takeover = new Takeover(trace.check, { hasEnded: former.#hasEnded, pass: record, over });
    former.#brought = (item) => {
      takeover.brought(item);
    };
    return (item) => {
      takeover.next(item);
    };
  }
}

function optionsOf(wanted: "queue" | Thinned): SubscribeOptions {
  if (!isThinned(wanted)) return { delivery: "queue" };
  const { columnMs, fields } = wanted;
  return { delivery: "minmax", columnMs, fields };
}
