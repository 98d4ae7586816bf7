// SPDX-License-Identifier: MIT
// The messages by which programs publish in open channels (docs/client-protocol.md), shared by the session and the client.
import type { ErrorCode } from "../model/errors.ts";
import type { Json } from "../model/values.ts";

/** What an open channel carries. */
export type OpenKind = "json" | "bytes";

/** The result of `open`. */
export interface OpenedChannel {
  /** The `stream` of the records that are published there. */
  readonly handle: number;
  readonly channel: string;
  readonly kind: OpenKind;
  readonly contentType: string | null;
  /** The number of who publishes with this handle. */
  readonly sender: number;
  readonly epoch: string;
  /** The sequence of the next sample. */
  readonly next: number;
}

/** The result of `publish`. */
export interface PublishedSample {
  readonly channel: string;
  readonly epoch: string;
  /** Null: the channel belongs to another bridge, which numbers it. */
  readonly seq: number | null;
  readonly time: number;
}

/** Who publishes: told before the first of its samples. */
export interface SenderEvent {
  readonly op: "sender";
  readonly sender: number;
  readonly name: string;
  readonly client: string;
}

/** Samples that were published by records and not taken in: so many from `first` on, by the client's own count. */
export interface RefusedEvent {
  readonly op: "refused";
  readonly handle: number;
  readonly first: number;
  readonly count: number;
  readonly error: { readonly code: ErrorCode; readonly message: string };
}

/** Requests about open channels, without their `id`. */
export type ChannelRequest =
  | {
      readonly op: "open";
      readonly channel: string;
      readonly kind: OpenKind;
      readonly contentType?: string;
      /** A name to be shown instead of the session's own. */
      readonly sender?: string;
    }
  | { readonly op: "close"; readonly handle: number }
  | {
      readonly op: "publish";
      readonly channel: string;
      readonly value?: Json;
      /** Base64. */
      readonly bytes?: string;
      readonly contentType?: string;
      /** ms since 1970 UTC; by default now. */
      readonly time?: number;
    };
