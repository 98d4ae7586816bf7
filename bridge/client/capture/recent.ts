// SPDX-License-Identifier: MIT
// Keeps the last moments of a channel at hand, from when it is asked for on: the bridge itself keeps no past.
import { type BridgeError, toBridgeError } from "../../model/errors.ts";
import type { Loss } from "../../model/values.ts";
import type { Batch } from "../batch.ts";
import type { Delivery } from "../delivery.ts";
import type { Subscription } from "../subscription.ts";
import { amountOf, takenOf, type Piece, type TakeAmount, type Taken } from "./pieces.ts";

/** Bytes of batches that are kept when nothing else is said, however many samples were asked for. */
const DEFAULT_KEPT_BYTES = 67_108_864;

/** How much is kept. */
interface RecentBounds {
  readonly amount: TakeAmount;
  readonly maxBytes?: number | undefined;
}

/**
 * The last moments of one channel, which go on until `close()`. When the channel begins anew, only samples of its new life are there. What was kept can still be read after the end.
 *
 * @example
 * const recent = motor.channel("state").keep({ ms: 10_000 });
 * recent.last({ ms: 500 })?.columns.angle;
 */
export class Recent<V, C> {
  /** Resolves when the bridge has accepted the subscription; rejects with its refusal. */
  readonly ready: Promise<void>;
  readonly #subscription: Subscription<Delivery<V, C>>;
  readonly #wanted: { readonly count: number; readonly ms: number };
  readonly #maxBytes: number;
  readonly #batches: Batch<V, C>[] = [];
  #lost: Loss[] = [];
  #count = 0;
  #bytes = 0;
  #error: BridgeError | undefined;

  /** Use `channel.keep()`. */
  constructor(subscription: Subscription<Delivery<V, C>>, { amount, maxBytes = DEFAULT_KEPT_BYTES }: RecentBounds) {
    this.ready = subscription.ready;
    this.#subscription = subscription;
    this.#wanted = amountOf(amount, "keep()");
    this.#maxBytes = maxBytes;
    void this.#read();
  }

  /** How many samples are there now. */
  get count(): number {
    return this.#count;
  }

  /**
   * The newest samples as columns: so many, those of so many ms up to the newest one, or all that are kept. Fewer when there are not so many; undefined when there is none. Throws what ended
   * the subscription when nothing had come before.
   */
  last(amount?: TakeAmount): Taken<V, C> | undefined {
    const { count, ms } = amount === undefined ? { count: Infinity, ms: Infinity } : amountOf(amount, "last()");
    const newestMs = this.#batches.at(-1)?.times.at(-1);
    if (newestMs === undefined) {
      if (this.#error !== undefined) throw this.#error;
      return undefined;
    }
    const pieces: Piece<V, C>[] = [];
    let left = count;
    for (let i = this.#batches.length - 1; i >= 0 && left > 0; i--) {
      const batch = this.#batches[i];
      if (batch === undefined) break;
      const from = firstSince(batch.times, newestMs - ms, Math.max(0, batch.count - left));
      if (from < batch.count) pieces.unshift({ batch, from, to: batch.count });
      left -= batch.count - from;
      if (from > 0) break;
    }
    return takenOf(pieces, this.#lost);
  }

  /** Ends it: nothing more is kept, what is there stays readable. */
  close(): void {
    this.#subscription.close();
  }

  async #read(): Promise<void> {
    try {
      for await (const delivery of this.#subscription) {
        if (delivery.kind === "batch") this.#add(delivery);
        else if (delivery.kind === "lost") this.#lost.push(delivery.loss);
        else if (delivery.kind === "restart") this.#forget();
      }
    } catch (thrown) {
      this.#error = toBridgeError(thrown);
    }
  }

  #add(batch: Batch<V, C>): void {
    this.#batches.push(batch);
    this.#count += batch.count;
    this.#bytes += batch.record.byteLength;
    for (let oldest = this.#batches[0]; oldest !== undefined; oldest = this.#batches[0]) {
      if (oldest === batch || this.#isWanted(oldest, batch)) break;
      this.#batches.shift();
      this.#count -= oldest.count;
      this.#bytes -= oldest.record.byteLength;
    }
    const first = this.#batches[0]?.first ?? 0;
    if ((this.#lost[0]?.to ?? first) < first) this.#lost = this.#lost.filter(({ to }) => to >= first);
  }

  #isWanted(oldest: Batch<V, C>, newest: Batch<V, C>): boolean {
    if (this.#bytes > this.#maxBytes) return false;
    const { count, ms } = this.#wanted;
    if (count !== Infinity) return this.#count - oldest.count < count;
    return (oldest.times.at(-1) ?? 0) > (newest.times.at(-1) ?? 0) - ms;
  }

  #forget(): void {
    this.#batches.length = 0;
    this.#lost = [];
    this.#count = 0;
    this.#bytes = 0;
  }
}

/** Index behind the last sample, from number `from` on, that is not later than `sinceMs`. */
function firstSince(times: Float64Array, sinceMs: number, from: number): number {
  for (let i = times.length - 1; i >= from; i--) if ((times[i] ?? 0) <= sinceMs) return i + 1;
  return from;
}
