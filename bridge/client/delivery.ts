// SPDX-License-Identifier: MIT
// What comes out of a subscription: batches, and what happened to the stream between them.
import type { Columns, Loss, Value } from "../model/values.ts";
import type { Batch, Sender } from "./batch.ts";

/** Samples that were published and will not come. */
export interface Lost {
  readonly kind: "lost";
  readonly channel: string;
  readonly loss: Loss;
}

/**
 * The channel began anew: sequences start again, and the layout may be another one. Mostly its producer began another life; where `epoch` is
 * `previous`, it withdrew the channel and advertised it again in the same one.
 */
export interface Restart {
  readonly kind: "restart";
  readonly channel: string;
  readonly epoch: bigint;
  readonly previous: bigint;
}

/** The channel is gone; it may come back, with a `restart` when its producer is another one. */
export interface End {
  readonly kind: "end";
  readonly channel: string;
  readonly reason: "withdrawn" | "disconnected" | "unsubscribed";
}

/** One thing in the order in which it happened; of different channels in the order of arrival. */
export type Delivery<V = Value, C = Columns> = Batch<V, C> | Lost | Restart | End;

/** One sample, decoded. `time` is in ms since 1970 UTC. */
export interface Sample<V> {
  readonly seq: number;
  readonly time: number;
  readonly value: V;
  /** Who published it; not there when that was a driver. */
  readonly sender?: Sender;
}
