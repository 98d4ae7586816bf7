// SPDX-License-Identifier: MIT
// All subscriptions of a client: made, made again after each reconnect, and ended.
import { BridgeError, toBridgeError } from "../../model/errors.ts";
import type { RequestBody } from "../../session/messages.ts";
import { Feed, type LeftOut } from "./feed.ts";
import { Inbox } from "./inbox.ts";
import type { Latency, LatencyBook } from "./latency.ts";
import type { SubscribeOptions } from "../options.ts";
import type { Arrival } from "../link/requests.ts";
import type { StreamListener } from "./stream-listener.ts";
import type { Streams } from "./streams.ts";
import type { Kept } from "../kept/kept.ts";
import { Subscription } from "../subscription.ts";

const DEFAULT_QUEUE_BATCHES = 4096;

/** What subscriptions need of their client. */
export interface SubscriptionWire {
  ask(body: RequestBody, arrival?: Arrival): Promise<unknown>;
  /** What stamps say by the clock of the connection that holds; undefined while that is not known. */
  latency(book: LatencyBook): Latency | undefined;
  /** The streams of the connection that holds. */
  streams(): Streams;
}

interface Entry {
  readonly channels: readonly string[];
  readonly options: SubscribeOptions;
  readonly inbox: Pick<Inbox, "end" | "fail">;
  readonly feed: StreamListener;
  readonly accept: () => void;
  readonly refuse: (error: BridgeError) => void;
  id: number | undefined;
  accepted: boolean;
}

export class Subscriptions implements Kept {
  readonly #wire: SubscriptionWire;
  readonly #entries = new Set<Entry>();
  /** Of the connection that holds. */
  #streams: Streams | undefined;

  constructor(wire: SubscriptionWire) {
    this.#wire = wire;
  }

  /** Makes a subscription; it is asked for at once, or when the connection opens. */
  open(channels: readonly string[], options: SubscribeOptions): Subscription {
    const inbox = new Inbox(options.queueBatches ?? DEFAULT_QUEUE_BATCHES);
    const feed = new Feed(inbox, leftOutBy(options), options.echo ?? false);
    let accept: () => void = () => undefined;
    let refuse: (error: BridgeError) => void = () => undefined;
    const ready = new Promise<void>((resolve, reject) => {
      accept = resolve;
      refuse = reject;
    });
    // Its iteration throws the same error, so nobody has to look at `ready`.
    ready.catch(() => undefined);
    const entry: Entry = { channels, options, inbox, feed, accept, refuse, id: undefined, accepted: false };
    this.#entries.add(entry);
    const abort = (): void => {
      subscription.close();
    };
    const subscription = new Subscription(channels, inbox, ready, {
      closed: () => {
        options.signal?.removeEventListener("abort", abort);
        this.#close(entry);
      },
      account: () => feed.account,
      latency: () => this.#wire.latency(feed.latency),
    });
    options.signal?.addEventListener("abort", abort);
    if (options.signal?.aborted === true) abort();
    else void this.#ask(entry);
    return subscription;
  }

  /**
   * Has a listener hear channels as they come, over all connections, without a queue and without knowing what it has had. `refused` is told when the bridge does not accept it,
   * and at the end of the client. Returns what ends it.
   */
  listen(
    channels: readonly string[],
    options: SubscribeOptions,
    listener: StreamListener,
    refused: (error: BridgeError) => void,
  ): () => void {
    const nothing = (): void => undefined;
    const inbox = { end: nothing, fail: nothing };
    const entry: Entry = {
      channels,
      options,
      inbox,
      feed: listener,
      accept: nothing,
      refuse: refused,
      id: undefined,
      accepted: false,
    };
    this.#entries.add(entry);
    void this.#ask(entry);
    return () => {
      this.#close(entry);
    };
  }

  /** A connection opened: asks for everything again. */
  connected(): void {
    this.#streams = this.#wire.streams();
    for (const entry of this.#entries) void this.#ask(entry);
  }

  /** The connection is lost; the readers wait. */
  disconnected(): void {
    this.#streams = undefined;
    for (const entry of this.#entries) {
      entry.id = undefined;
      entry.feed.disconnected();
    }
  }

  /** No connection will come again: loops end, with `error` if there is one. */
  finish(error: BridgeError | undefined): void {
    for (const entry of [...this.#entries]) {
      if (error === undefined) entry.inbox.end();
      this.#refuse(entry, error ?? new BridgeError("closed", "the client was closed"));
    }
  }

  async #ask(entry: Entry): Promise<void> {
    const streams = this.#streams;
    if (streams === undefined) return;
    const { delivery = "queue", last = false, maxHz, columnMs, fields, echo } = entry.options;
    // Of a queue the newest sample is asked for once only: later it is either missed and told as lost, or comes by itself.
    const wantsLast = last && (!entry.accepted || delivery === "latest");
    // After a reconnect the bridge may not have found the driver again yet, which is no reason to refuse.
    const wait = entry.accepted || entry.options.wait === true;
    const body: RequestBody = {
      op: "subscribe",
      channels: entry.channels,
      delivery,
      last: wantsLast,
      wait,
      ...(maxHz === undefined ? {} : { maxHz }),
      ...(columnMs === undefined ? {} : { columnMs }),
      ...(fields === undefined ? {} : { fields }),
      ...(echo === undefined ? {} : { echo }),
    };
    // Accepted as the answer arrives: its first event may be the very next message.
    const arrived = (result: unknown): void => {
      this.#accept(entry, subscriptionOf(result), streams);
    };
    const late = (result: unknown): void => {
      this.#unsubscribe(subscriptionOf(result));
    };
    try {
      await this.#wire.ask(body, { arrived, late });
    } catch (thrown) {
      if (streams === this.#streams) this.#refuse(entry, toBridgeError(thrown));
    }
  }

  #accept(entry: Entry, id: number, streams: Streams): void {
    if (!this.#entries.has(entry)) {
      this.#unsubscribe(id);
      return;
    }
    entry.id = id;
    entry.accepted = true;
    streams.route(id, entry.feed);
    entry.accept();
  }

  #refuse(entry: Entry, error: BridgeError): void {
    this.#entries.delete(entry);
    entry.inbox.fail(error);
    entry.refuse(error);
  }

  #close(entry: Entry): void {
    if (!this.#entries.delete(entry)) return;
    entry.refuse(new BridgeError("cancelled", "the subscription was closed before the bridge accepted it"));
    if (entry.id === undefined) return;
    this.#streams?.forget(entry.id);
    this.#unsubscribe(entry.id);
  }

  #unsubscribe(subscription: number): void {
    // Whatever the answer: nobody reads it any more.
    this.#wire.ask({ op: "unsubscribe", subscription }).catch(() => undefined);
  }
}

function leftOutBy({ delivery, maxHz }: SubscribeOptions): LeftOut {
  if (delivery === "latest") return "older";
  return delivery === "minmax" || maxHz !== undefined ? "some" : "nothing";
}

function subscriptionOf(result: unknown): number {
  if (typeof result === "object" && result !== null && "subscription" in result) {
    const { subscription } = result;
    if (typeof subscription === "number") return subscription;
  }
  throw new BridgeError("bad_message", "the bridge accepted a subscription without its number");
}
