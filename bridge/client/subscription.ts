// SPDX-License-Identifier: MIT
// One subscription as its reader sees it: a bounded queue of deliveries, whatever happens to the connection.
import type { Account } from "./account.ts";
import type { Delivery } from "./delivery.ts";
import type { Inbox } from "./flow/inbox.ts";
import type { Latency } from "./flow/latency.ts";

/** What a subscription needs of its client. */
export interface SubscriptionOwner {
  /** The reader is done: tells the bridge. */
  closed(): void;
  account(): Account;
  latency(): Latency | undefined;
}

/**
 * Deliveries of some channels in order, for one reader. It outlives lost connections: the client subscribes again by itself, and
 * what was missed comes as `lost` or `restart`. A reader that is too slow loses the oldest batches, told as `lost` with `slow_reader`.
 */
export class Subscription<D = Delivery> implements AsyncIterable<D> {
  /** The names and patterns it was made with. */
  readonly channels: readonly string[];
  /** Resolves when the bridge has accepted it for the first time; rejects with its refusal. */
  readonly ready: Promise<void>;
  readonly #inbox: Inbox;
  readonly #owner: SubscriptionOwner;
  readonly #read: (delivery: Delivery) => Delivery;

  /** `read`: what the reader gets for each delivery. */
  constructor(
    channels: readonly string[],
    inbox: Inbox,
    ready: Promise<void>,
    owner: SubscriptionOwner,
    read: (delivery: Delivery) => Delivery = (delivery) => delivery,
  ) {
    this.channels = channels;
    this.ready = ready;
    this.#inbox = inbox;
    this.#owner = owner;
    this.#read = read;
  }

  /** The same subscription, of which each delivery is given as `read` makes it. */
  reading(read: (delivery: Delivery) => Delivery): Subscription<D> {
    return new Subscription<D>(this.channels, this.#inbox, this.ready, this.#owner, read);
  }

  /** How many samples this reader has lost by being slow. */
  get dropped(): number {
    return this.#inbox.dropped;
  }

  /** What became of every sample that was published for this reader since it subscribed, over all connections. */
  get account(): Account {
    return this.#owner.account();
  }

  /** How long samples take to get here, from about a minute of them; undefined until the clock of the bridge is known (shortly after the first sample). */
  get latency(): Latency | undefined {
    return this.#owner.latency();
  }

  /** Stops it: the bridge is told, what waits is thrown away and the loop over it ends. */
  close(): void {
    this.#inbox.end();
    this.#owner.closed();
  }

  /** Iterates; leaving the loop closes the subscription. Ends when it or the client is closed; throws when the bridge refused it or the connection is lost for good. */
  [Symbol.asyncIterator](): AsyncIterator<D> {
    return {
      next: async () => {
        const delivery = await this.#inbox.next();
        if (delivery === undefined) return { done: true, value: undefined };
        return { done: false, value: this.#read(delivery) as D };
      },
      return: () => {
        this.close();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }
}
