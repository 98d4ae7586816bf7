// SPDX-License-Identifier: MIT
// What the page needs of the client library, so that a script can stand in for a bridge.
import type { Batch } from "../../../client/batch.ts";
import type { Client } from "../../../client/client.ts";
import type { Delivery } from "../../../client/delivery.ts";
import type { Latency } from "../../../client/flow/latency.ts";
import type { Presets } from "../../../client/presets/presets.ts";
import type { ConnectOptions, SubscribeOptions } from "../../../client/options.ts";

/** The part of a batch that the page reads. */
export interface PageBatch extends Pick<
  Batch,
  | "kind"
  | "channel"
  | "carries"
  | "contentType"
  | "epoch"
  | "first"
  | "last"
  | "count"
  | "times"
  | "sequences"
  | "columns"
  | "payloads"
> {
  /** The samples from sequence `first` on; `first` must not be beyond the last one. */
  from(first: number): PageBatch;
}

/** What comes out of a subscription. */
export type PageDelivery = PageBatch | Exclude<Delivery, Batch>;

/** A subscription as the page uses it. */
export interface PageSubscription extends AsyncIterable<PageDelivery> {
  /** Undefined until it is known. */
  readonly latency: Latency | undefined;
  close(): void;
}

/** Presets as a page uses them. */
export type PresetPort = Pick<Presets, "list" | "save" | "load" | "compare" | "remove">;

/** A way to publish in one channel, as a page uses it. */
export interface PagePublisher {
  /** Rejects with the bridge's refusal. */
  readonly opened: Promise<void>;
  publish(value: object): unknown;
  close(): void;
}

/** A connection to a bridge as the page uses it. */
export interface PageClient extends Pick<
  Client,
  "bridge" | "successor" | "state" | "directory" | "on" | "watch" | "logs" | "set" | "call" | "close"
> {
  subscribe(channels: string, options?: SubscribeOptions): PageSubscription;
  publisher(channel: string): PagePublisher;
  readonly presets: PresetPort;
}

/** What a subscription is opened with. */
export type FeedClient = Pick<PageClient, "subscribe">;

/** Opens a connection. */
export type Connect = (options: ConnectOptions) => Promise<PageClient>;
