// SPDX-License-Identifier: MIT
// What the hub needs from the floors above: a clock, tools for batches, the way to a driver, and the readers it serves.
import type { Layout } from "../model/schema.ts";
import type { ChannelKind, Loss } from "../model/values.ts";
import type { Stream } from "./stream.ts";

/** Undoes what returned it; calling it twice does nothing more. */
export type Cancel = () => void;

/** Time as the hub and the sessions know it. */
export interface Clock {
  /** ms since 1970 UTC, with a fraction. */
  now(): number;
  /** Runs `run` once, not before `delayMs` have passed and never inside the call itself. */
  after(delayMs: number, run: () => void): Cancel;
}

/** What is done natively to whole batches. */
export interface BatchTools {
  /** One batch from several of one stream, schema and epoch, in order. */
  merge(batches: readonly Uint8Array[]): Uint8Array;
  /** A batch of the newest sample alone, with the id `stream`; a copy. */
  newest(batch: Uint8Array, stream: number): Uint8Array;
  /** The UTF-8 text of the `samples` message; `layout` is null for JSON and bytes. Throws when the payloads are not of their kind. */
  samples(stream: number, kind: ChannelKind, layout: Layout | null, batch: Uint8Array): Uint8Array;
}

/** What a driver answered to a set. */
export interface AppliedValue {
  /** The whole struct that now holds. */
  readonly value: Uint8Array;
  /** The whole name of the channel that the parameter governs. */
  readonly channel: string | null;
  readonly epoch: bigint | null;
  /** The first sample of `channel` after the value took effect. */
  readonly next: number | null;
  /** ns since 1970 UTC */
  readonly time: bigint;
}

/** The way to one connected driver. Everything rejects with a `BridgeError`, at once when the driver dies. */
export interface DriverPort {
  set(parameter: number, value: Uint8Array, mask: Uint8Array): Promise<AppliedValue>;
  /** An aborted `signal` tells the driver; the promise may then stay open until it answers. */
  call(service: number, request: Uint8Array, signal: AbortSignal): Promise<Uint8Array>;
}

/** How a reader wants samples: every one, at each flush the newest alone, or those with the extremes of each column of time. */
export type Delivery = "queue" | "latest" | "minmax";

/** What a reader wants them as: batch records, or JSON text. */
export type Encoding = "batch" | "json";

/** Why a channel ended for its readers. */
export type EndReason = "withdrawn" | "disconnected";

/** Samples of one stream, encoded once and handed to all its readers: nobody may change the bytes. */
export interface Chunk {
  readonly epoch: bigint;
  /** Sequence of the first and of the last sample. */
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** Sum over `parts`. */
  readonly bytes: number;
  /** Encoding `batch`: records, together one message. Encoding `json`: UTF-8 texts, a message each. */
  readonly parts: readonly Uint8Array[];
}

/** Who reads streams: a session. Called in the order in which things happened; must not throw and must not call back into the hub. */
export interface Reader {
  /** The channel is there. `previous` is the epoch that this reader had before, when it was another. */
  started(stream: Stream, previous: bigint | null): void;
  samples(stream: Stream, chunk: Chunk): void;
  lost(stream: Stream, loss: Loss): void;
  ended(stream: Stream, reason: EndReason): void;
}
