// SPDX-License-Identifier: MIT
// What the hub needs from the floors above: a clock, tools for batches, the way to a driver, and the readers it serves.
import type { Layout, Schema } from "../model/schema.ts";
import type { ChannelKind, Loss } from "../model/values.ts";
import type { Form } from "./form.ts";
import type { Loan } from "./loans.ts";
import type { OpenSpec } from "./open-channels.ts";
import type { Publisher } from "./publisher.ts";
import type { Sender } from "./senders.ts";
import type { CallArguments } from "./service.ts";
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
  /**
   * What makes a stream of this form out of a channel's batches; null when they stay as they are. `layout` is null for JSON and bytes. Throws
   * `unknown_field`, `invalid_argument` or `message_too_large` when the form cannot be had.
   */
  shaper(form: Form, layout: Layout | null): Shaper | null;
  /** A record that tells when the newest sample of a message was read and when the message was made, in ms since 1970 UTC. */
  stamp(stream: number, readMs: number, sentMs: number): Uint8Array;
  /** A batch of the newest sample alone, with the id `stream`; a copy. */
  newest(batch: Uint8Array, stream: number): Uint8Array;
  /** The UTF-8 text of the `samples` message; `layout` is null for JSON and bytes. Throws when the payloads are not of their kind. */
  samples(stream: number, kind: ChannelKind, layout: Layout | null, batch: Uint8Array): Uint8Array;
}

/** The ids that stand in a stream's batches. */
export interface Labels {
  readonly stream: number;
  readonly schema: number;
}

/** Thins the batches of one stream, in order, and cuts their structs down. Results have memory of their own. */
export interface Shaper {
  /** The struct of the fields that are kept; null: the channel's own. */
  readonly struct: { readonly layout: Layout; readonly schema: Schema } | null;
  /** Whether samples of a column that is not over are held. */
  readonly holds: boolean;
  take(batch: Uint8Array, labels: Labels): readonly Uint8Array[];
  /** Gives what is held. */
  flush(labels: Labels): readonly Uint8Array[];
  /** Cuts structs down without thinning. */
  cut(batch: Uint8Array, labels: Labels): readonly Uint8Array[];
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

/** A question that is under way. */
export interface Asked<T> {
  readonly answer: Promise<T>;
  /** Nobody waits any more; the answer may then never come. A function rather than an AbortSignal, as making one costs more than the rest of a call. */
  giveUp?(): void;
}

/** The way to one connected driver. Everything rejects with a `BridgeError`, at once when the driver dies. */
export interface DriverPort {
  set(parameter: number, value: Uint8Array, mask: Uint8Array): Promise<AppliedValue>;
  /** Giving up tells the driver. */
  call(service: number, request: Uint8Array): Asked<Uint8Array>;
  /** Only of another bridge: a publisher in a channel of its own, by the name that it has there. Throws `forbidden` or `name_in_use` where nobody can publish. */
  open?(name: string, spec: OpenSpec, sender: Sender): Publisher;
}

/** The way to one program that provides services or streams. Its answers come through `Provider.returned`, each by the number of its call. */
export interface ProviderPort {
  /** Bytes that were sent to it and that its system has not taken. */
  readonly unreadBytes: number;
  /** Throws `message_too_large` or `bad_value` when the arguments cannot be sent. */
  invoke(call: number, service: string, given: CallArguments): void;
  adjust(call: number, stream: string, change: { readonly enabled?: boolean; readonly hz?: number }): void;
  /** Nobody waits for the answer of this call any more. */
  abandon(call: number): void;
}

/** Why a channel ended for its readers. */
export type EndReason = "withdrawn" | "disconnected";

/** Samples of one sender that follow each other. */
export interface Run {
  /** 0: none, as of a driver's channel. */
  readonly sender: number;
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

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
  /** Of an open channel what each part holds, null for a part without samples; null: the channel is a driver's. */
  readonly runs: readonly (Run | null)[] | null;
  /** Lent memory that parts are in. */
  readonly loans: readonly Loan[];
  /** With `latest`, for who published this sample: the newest of another sender, if there was one. */
  readonly instead: Chunk | null;
}

/** Who reads streams: a session. Called in the order in which things happened; must not throw and must not call back into the hub. */
export interface Reader {
  /** It holds the loans of chunks for as long as it reads them. Left out: it does not, and the memory is not used again. */
  readonly holdsLoans?: true;
  /** The channel is there. `previous` is the epoch that this reader had before, when it was another. */
  started(stream: Stream, previous: bigint | null): void;
  samples(stream: Stream, chunk: Chunk): void;
  lost(stream: Stream, loss: Loss): void;
  ended(stream: Stream, reason: EndReason): void;
}
