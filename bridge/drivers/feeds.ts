// SPDX-License-Identifier: MIT
// What a driver reads: its subscriptions, and the streams that they come to, in records of the driver link.
import type { Hub } from "../hub/hub.ts";
import type { Chunk, EndReason } from "../hub/ports.ts";
import { Readership, type SubscribedReader } from "../hub/readership.ts";
import type { Stream } from "../hub/stream.ts";
import type { Codec } from "../layout/codec.ts";
import { readGap, recordType } from "../layout/record.ts";
import { MAX_SAMPLE_BYTES, RECORD_BATCH } from "../model/batch.ts";
import { BridgeError } from "../model/errors.ts";
import type { Loss } from "../model/values.ts";
import { withoutSenders } from "../session/echo.ts";
import { extentOf } from "../hub/span.ts";
import { streamEndRecord, streamRecord } from "./bridge-records.ts";
import type { SubscribeRecord } from "./driver-record.ts";
import type { Feed, FeedQueue } from "./feed-queue.ts";
import { MAX_STREAMS, MAX_SUBSCRIPTIONS } from "./protocol.ts";

/** A batch to a driver has at most so much: one sample of the largest size fits. */
export const MAX_BATCH_BYTES: number = MAX_SAMPLE_BYTES + 65_536;

/** What feeds need of their link. */
export interface FeedsParts {
  readonly hub: Hub;
  readonly codec: Codec;
  readonly queue: FeedQueue;
  /** The driver's name: its own channels are no news to it. */
  readonly driver: string;
  /** The numbers under which it publishes on shared channels. */
  readonly own: ReadonlySet<number>;
}

/** One stream of one subscription. */
interface OpenFeed extends Feed {
  /** No sequence below comes any more. */
  next: number;
}

/** All that one driver reads. What breaks a rule throws `bad_record` or `name_invalid`. */
export class Feeds {
  readonly #parts: FeedsParts;
  readonly #subscriptions = new Map<number, { readonly readership: Readership; readonly id: number }>();
  #lastStream = 0;
  #open = 0;

  constructor(parts: FeedsParts) {
    this.#parts = parts;
  }

