// SPDX-License-Identifier: MIT
// Subscribes to exactly what the page shows: every sample of plotted channels (of very fast ones the extremes), the newest of channels whose values are in view.
import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Latency } from "../../../client/flow/latency.ts";
import type { FeedClient } from "../link/client-port.ts";
import { ChannelTrace } from "./channel-trace.ts";
import type { LossBook } from "./loss-book.ts";
import { isPlotted, isThinned, Running, type Wanted } from "./running.ts";
import type { SampleClock } from "./sample-clock.ts";
import type { Thinned } from "./thinned.ts";

/** Keeps subscriptions in step with what is wanted. */
export class Feeds {
  readonly #losses: LossBook;
  readonly #clock: SampleClock;
  readonly #traces = new Map<string, ChannelTrace>();
  readonly #running = new Map<string, Running>();
  /** Refused ones, until the directory or the client changes: asking again at once would be refused again. */
  readonly #refused = new Set<string>();
  #client: FeedClient | null = null;
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
    return this.#running.get(channel)?.latency;
  }

  /** Makes the subscriptions those of `wanted`; names that the bridge refused are asked for again only with `retry`. */
  follow(client: FeedClient | null, wanted: ReadonlyMap<string, Wanted>, retry: boolean): void {
    if (retry || client !== this.#client) this.#refused.clear();
    this.#client = client;
    const former = new Map<string, Running>();
    for (const [channel, running] of this.#running) {
      const next = wanted.get(channel);
      if (running.client === client && isSame(next, running.wanted)) continue;
      this.#running.delete(channel);
      if (running.client === client && isPlotted(running.wanted) && isPlotted(next)) {
        former.set(channel, running);
        continue;
      }
      running.stop();
      if (isPlotted(running.wanted) && !isPlotted(next)) this.trace(channel).leave();
      else if (isThinned(running.wanted) || isThinned(next)) this.trace(channel).check.seam();
    }
    this.#thinned.value = new Map([...wanted].flatMap(([name, each]) => (isThinned(each) ? [[name, each]] : [])));
    if (client === null) return;
    for (const [channel, each] of wanted) {
      if (this.#running.has(channel) || this.#refused.has(channel)) continue;
      const ended = (): void => {
        const running = this.#running.get(channel);
        if (running?.client !== client) return;
        running.stop();
        this.#running.delete(channel);
        this.#refused.add(channel);
      };
      const parts = { client, wanted: each, trace: this.trace(channel), former: former.get(channel), ended };
      this.#running.set(channel, new Running(parts));
    }
  }
}

function isSame(a: Wanted | undefined, b: Wanted): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
