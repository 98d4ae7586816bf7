// SPDX-License-Identifier: MIT
// The port to struct bytes: what the native addon and its JavaScript twin both do, with equal results.
import type { Layout } from "../model/schema.ts";
import type { Columns } from "../model/values.ts";
import type { CompiledFilter } from "./select/filter.ts";
import type { Projection } from "./select/projection.ts";
import type { Thinner, Thinning } from "./select/thin.ts";

/** A struct's bytes and which of their bits were given, as a SET carries them. Both have the size of the struct. */
export interface EncodedStruct {
  readonly value: Uint8Array;
  readonly mask: Uint8Array;
}

/** Arrays and objects of published JSON stand at most so deep in each other. */
export const MAX_JSON_DEPTH = 64;

/** Where {@link Codec.payloads} go. */
export interface PayloadTarget {
  /** The id that is written into the records. */
  readonly stream: number;
  /** Of one record: at least 1 MiB and 64 bytes, at most 16 MiB. */
  readonly maxBytes: number;
  /** What the payloads are, where there is no layout. */
  readonly kind: "json" | "bytes";
}

/** Reads and writes struct bytes. Keeps a compiled plan per layout, found by the layout's identity. Every call is synchronous. */
export interface Codec {
  readonly name: "addon" | "javascript";

  /**
   * The fields of all samples of a batch as typed arrays by path; only `paths` when given. The arrays of one call are views of one ArrayBuffer. `into`:
   * what an earlier call gave for the same fields and as many samples; its memory is filled again, so that nothing is allocated. Throws
   * `bad_record`, `unknown_field`.
   */
  columns(layout: Layout, batch: Uint8Array, paths?: readonly string[], into?: Columns): Columns;

  /**
   * A batch as the text of a JSON array of `{"seq","time","value"}` (docs/client-protocol.md, "Encoding json"). Without a layout the payloads are
   * `variable`: JSON, embedded as it is once it has proved to be JSON, or bytes, as base64. Throws `bad_record`, and
   * `message_too_large` beyond 256 MiB of text.
   */
  json(layout: Layout | null, batch: Uint8Array, variable?: "json" | "bytes"): string;

  /**
   * Checks a batch that a program publishes in a channel of that kind, and writes the time `nowMs` (ms since 1970 UTC) into it where its times are 0. Throws
   * `bad_record`, `message_too_large` for a payload of more than 1 MiB, and `bad_value` for JSON that is none or nested deeper than
   * {@link MAX_JSON_DEPTH}.
   */
  admit(batch: Uint8Array, kind: "json" | "bytes", nowMs: number): void;

  /**
   * A batch as batches for readers that know no layouts: structs as their JSON texts, JSON and bytes as they are. Samples that are no JSON, and texts of more than
   * 1 MiB, become gaps of the reason `unknown`. Throws `bad_record`, and `message_too_large` beyond 256 MiB of text.
   */
  payloads(layout: Layout | null, batch: Uint8Array, target: PayloadTarget): readonly Uint8Array[];

  /** One struct as JSON text. Throws `bad_record` when it has not the size of the layout. */
  valueJson(layout: Layout, struct: Uint8Array): string;

  /**
   * Writes fields given by name into a struct that is zero elsewhere: nested objects or `a.b`, an element as `a[2]`, enums by label or number. What
   * does not fit its type or is given twice is `bad_value`, an unknown name `unknown_field`. Limits are the driver's to check.
   */
  encode(layout: Layout, values: Readonly<Record<string, unknown>>): EncodedStruct;

  /**
   * Structs one behind the other from columns as {@link columns} makes them: many at once, for a batch or a recording. Fields without a column, and pad bytes, are
   * zero; a value that is too large for a bitfield loses its upper bits; where fields overlap, the later one in the struct stands. `into`: exactly the
   * memory they need, which is written instead of new memory. Throws `unknown_field`, `bad_value`, and
   * `message_too_large` beyond 16 MiB.
   */
  structs(layout: Layout, columns: Columns, count: number, into?: Uint8Array): Uint8Array;

  /**
   * One batch from several of one stream, schema and epoch, in order of their sequences; where these jump the result lists them. A single batch
   * is returned as it is. Throws `invalid_argument` for batches that do not belong together, `message_too_large` beyond the limits of a batch.
   */
  merge(batches: readonly Uint8Array[]): Uint8Array;

  /**
   * A batch of structs with only the fields of the projection (`makeProjection`): a batch of `projection.layout`, the ids of its header kept; several
   * only where one would be larger than a batch may be. Throws `bad_record`.
   */
  project(projection: Projection, batch: Uint8Array): readonly Uint8Array[];

  /**
   * The samples of a batch of structs that pass a filter (`makeFilter`): no batch, or one, or several only where one would be larger than a batch may be;
   * the batch itself where all of them pass. Throws `bad_record`.
   */
  filter(filter: CompiledFilter, batch: Uint8Array): readonly Uint8Array[];

  /** Makes what thins one stream. Throws `invalid_argument`, `unknown_field`, and `message_too_large` where the candidates of one column could be more than a batch. */
  thinner(thinning: Thinning): Thinner;

  splitter(): Splitter;
}

/** Where a routed stream goes: the bridge's ids, and the size of its structs (0: JSON or bytes). */
export interface Route {
  readonly stream: number;
  readonly schema: number;
  readonly size: number;
}

/** What went through a splitter. */
export interface SplitCounts {
  readonly chunks: number;
  readonly records: number;
  readonly batches: number;
  readonly samples: number;
}

/** Cuts the byte stream of one driver link into checked records. */
export interface Splitter {
  /**
   * Takes a chunk, which is copied, and gives the records it completes, in order. Consecutive batches of one stream, schema and epoch come out as
   * one, unless they are large. Each record starts at a multiple of 8 in memory that is its own to keep. HELLO, ADVERTISE and WITHDRAW may change routes:
   * what follows them is read only when the iteration goes on, so call `route` inside the loop. Records not taken come with the next push.
   * Throws `bad_record`, after the good records before it, and again at every later push.
   *
   * `lent` is memory that the records may be written to instead of new memory, whose they then are (their `buffer` tells): it may hold other ones only when nobody reads these
   * any more. They fit where it is as large as the chunk and {@link keptBytes}. What is read when the iteration goes on has memory of its own.
   *
   * `maxLeft` above 0: the chunk stands at the beginning of its memory, which is lent in the same way: records may be changed there and stay. The beginning of a record at its end, of
   * at most so many bytes, may be left to the caller: {@link leftBytes} says how many, and they come again in front of the next chunk.
   */
  push(chunk: Uint8Array, lent?: ArrayBuffer, maxLeft?: number): Iterable<Uint8Array>;

  /** Bytes at the end of the last chunk that have to come again. */
  readonly leftBytes: number;

  /** Bytes of a record that is not whole yet. */
  readonly keptBytes: number;

  /** The largest record that is accepted from now on, in bytes; at first and at most 16 MiB. */
  limit(maxRecordBytes: number): void;

  /** From now on batches and gaps of stream `from` get these ids written in; a batch of an unknown stream or with structs of another size is `bad_record`. */
  route(from: number, to: Route): void;

  unroute(from: number): void;

  /** Nanoseconds added to all times of batches from now on. */
  offset(ns: bigint): void;

  readonly counts: SplitCounts;
}
