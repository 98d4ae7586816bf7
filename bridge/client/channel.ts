// SPDX-License-Identifier: MIT
// One channel as users hold it: iterate its batches, take some samples, or look at the newest one.
import { BridgeError } from "../model/errors.ts";
import type { Columns, Loss, Value } from "../model/values.ts";
import type { Batch } from "./batch.ts";
import type { Delivery, Sample } from "./delivery.ts";
import type { TakeAmount, Taken } from "./capture/pieces.ts";
import type { CaptureOptions } from "./capture/reading.ts";
import { Recent } from "./capture/recent.ts";
import { take } from "./capture/take.ts";
import { trigger, type Triggered, type TriggerSpec } from "./capture/trigger.ts";
import { until } from "./capture/until.ts";
import type { RequestOptions, SubscribeOptions } from "./options.ts";
import type { Subscription } from "./subscription.ts";

/** How long `take()`, `until()` and `trigger()` wait for a sample, in ms, when nothing else is said. */
export const DEFAULT_WAIT_MS = 10_000;

/** What `keep()` subscribes to, and how much it may hold. */
export interface KeepOptions extends SubscribeOptions {
  /** Bytes of batches that are kept at most, however much was asked for (default 64 MiB). */
  readonly maxBytes?: number | undefined;
}

/** Opens a subscription of a channel; what a {@link Channel} needs of its client. */
export type OpenSubscription = (channel: string, options: SubscribeOptions) => Subscription;

/**
 * One channel. Making one asks the bridge for nothing; each iteration, `take()` and `latest()` is a subscription of its own that ends with it.
 *
 * @example
 * for await (const batch of motor.channel("state")) console.log(batch.columns.angle[0]);
 */
export class Channel<V = Value, C = Columns> implements AsyncIterable<Batch<V, C>> {
  readonly name: string;
  readonly #open: OpenSubscription;

  /** Use `client.channel()` or `driver.channel()`. */
  constructor(name: string, open: OpenSubscription) {
    this.name = name;
    this.#open = open;
  }

  /** Batches as they come, until the loop is left; what was lost and whether the channel began anew stands on the batch that follows. */
  [Symbol.asyncIterator](): AsyncIterator<Batch<V, C>> {
    return this.batches();
  }

  /** Like iterating the channel, with options. */
  async *batches(options: SubscribeOptions = {}): AsyncGenerator<Batch<V, C>, void, undefined> {
    let lostBefore: Loss[] = [];
    let restarted = false;
    for await (const delivery of this.subscribe(options)) {
      if (delivery.kind === "lost") lostBefore.push(delivery.loss);
      else if (delivery.kind === "restart") restarted = true;
      else if (delivery.kind === "batch") {
        yield lostBefore.length > 0 || restarted ? delivery.after({ lostBefore, restarted }) : delivery;
        lostBefore = [];
        restarted = false;
      }
    }
  }

  /** Batches, losses, restarts and ends in their order. */
  subscribe(options: SubscribeOptions = {}): Subscription<Delivery<V, C>> {
    return this.#open(this.name, options) as Subscription<Delivery<V, C>>;
  }

  /** The newest sample; undefined when the channel has none yet and none comes within `timeoutMs` (default 1000). */
  async latest(options: RequestOptions = {}): Promise<Sample<V> | undefined> {
    const signal = AbortSignal.timeout(options.timeoutMs ?? 1000);
    for await (const batch of this.batches({ delivery: "latest", last: true, signal })) {
      const at = batch.count - 1;
      const { sender } = batch;
      const value = batch.values()[at];
      if (value === undefined) throw new BridgeError("internal", `a batch of ${this.name} is empty`);
      return {
        seq: batch.sequences[at] ?? batch.first,
        time: batch.times[at] ?? 0,
        value,
        ...(sender === null ? {} : { sender }),
      };
    }
    return undefined;
  }

  /**
   * The next samples as columns: so many (`take(5000)`), or those of some time (`take({ ms: 2000 })`). When the channel begins anew it starts over,
   * so that all are of one layout. Rejects with `timeout` when no sample comes for `timeoutMs` (default 10 000).
   */
  take(amount: TakeAmount, options: CaptureOptions = {}): Promise<Taken<V, C>> {
    return take(this, amount, patient(options));
  }

  /**
   * Keeps the last samples at hand from now on: so many, or those of so many ms; `recent.last()` gives them as columns at any time. It is a subscription that goes on until `recent.close()`.
   *
   * @example
   * const recent = motor.channel("state").keep({ ms: 10_000 });
   */
  keep(amount: TakeAmount, options: KeepOptions = {}): Recent<V, C> {
    const { maxBytes, ...wanted } = options;
    return new Recent<V, C>(this.subscribe({ last: true, ...wanted }), { amount, maxBytes });
  }

  /**
   * The first sample from now on of which `predicate` is true. Rejects with `timeout` when there is none for `timeoutMs` in all (default 10 000).
   *
   * @example
   * await motor.channel("state").until(({ speed }) => speed < 0.1);
   */
  until(predicate: (value: V, sample: Sample<V>) => boolean, options: CaptureOptions = {}): Promise<Sample<V>> {
    return until(this, predicate, patient(options));
  }

  /**
   * Waits until a field crosses a level, as an oscilloscope does, and resolves with the samples before and behind. Rejects with `timeout` when it does not cross
   * for `timeoutMs` (default 10 000), with `unknown_field`, or `bad_value` for a field that is no number.
   *
   * @example
   * const { columns, sinceMs } = await motor.channel("state").trigger({ field: "angle", level: 0.5, pre: 100, post: { ms: 400 } });
   */
  trigger(spec: TriggerSpec<keyof C & string>, options: CaptureOptions = {}): Promise<Triggered<V, C>> {
    return trigger(this, spec, patient(options));
  }
}

function patient(options: CaptureOptions): CaptureOptions & { readonly timeoutMs: number } {
  return { ...options, timeoutMs: options.timeoutMs ?? DEFAULT_WAIT_MS };
}
