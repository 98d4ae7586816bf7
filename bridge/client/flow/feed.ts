// SPDX-License-Identifier: MIT
// Turns what the streams bring into the deliveries of one subscription: each sample once, every loss told.
import type { Loss } from "../../model/values.ts";
import type { Batch } from "../batch.ts";
import { Cursor } from "./cursor.ts";
import type { End } from "../delivery.ts";
import type { Inbox } from "./inbox.ts";

/** One subscription's positions in its channels. It outlives connections, and so knows what was missed between two of them. */
export class Feed {
  readonly #inbox: Inbox;
  readonly #latest: boolean;
  readonly #cursors = new Map<string, Cursor>();
  /** Channels that were announced on the connection that holds. */
  readonly #announced = new Set<string>();

  /** `latest`: the subscription asked only for the newest samples, so that jumps are no loss. */
  constructor(inbox: Inbox, latest: boolean) {
    this.#inbox = inbox;
    this.#latest = latest;
  }

  /** The connection is gone; positions stay. */
  disconnected(): void {
    this.#announced.clear();
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
    } else if (!again && !this.#latest) {
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
    if (cursor?.epoch === loss.epoch && !this.#latest) this.#lost(channel, cursor.explain(loss));
  }

  batch(batch: Batch): void {
    const cursor = this.#cursors.get(batch.channel);
    if (cursor?.epoch !== batch.epoch) return;
    const from = cursor.wanted(batch.first, batch.last);
    if (from === undefined) return;
    const fresh = batch.from(from);
    const loss = cursor.advance(fresh.first, fresh.last, fresh.count);
    if (!this.#latest) this.#lost(batch.channel, loss);
    this.#inbox.push(fresh);
  }

  /** Sequences count from 0 again: in another life, or because the channel was withdrawn and advertised anew in the same one. */
  #begin(channel: string, cursor: Cursor, next: number): void {
    this.#cursors.set(channel, cursor);
    if (!this.#latest) this.#lost(channel, cursor.resume(next));
  }

  #lost(channel: string, loss: Loss | undefined): void {
    if (loss !== undefined) this.#inbox.push({ kind: "lost", channel, loss });
  }
}