  get state(): { readonly subscriptions: number; readonly streams: number } {
    return { subscriptions: this.#subscriptions.size, streams: this.#open };
  }

  subscribe(wanted: SubscribeRecord): void {
    const { subscription, pattern, latest, last } = wanted;
    if (subscription === 0 || this.#subscriptions.has(subscription)) {
      throw new BridgeError("bad_record", `the subscription ${String(subscription)} is in use or 0`);
    }
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS) throw new BridgeError("bad_record", "too many subscriptions");
    const { hub, driver } = this.#parts;
    const reader = new FeedReader(this.#parts, wanted, {
      enter: () => (this.#open >= MAX_STREAMS ? undefined : ((this.#open += 1), (this.#lastStream += 1))),
      leave: () => void (this.#open -= 1),
    });
    const readership = new Readership(hub, reader, (name) => name.split("/", 1)[0] !== driver);
    const form = {
      delivery: latest ? ("latest" as const) : ("queue" as const),
      encoding: "batch" as const,
      ...{ maxHz: null, columnMs: null, fields: null },
    };
    try {
      const { id, start } = readership.subscribe({ channels: [pattern], form, last, wait: true, echo: false });
      this.#subscriptions.set(subscription, { readership, id });
      start();
    } catch (error) {
      readership.close();
      throw error;
    }
  }

  unsubscribe(subscription: number): void {
    const found = this.#subscriptions.get(subscription);
    if (found === undefined) {
      throw new BridgeError("bad_record", `the subscription ${String(subscription)} is not there`);
    }
    this.#subscriptions.delete(subscription);
    found.readership.unsubscribe(found.id);
    found.readership.close();
    this.#parts.queue.control(null, streamEndRecord(0, subscription, "ok", ""));
  }

  /** The link is over. */
  close(): void {
    for (const { readership } of this.#subscriptions.values()) readership.close();
    this.#subscriptions.clear();
  }
}

/** The numbers of streams. */
interface StreamIds {
  /** Undefined: too many are open. */
  enter(): number | undefined;
  leave(): void;
}

/** The reader of one subscription. */
class FeedReader implements SubscribedReader {
  readonly #parts: FeedsParts;
  readonly #wanted: SubscribeRecord;
  readonly #ids: StreamIds;
  readonly #feeds = new Map<Stream, OpenFeed>();

  constructor(parts: FeedsParts, wanted: SubscribeRecord, ids: StreamIds) {
    this.#parts = parts;
    this.#wanted = wanted;
    this.#ids = ids;
  }

  started(stream: Stream): void {
    this.#end(stream, "ok", "the channel began anew");
    const { subscription, wanted, pattern, latest } = this.#wanted;
    const { name, kind, contentType, epoch, next } = stream.channel;
    const fits = wanted === "json" ? kind !== "bytes" : kind !== "struct";
    if (!fits && pattern.includes("*")) return; // a pattern takes what it can get
    const id = this.#ids.enter();
    if (id === undefined) return;
    const feed: OpenFeed = { id, epoch, latest, next: 0 };
    this.#feeds.set(stream, feed);
    this.#parts.queue.control(feed, streamRecord({ stream: id, subscription, kind, name, contentType, epoch, next }));
    if (fits) return;
    const advice = kind === "bytes" ? "subscribe to it as published" : "subscribe to it as JSON";
    this.#end(stream, "refused", `"${name}" is a channel of ${kind}; ${advice}`);
  }

  samples(stream: Stream, chunk: Chunk): void {
    const feed = this.#feeds.get(stream);
    const { own } = this.#parts;
    const wanted = own.size === 0 ? chunk : withoutSenders(chunk, own);
    if (feed === undefined || wanted === null || wanted.epoch !== feed.epoch) return;
    for (const part of wanted.parts) if (recordType(part) === RECORD_BATCH) this.#hand(stream, feed, part);
  }

  lost(stream: Stream, loss: Loss): void {
    const feed = this.#feeds.get(stream);
    if (feed !== undefined && loss.epoch === feed.epoch) this.#lose(feed, loss);
  }

  ended(stream: Stream, reason: EndReason): void {
    if (reason === "withdrawn") this.#end(stream, "ok", "the channel was withdrawn");
    else this.#end(stream, "closed", "the channel's producer is gone");
  }

  shared(): void {
    // Each subscription has a reader of its own, so nothing is shared.
  }

  left(stream: Stream): void {
    this.#end(stream, "ok", "");
  }

  #hand(stream: Stream, feed: OpenFeed, part: Uint8Array): void {
    const { codec, queue } = this.#parts;
    const target = {
      ...{ stream: feed.id, maxBytes: MAX_BATCH_BYTES },
      kind: stream.channel.kind === "bytes" ? ("bytes" as const) : ("json" as const),
    };
    let records: readonly Uint8Array[];
    try {
      records = codec.payloads(stream.schema?.layout ?? null, part, target);
    } catch {
      const { first: from, last: to, count } = extentOf(part);
      this.#lose(feed, { epoch: feed.epoch, from, to, count, reason: "unknown" });
      return;
    }
    for (const record of records) {
      if (recordType(record) !== RECORD_BATCH) {
        this.#lose(feed, readGap(record));
        continue;
      }
      const { first, last, count } = extentOf(record);
      if (first < feed.next) continue; // the newest one again
      feed.next = last + 1;
      queue.samples(feed, record, { first, last, count });
    }
  }

  #lose(feed: OpenFeed, { epoch, from, to, count, reason }: Loss): void {
    if (feed.latest || from < feed.next) return;
    feed.next = to + 1;
    this.#parts.queue.loss(feed, { epoch, from, to, count, reason });
  }

  #end(stream: Stream, code: "ok" | "closed" | "refused", text: string): void {
    const feed = this.#feeds.get(stream);
    if (feed === undefined) return;
    this.#feeds.delete(stream);
    this.#ids.leave();
    this.#parts.queue.control(feed, streamEndRecord(feed.id, this.#wanted.subscription, code, text));
  }
}
