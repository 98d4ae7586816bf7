// SPDX-License-Identifier: MIT
// Who hears what the streams of a subscription bring, in order: the feed of a reader, or whoever hands it on.
import type { ChannelKind, Loss } from "../../model/values.ts";
import type { Batch } from "../batch.ts";
import type { End } from "../delivery.ts";
import type { Stamped } from "./latency.ts";

/** What a channel carries, as the bridge announced it. */
export interface Carries {
  readonly kind: ChannelKind;
  /** Of kind `bytes`, else null. */
  readonly contentType: string | null;
}

/** Hears one subscription. Nothing of it may throw but faults of the bridge, which end the connection. */
export interface StreamListener {
  /** A stream of the channel was announced, which is at `next` in `epoch`. */
  stream(channel: string, epoch: bigint, next: number, carries: Carries): void;
  /** Another life of the producer, of which `next` samples were published before we could get them. */
  restart(channel: string, epoch: bigint, next: number): void;
  end(channel: string, reason: End["reason"]): void;
  gap(channel: string, loss: Loss): void;
  /** `isOwn`: this client published it. */
  batch(batch: Batch, isOwn: boolean): void;
  stamped(stamped: Stamped): void;
  /** The connection is gone; the subscription is made again on the next one. */
  disconnected(): void;
}
