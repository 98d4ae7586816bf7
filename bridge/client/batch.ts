// SPDX-License-Identifier: MIT
// Many samples of one channel as they came, decoded only where they are looked at.
import type { Codec } from "../layout/codec.ts";
import { batchSequences, batchTimes, batchTimesMs, readBatchHeader, variablePayloads } from "../layout/record.ts";
import { rows } from "../layout/rows.ts";
import { FLAG_SEQUENCES, type BatchHeader } from "../model/batch.ts";
import { BridgeError } from "../model/errors.ts";
import type { Layout, Schema } from "../model/schema.ts";
import type { ChannelKind, Columns, Loss, Value } from "../model/values.ts";
import { lazyColumns } from "./flow/columns.ts";
import { guardColumns, guardValue } from "./mismatch/guard.ts";
import type { Mismatch } from "./mismatch/mismatch.ts";
import { recordFrom } from "./flow/trim.ts";

/** Who published samples: the name of its session, or the one it chose, and what its program calls itself. */
export interface Sender {
  readonly name: string;
  readonly client: string;
}

/** What a batch is made of; the record is kept, not copied. */
export interface BatchParts {
  readonly channel: string;
  readonly kind: ChannelKind;
  readonly contentType: string | null;
  readonly header: BatchHeader;
  readonly record: Uint8Array;
  readonly layout: Layout | null;
  /** What the layout comes from. */
  readonly schema: Schema | null;
  readonly sender?: Sender | null;
  readonly codec: () => Codec;
  /** How the layout differs from what its reader was built for. */
  readonly mismatch?: Mismatch;
}

/** What stood before a batch in its channel; only a `Channel`'s iteration fills it, subscriptions deliver these by themselves. */
export interface BatchContext {
  readonly lostBefore: readonly Loss[];
  readonly restarted: boolean;
}

/**
 * Many samples of one channel, in order. The bytes are those that the driver wrote; columns and values are decoded when they are
 * first asked for, and kept. Nothing here blocks; bytes that break the format throw `bad_record`.
 */
export class Batch<V = Value, C = Columns> {
  readonly kind = "batch";
  readonly channel: string;
  /** What the channel carries. */
  readonly carries: ChannelKind;
  /** Of a `bytes` channel, else null. */
  readonly contentType: string | null;
  /** The producer's life, its start in ns since 1970. */
  readonly epoch: bigint;
  /** Sequence of the first sample. */
  readonly first: number;
  /** Sequence of the last sample. */
  readonly last: number;
  /** Number of samples, at least 1. */
  readonly count: number;
  /** Who published these samples, all of them; null for those of a driver. */
  readonly sender: Sender | null;
  /** How the structs read; null on `json` and `bytes` channels. */
  readonly layout: Layout | null;
  /** What was lost between the batch before and this one; filled when iterating a `Channel`. */
  readonly lostBefore: readonly Loss[];
  /** Whether the channel began anew before this batch: sequences start again; filled when iterating a `Channel`. */
  readonly restarted: boolean;
  readonly #parts: BatchParts;
  #columns: Columns | undefined;
  #times: Float64Array | undefined;
  #timesNs: BigInt64Array | undefined;
  #sequences: Float64Array | undefined;
  #values: V[] | undefined;

  constructor(parts: BatchParts, context?: BatchContext) {
    const { header, record } = parts;
    this.channel = parts.channel;
    this.carries = parts.kind;
    this.contentType = parts.contentType;
    this.epoch = header.epoch;
    this.first = header.first;
    this.count = header.count;
    if ((header.flags & FLAG_SEQUENCES) !== 0) this.#sequences = batchSequences(record);
    this.last = this.#sequences?.at(-1) ?? header.first + header.count - 1;
    this.sender = parts.sender ?? null;
    this.layout = parts.layout;
    this.lostBefore = context?.lostBefore ?? [];
    this.restarted = context?.restarted ?? false;
    this.#parts = parts;
  }

  /** The record as it came (docs/batch-format.md). Do not write to it. */
  get record(): Uint8Array {
    return this.#parts.record;
  }

  /** The time of each sample in ns since 1970 UTC, exactly. */
  get timesNs(): BigInt64Array {
    return (this.#timesNs ??= batchTimes(this.record));
  }

  /** The time of each sample in ms since 1970 UTC, with a fraction. */
  get times(): Float64Array {
    return (this.#times ??= batchTimesMs(this.record));
  }

  /** The sequence of each sample; they rise, and jump only where samples are missing. */
  get sequences(): Float64Array {
    return (this.#sequences ??= batchSequences(this.record));
  }

  /** The fields as typed arrays by path (`columns.angle`, `columns["pid.kp"]`), each decoded at its first use. Empty on `json` and `bytes` channels. */
  get columns(): C {
    if (this.#columns === undefined) {
      const { mismatch } = this.#parts;
      const columns = lazyColumns(this.#parts);
      this.#columns = mismatch === undefined ? columns : guardColumns(columns, mismatch);
    }
    return this.#columns as C;
  }

  /** The samples as objects; of a `json` channel as parsed, of a `bytes` channel as byte arrays. Costs an object a sample: prefer columns. */
  values(): V[] {
    return (this.#values ??= this.#decodeValues() as V[]);
  }

  /** JSON text of an array of `{"seq","time","value"}`, made natively; docs/client-protocol.md says how values are written. */
  json(): string {
    return this.#parts.codec().json(this.layout, this.record, this.carries === "json" ? "json" : "bytes");
  }

  /** The payloads of a `json` or `bytes` channel, as views of the record; empty for structs. */
  payloads(): Uint8Array[] {
    return this.carries === "struct" ? [] : variablePayloads(this.record);
  }

  /** The same batch together with what stood before it. */
  after(context: BatchContext): Batch<V, C> {
    return new Batch<V, C>(this.#parts, context);
  }

  /** What {@link layout} comes from; null on `json` and `bytes` channels. */
  get schema(): Schema | null {
    return this.#parts.schema;
  }

  /** The same batch for a reader that was built for another struct: fields that break throw when they are looked at. */
  guarded(mismatch: Mismatch): Batch<V, C> {
    const { lostBefore, restarted } = this;
    return new Batch<V, C>({ ...this.#parts, mismatch }, { lostBefore, restarted });
  }

  /** The samples from sequence `first` on, copied; `first` must not be beyond the last one. */
  from(first: number): Batch<V, C> {
    if (first <= this.first) return this;
    const record = recordFrom(this.record, first);
    return new Batch<V, C>({ ...this.#parts, record, header: readBatchHeader(record) });
  }

  #decodeValues(): readonly Value[] {
    const { codec, layout, record, kind, mismatch } = this.#parts;
    if (layout !== null) {
      const values = rows(layout, codec().columns(layout, record), this.count);
      return mismatch === undefined ? values : values.map((value) => guardValue(value, mismatch));
    }
    const payloads = variablePayloads(record);
    return kind === "json" ? parseAll(payloads) : payloads;
  }
}

function parseAll(payloads: readonly Uint8Array[]): Value[] {
  const utf8 = new TextDecoder();
  try {
    return payloads.map((payload) => JSON.parse(utf8.decode(payload)) as Value);
  } catch (cause) {
    throw new BridgeError("bad_record", "a sample of a JSON channel is not JSON", { cause });
  }
}
