// SPDX-License-Identifier: MIT
// The bounded queue between the socket and one reader. Full: the oldest batches give way and are told as lost.
import type { BridgeError } from "../../model/errors.ts";
import type { Loss } from "../../model/values.ts";
import type { Batch } from "../batch.ts";
import type { Delivery, Lost } from "../delivery.ts";

/** Bytes of batches that may wait for one reader, however many batches it allows. */
export const MAX_INBOX_BYTES = 67_108_864;

/** News other than batches that may wait beyond two for each batch. */
const SPARE_NEWS = 64;

type Waiter = {
  readonly resolve: (delivery: Delivery | undefined) => void;
  readonly reject: (error: BridgeError) => void;
};

/** Deliveries for one reader. Pushing never waits; `next()` does. */
export class Inbox {
  readonly #maxBatches: number;
  readonly #queue: Delivery[] = [];
  /** Index of the oldest entry of `#queue`; shifting an array of thousands would cost as much each time. */
  #head = 0;
  #batches = 0;
  #bytes = 0;
  /** What is left of dropped entries, by channel. It is older than all of `#queue`. */
  readonly #folded = new Map<string, Delivery[]>();
  #waiters: Waiter[] = [];
  #ended: { readonly error: BridgeError | undefined } | undefined;
  #dropped = 0;
  #waiting = 0;
  #delivered = 0;

  constructor(maxBatches: number) {
    this.#maxBatches = Math.max(1, maxBatches);
  }

  /** Samples dropped because the reader was too slow. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Samples that the reader was given. */
  get delivered(): number {
    return this.#delivered;
  }

  /** Samples that it has not read; after the end those that it never will. */
  get waiting(): number {
    return this.#waiting;
  }

  push(delivery: Delivery): void {
    if (this.#ended !== undefined) return;
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) {
      if (delivery.kind === "batch") this.#delivered += delivery.count;
      waiter.resolve(delivery);
      return;
    }
    this.#queue.push(delivery);
    if (delivery.kind === "batch") {
      this.#waiting += delivery.count;
      this.#batches++;
      this.#bytes += delivery.record.byteLength;
    }
    while (this.#isOverfull()) this.#foldOldest();
  }

  /** The oldest delivery, as soon as there is one; undefined after the end. Rejects with the error of `fail` after the last one. */
  next(): Promise<Delivery | undefined> {
    const ready = this.#shiftFolded() ?? this.#shift();
    if (ready !== undefined) {
      if (ready.kind === "batch") this.#delivered += ready.count;
      return Promise.resolve(ready);
    }
    if (this.#ended !== undefined) {
      return this.#ended.error === undefined ? Promise.resolve(undefined) : Promise.reject(this.#ended.error);
    }
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  /** The reader is done, or the client: what waits is thrown away. */
  end(): void {
    this.#queue.length = 0;
    this.#head = 0;
    this.#folded.clear();
    this.#settle(undefined);
  }

  /** It cannot go on: what waits is still given out, then `error` is thrown. */
  fail(error: BridgeError): void {
    this.#settle(error);
  }

  #settle(error: BridgeError | undefined): void {
    this.#ended ??= { error };
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) {
      if (error === undefined) waiter.resolve(undefined);
      else waiter.reject(error);
    }
  }

  #shift(): Delivery | undefined {
    const delivery = this.#queue[this.#head];
    if (delivery === undefined) return undefined;
    this.#head++;
    if (this.#head > 1024 && this.#head * 2 > this.#queue.length) {
      this.#queue.splice(0, this.#head);
      this.#head = 0;
    }
    if (delivery.kind === "batch") {
      this.#waiting -= delivery.count;
      this.#batches--;
      this.#bytes -= delivery.record.byteLength;
    }
    return delivery;
  }

  #shiftFolded(): Delivery | undefined {
    for (const [channel, list] of this.#folded) {
      const delivery = list.shift();
      if (list.length === 0) this.#folded.delete(channel);
      if (delivery !== undefined) return delivery;
    }
    return undefined;
  }

  #isOverfull(): boolean {
    if (this.#batches > this.#maxBatches || (this.#bytes > MAX_INBOX_BYTES && this.#batches > 1)) return true;
    // Losses and restarts are small, but a producer that only loses makes them without end.
    return this.#queue.length - this.#head > 2 * this.#maxBatches + SPARE_NEWS;
  }

  /** Moves the oldest entry to `#folded`, where a batch becomes a loss. */
  #foldOldest(): void {
    const entry = this.#shift();
    if (entry === undefined) return;
    if (entry.kind !== "batch") {
      this.#fold(entry);
      return;
    }
    this.#dropped += entry.count;
    this.#fold({ kind: "lost", channel: entry.channel, loss: lossOf(entry) });
  }

  #fold(delivery: Delivery): void {
    const list = this.#folded.get(delivery.channel) ?? [];
    this.#folded.set(delivery.channel, list);
    const last = list.at(-1);
    if (delivery.kind === "lost" && last?.kind === "lost" && last.loss.epoch === delivery.loss.epoch) {
      list[list.length - 1] = mergeLost(last, delivery);
    } else {
      list.push(delivery);
    }
  }
}

function lossOf(batch: Batch): Loss {
  const { epoch, first: from, last: to, count } = batch;
  return { epoch, from, to, count, reason: "slow_reader" };
}

function mergeLost(earlier: Lost, later: Lost): Lost {
  const { epoch } = earlier.loss;
  const from = Math.min(earlier.loss.from, later.loss.from);
  const to = Math.max(earlier.loss.to, later.loss.to);
  const reason = earlier.loss.reason === later.loss.reason ? later.loss.reason : "slow_reader";
  return {
    kind: "lost",
    channel: later.channel,
    loss: { epoch, from, to, count: earlier.loss.count + later.loss.count, reason },
  };
}
