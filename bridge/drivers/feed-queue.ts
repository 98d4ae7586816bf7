// SPDX-License-Identifier: MIT
// What waits to be read by a driver that has subscribed: bounded, the oldest dropped, every loss told in its place.
import { writeGap } from "../layout/record.ts";
import { GAP_BYTES } from "../model/batch.ts";
import { BridgeError } from "../model/errors.ts";
import type { Loss } from "../model/values.ts";
import { MAX_FEED_BYTES } from "./protocol.ts";

/** So much may be written that the system has not taken; what is more waits here, where it can be dropped. */
export const ON_WAY_BYTES = 262_144;

/** A stream of one subscription, as the queue sees it. */
export interface Feed {
  readonly id: number;
  readonly epoch: bigint;
  /** Only the newest that waits is kept, and what it replaces is no loss. */
  readonly latest: boolean;
}

/** Which samples a record holds. */
export interface Held {
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

/** What a queue needs of its link. */
export interface FeedQueueParts {
  write(record: Uint8Array): void;
  /** Bytes that were written and not yet taken by the system. */
  unreadBytes(): number;
  /** The driver reads so little that even what may not be dropped is too much. */
  onFault(error: BridgeError): void;
}

interface Item {
  /** Null: a record that belongs to no stream. */
  readonly feed: Feed | null;
  /** Undefined: it was dropped or replaced. */
  record: Uint8Array | undefined;
  /** Null: not to be dropped. */
  readonly held: Held | null;
}

/** The queue of one link. */
export class FeedQueue {
  readonly #parts: FeedQueueParts;
  #items: Item[] = [];
  #head = 0;
  #bytes = 0;
  #dropped = 0;
  /** Of streams whose oldest samples were dropped: told before what follows. */
  readonly #lost = new Map<Feed, Loss>();
  /** What waits of streams that want the newest alone. */
  readonly #newest = new Map<Feed, Item>();

  constructor(parts: FeedQueueParts) {
    this.#parts = parts;
  }

  /** Bytes that wait, and samples that were dropped since the link began. */
  get state(): { readonly queuedBytes: number; readonly dropped: number } {
    return { queuedBytes: this.#bytes, dropped: this.#dropped };
  }

  /** Records that say what is to come, or the end of it; never dropped. */
  control(feed: Feed | null, record: Uint8Array): void {
    this.#put({ feed, record, held: null });
  }

  samples(feed: Feed, record: Uint8Array, held: Held): void {
    const item: Item = { feed, record, held };
    const before = feed.latest ? this.#newest.get(feed) : undefined;
    if (before !== undefined) this.#void(before);
    this.#put(item);
  }

  loss(feed: Feed, { from, to, count, ...loss }: Loss): void {
    this.#put({
      feed,
      record: writeGap(feed.id, { ...loss, from, to, count }),
      held: { first: from, last: to, count },
    });
  }

  /** The driver reads again. */
  drained(): void {
    while (this.#head < this.#items.length && this.#parts.unreadBytes() <= ON_WAY_BYTES) {
      const item = this.#items[this.#head];
      this.#head += 1;
      if (item?.record !== undefined) {
        this.#bytes -= item.record.length;
        this.#give(item);
      }
    }
    if (this.#head < this.#items.length) return;
    this.#items = [];
    this.#head = 0;
    for (const feed of [...this.#lost.keys()]) this.#tellLoss(feed);
  }

  #put(item: Item): void {
    if (this.#head === this.#items.length && this.#parts.unreadBytes() <= ON_WAY_BYTES) {
      this.#give(item);
      return;
    }
    this.#items.push(item);
    this.#bytes += item.record?.length ?? 0;
    if (item.feed?.latest === true && item.held !== null) this.#newest.set(item.feed, item);
    for (let at = this.#head; this.#bytes > MAX_FEED_BYTES && at < this.#items.length; at++) {
      const oldest = this.#items[at];
      if (oldest?.record === undefined || oldest.held === null || oldest.feed === null) continue;
      this.#drop(oldest, oldest.feed, oldest.held);
    }
    if (this.#bytes > MAX_FEED_BYTES) this.#parts.onFault(new BridgeError("busy", "the driver does not read"));
    this.#compact();
  }

  #drop(item: Item, feed: Feed, { first, last, count }: Held): void {
    this.#void(item);
    this.#dropped += count;
    if (feed.latest) return;
    const before = this.#lost.get(feed);
    this.#lost.set(feed, {
      epoch: feed.epoch,
      from: before?.from ?? first,
      to: last,
      count: (before?.count ?? 0) + count,
      reason: "slow_reader",
    });
  }

  #void(item: Item): void {
    this.#bytes -= item.record?.length ?? 0;
    item.record = undefined;
    if (item.feed !== null) this.#newest.delete(item.feed);
  }

  #give({ feed, record, held }: Item): void {
    if (feed !== null) {
      this.#tellLoss(feed);
      if (held !== null) this.#newest.delete(feed);
    }
    if (record !== undefined) this.#parts.write(record);
  }

  #tellLoss(feed: Feed): void {
    const loss = this.#lost.get(feed);
    if (loss === undefined) return;
    this.#lost.delete(feed);
    this.#parts.write(writeGap(feed.id, loss));
  }

  /** What was dropped leaves no trace once it is half of the list. */
  #compact(): void {
    if (this.#items.length < 1024 || this.#bytes > (this.#items.length * GAP_BYTES) / 2) return;
    this.#items = this.#items.slice(this.#head).filter(({ record }) => record !== undefined);
    this.#head = 0;
  }
}
