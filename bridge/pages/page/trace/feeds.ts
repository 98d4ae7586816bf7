// SPDX-License-Identifier: MIT
// Subscribes to exactly what the page shows: every sample of plotted channels, the newest of channels whose values are in view.
import type { Delivery as DeliveryMode } from "../../../session/messages.ts";
import type { FeedClient } from "../link/client-port.ts";
import { ChannelTrace } from "./channel-trace.ts";
import { startFeed } from "./feed.ts";
import type { LossBook } from "./loss-book.ts";
import type { SampleClock } from "./sample-clock.ts";

interface Running {
  readonly delivery: DeliveryMode;
  readonly client: FeedClient;
  readonly stop: () => void;
}

/** Keeps subscriptions in step with what is wanted. */
export class Feeds {
  readonly #losses: LossBook;
  readonly #clock: SampleClock;
  readonly #traces = new Map<string, ChannelTrace>();
  readonly #running = new Map<string, Running>();
  /** Refused ones, until the directory changes: asking again at once would be refused again. */
  readonly #refused = new Set<string>();

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

  /** Makes the subscriptions those of `wanted`; names that the bridge refused are asked for again only with `retry`. */
  follow(client: FeedClient | null, wanted: ReadonlyMap<string, DeliveryMode>, retry: boolean): void {
    if (retry) this.#refused.clear();
    for (const [channel, running] of this.#running) {
      if (running.client === client && wanted.get(channel) === running.delivery) continue;
      running.stop();
      this.#running.delete(channel);
      if (running.delivery === "queue" && wanted.get(channel) !== "queue") this.trace(channel).leave();
    }
    if (client === null) return;
    for (const [channel, delivery] of wanted) {
      if (!this.#running.has(channel) && !this.#refused.has(channel)) this.#start(client, channel, delivery);
    }
  }

  #start(client: FeedClient, channel: string, delivery: DeliveryMode): void {
    const trace = this.trace(channel);
    const stop = startFeed(
      client,
      channel,
      { delivery, last: delivery === "latest" },
      {
        delivered: (item) => {
          if (delivery === "queue") trace.record(item);
          else trace.sample(item);
        },
        ended: () => {
          this.#running.delete(channel);
          this.#refused.add(channel);
        },
      },
    );
    this.#running.set(channel, { delivery, client, stop });
  }
}
