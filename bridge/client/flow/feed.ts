// SPDX-License-Identifier: MIT
// Turns what the streams bring into the deliveries of one subscription: each sample once, every loss told and counted.
import type { Loss, LossReason } from "../../model/values.ts";
import { addLoss, lostOf, type Account } from "../account.ts";
import type { Batch } from "../batch.ts";
import { Cursor } from "./cursor.ts";
import type { End } from "../delivery.ts";
import type { Inbox } from "./inbox.ts";
import { LatencyBook, type Stamped } from "./latency.ts";
import type { StreamListener } from "./stream-listener.ts";

/** What a subscription leaves out of its channels: nothing, all but the newest samples (then nothing is told as lost), or some. */
export type LeftOut = "nothing" | "older" | "some";

/** One subscription's positions in its channels. It outlives connections, and so knows what was missed between two of them. */
export class Feed implements StreamListener {
  readonly #inbox: Inbox;
  readonly #leftOut: LeftOut;
  readonly #echo: boolean;
  readonly #cursors = new Map<string, Cursor>();
  /** Channels that were announced on the connection that holds. */
  readonly #announced = new Set<string>();
  readonly #losses: { [Reason in LossReason]?: number } = {};
  #skipped = 0;
  readonly latency: LatencyBook = new LatencyBook();

  /** `echo`: also what this client publishes itself. */
  constructor(inbox: Inbox, leftOut: LeftOut, echo = true) {
    this.#inbox = inbox;
    this.#leftOut = leftOut;
    this.#echo = echo;
  }

  /** What became of all that was published for this reader, over all connections and lives. */
  get account(): Account {
    const { delivered, waiting, dropped } = this.#inbox;
    const lost = { ...this.#losses };
    if (dropped > 0) addLoss(lost, "slow_reader", dropped);
    const skipped = this.#skipped;
    return { due: delivered + waiting + skipped + lostOf(lost), delivered, waiting, skipped, lost };
  }

  /** The connection is gone; positions stay. */
  disconnected(): void {
    this.#announced.clear();
    this.latency.clear();
  }

  /** A stamped sample arrived. */
  stamped(stamped: Stamped): void {
    this.latency.add(stamped);
  }

  /** A stream of the channel was announced, which is at `next` in `epoch`. */
  stream(channel: string, epoch: bigint, next: number): void {
    const cursor = this.#cursors.get(channel);
    const again = this.#announced.has(channel);
    this.#announced.add(channel);
    if (cursor === undefined) {
      this.#cursors.set(channel, new Cursor(epoch, next, true));
    } else if (cursor.epoch !== epoch) {
      this.restart(channel, epoch, next);
    } else if (next < cursor.next) {
      this.#inbox.push({ kind: "restart", channel, epoch, previous: epoch });
      this.#begin(channel, new Cursor(epoch, 0, false), next);
    } else if (!again) {
      this.#lost(channel, cursor.resume(next));
    }
  }

  /** Another life of the producer, of which `next` samples were published before we could get them. */
  restart(channel: string, epoch: bigint, next: number): void {
    const previous = this.#cursors.get(channel)?.epoch;
    if (previous === epoch) return;
    const cursor = new Cursor(epoch, previous === undefined ? next : 0, previous === undefined);
    if (previous !== undefined) this.#inbox.push({ kind: "restart", channel, epoch, previous });
    this.#begin(channel, cursor, next);
  }

  end(channel: string, reason: End["reason"]): void {
    this.#inbox.push({ kind: "end", channel, reason });
  }

  gap(channel: string, loss: Loss): void {
    const cursor = this.#cursors.get(channel);
    if (cursor?.epoch === loss.epoch) this.#lost(channel, cursor.explain(loss));
  }

  /** `isOwn`: this client has published it, and another of its subscriptions to the stream wants that. */
  batch(batch: Batch, isOwn = false): void {
    const cursor = this.#cursors.get(batch.channel);
    if (cursor?.epoch !== batch.epoch) return;
    const from = cursor.wanted(batch.first, batch.last);
    if (from === undefined) return;
    const fresh = batch.from(from);
    const missing = cursor.advance(fresh.first, fresh.last, fresh.count);
    // Where programs publish, what is missing without a word is what this one has published itself.
    const isComplete = this.#leftOut === "nothing" && (this.#echo || batch.sender === null);
    if (isComplete) this.#lost(batch.channel, missing);
    else this.#skipped += missing?.count ?? 0;
    if (isOwn && !this.#echo) this.#skipped += fresh.count;
    else this.#inbox.push(fresh);
  }

  /** Sequences count from 0 again: in another life, or because the channel was withdrawn and advertised anew in the same one. */
  #begin(channel: string, cursor: Cursor, next: number): void {
    this.#cursors.set(channel, cursor);
    this.#lost(channel, cursor.resume(next));
  }

  #lost(channel: string, loss: Loss | undefined): void {
    if (loss === undefined) return;
    if (this.#leftOut === "older") {
      this.#skipped += loss.count;
      return;
    }
    addLoss(this.#losses, loss.reason, loss.count);
    this.#inbox.push({ kind: "lost", channel, loss });
  }
}
