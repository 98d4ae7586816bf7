// SPDX-License-Identifier: MIT
// Subscribes to exactly what the page shows: every sample of plotted channels (of very fast ones the extremes), the newest of channels whose values are in view.
import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Latency } from "../../../client/flow/latency.ts";
import type { SubscribeOptions } from "../../../client/options.ts";
import type { FeedClient, PageDelivery } from "../link/client-port.ts";
import { ChannelTrace } from "./channel-trace.ts";
import { startFeed, type Feed } from "./feed.ts";
import type { LossBook } from "./loss-book.ts";
import type { SampleClock } from "./sample-clock.ts";
import type { Thinned } from "./thinned.ts";

/** What the page wants of a channel: its newest samples, every one, or the extremes of each column. */
export type Wanted = "latest" | "queue" | Thinned;

interface Running {
  readonly wanted: Wanted;
  readonly client: FeedClient;
  readonly stop: () => void;
  /** What is plotted first, then what is shown as a value. */
  readonly feeds: readonly Feed[];
}

/** Keeps subscriptions in step with what is wanted. */
export class Feeds {
  readonly #losses: LossBook;
  readonly #clock: SampleClock;
  readonly #traces = new Map<string, ChannelTrace>();
  readonly #running = new Map<string, Running>();
  /** Refused ones, until the directory changes: asking again at once would be refused again. */
  readonly #refused = new Set<string>();
  readonly #thinned: Signal<ReadonlyMap<string, Thinned>> = signal<ReadonlyMap<string, Thinned>>(new Map());

  constructor(losses: LossBook, clock: SampleClock) {
    this.#losses = losses;
    this.#clock = clock;
  }

  /** The trace of a channel, made when first asked for. */
  trace(channel: string): ChannelTrace {
    let trace = this.#traces.get(channel);
    if (trace === undefined) {
      trace = new ChannelTrace(channel, this.#losses, this.#clock);
      this.#traces.set(channel, trace);
    }
    return trace;
  }

  /** Samples of plotted channels that were received since the page was opened. */
  get samples(): number {
    return [...this.#traces.values()].reduce((sum, { check }) => sum + check.samples, 0);
  }

  get traces(): Iterable<ChannelTrace> {
    return this.#traces.values();
  }

  /** The channels of which only the extremes come. */
  get thinned(): ReadonlySignal<ReadonlyMap<string, Thinned>> {
    return this.#thinned;
  }

  /** How long the plotted samples of a channel take to get here; undefined until it is known, and of what is not plotted. Takes about a tenth of a millisecond. */
  latency(channel: string): Latency | undefined {
    const running = this.#running.get(channel);
    return running === undefined || running.wanted === "latest" ? undefined : running.feeds[0]?.latency();
  }

  /** Makes the subscriptions those of `wanted`; names that the bridge refused are asked for again only with `retry`. */
  follow(client: FeedClient | null, wanted: ReadonlyMap<string, Wanted>, retry: boolean): void {
    if (retry) this.#refused.clear();
    for (const [channel, running] of this.#running) {
      const next = wanted.get(channel);
      if (running.client === client && isSame(next, running.wanted)) continue;
      running.stop();
      this.#running.delete(channel);
      if (running.wanted !== "latest" && (next === undefined || next === "latest")) this.trace(channel).leave();
      else if (isThinned(running.wanted) || isThinned(next)) this.trace(channel).check.seam();
    }
    this.#thinned.value = new Map([...wanted].flatMap(([name, each]) => (isThinned(each) ? [[name, each]] : [])));
    if (client === null) return;
    for (const [channel, each] of wanted) {
      if (!this.#running.has(channel) && !this.#refused.has(channel)) this.#start(client, channel, each);
    }
  }

  #start(client: FeedClient, channel: string, wanted: Wanted): void {
    const trace = this.trace(channel);
    const feeds: Feed[] = [];
    const stop = (): void => {
      for (const feed of feeds) feed.stop();
    };
    const ended = (): void => {
      stop();
      this.#running.delete(channel);
      this.#refused.add(channel);
    };
    const open = (options: SubscribeOptions, delivered: (item: PageDelivery) => void): void => {
      feeds.push(startFeed(client, channel, options, { delivered, ended }));
    };
    if (isThinned(wanted)) {
      const { columnMs, fields } = wanted;
      open({ delivery: "minmax", columnMs, fields }, (item) => {
        trace.extremes(item);
      });
    } else if (wanted === "queue") {
      open({ delivery: "queue" }, (item) => {
        trace.record(item);
      });
    }
    if (wanted === "latest" || (isThinned(wanted) && wanted.newest)) {
      open({ delivery: "latest", last: true }, (item) => {
        trace.sample(item);
      });
    }
    this.#running.set(channel, { wanted, client, stop, feeds });
  }
}

function isThinned(wanted: Wanted | undefined): wanted is Thinned {
  return typeof wanted === "object";
}

function isSame(a: Wanted | undefined, b: Wanted): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
