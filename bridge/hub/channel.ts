// SPDX-License-Identifier: MIT
// A channel by its whole name: what its producer says of it, which sequences were accounted for, and the streams that read it.
import { BridgeError } from "../model/errors.ts";
import { Halves } from "../model/words.ts";
import type { ChannelKind, Loss, LossReason } from "../model/values.ts";
import type { Loan } from "./loans.ts";
import { formKey, WHOLE, type Form } from "./form.ts";
import { Packer } from "./packer.ts";
import type { EndReason } from "./ports.ts";
import type { SchemaEntry } from "./schemas.ts";
import { spanOf, type Span } from "./span.ts";
import { Stream, type StreamParts } from "./stream.ts";
import type { Ticker } from "./ticker.ts";

/** How a producer advertises a channel. */
export interface ChannelSpec {
  readonly kind: ChannelKind;
  /** Of kind `struct`, else null. */
  readonly schema: SchemaEntry | null;
  /** Of kind `bytes`, else null. */
  readonly contentType: string | null;
  readonly epoch: bigint;
  /** The sequence of the next sample. */
  readonly next: number;
  /** Ids of the bridges through which it comes, the nearest first; left out: of none. */
  readonly via?: readonly string[];
}

/** A producer of whom samples are asked only while somebody reads; told whether somebody does, whenever that changes. */
export type Demand = (wanted: boolean) => void;

/** What a producer counts of a channel. */
export interface ChannelCounters {
  readonly published: number;
  readonly ringDropped: number;
  readonly linkDropped: number;
}

/** What channels share. */
export interface ChannelParts extends StreamParts {
  readonly ticker: Ticker;
  takeStreamId(): number;
  /** Counts the memory that newest batches keep: so many bytes more (or less). */
  retain(bytes: number): void;
}

/** A channel. It outlives its producer, so that its readers and stream ids go on when the producer comes back. */
export class Channel {
  readonly name: string;
  /** The name of the driver that produces it; null: an open channel, the bridge's own. */
  driver: string | null = null;
  /** Of an open channel: those who may publish at any time. */
  publishers = 0;
  /** Ids of the bridges through which it comes, the nearest first. */
  via: readonly string[] = [];
  /** Whether samples may come. One that is offered is listed and not live while nobody reads it. */
  live = false;
  kind: ChannelKind = "struct";
  schema: SchemaEntry | null = null;
  contentType: string | null = null;
  epoch = 0n;
  /** The sequence after the last one that came or is known to be lost: so many were published. */
  next = 0;
  /** Samples a second over the last beat. */
  rate = 0;
  /** Samples that came, and those that are known to be lost before they came, since the bridge started. */
  received = 0;
  readonly lost: { [Reason in LossReason]?: number } = {};
  readonly #parts: ChannelParts;
  readonly #streams = new Map<string, Stream>();
  #source: Stream | undefined;
  #newest: Span | null = null;
  #newestIsTrimmed = false;
  #opened = false;
  #lastSequence = -1;
  #beatNext = 0;
  #counters: ChannelCounters | null = null;
  /** The epoch as it stands in batches. */
  #halves = new Halves(0n);
  #demand: Demand | undefined;
  #wasWanted = false;

  constructor(name: string, parts: ChannelParts) {
    this.name = name;
    this.#parts = parts;
  }

  /** The newest batch, or of it the newest sample alone. */
  get newest(): Span | null {
    return this.#newest;
  }

  /** The stream of one form; made for its first reader. Throws as {@link check} does. */
  stream(form: Form): Stream {
    const key = formKey(form);
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      stream = new Stream(this.#parts.takeStreamId(), this, form, this.#parts);
      this.#streams.set(key, stream);
    }
    return stream;
  }

  /** Throws `unknown_field`, `invalid_argument` or `message_too_large` when the channel cannot be had in this form. */
  check(form: Form): void {
    if (!this.#streams.has(formKey(form))) new Packer(0, this, form, this.#parts);
  }

  /** The stream whose id stands in the batches that the producer's link hands to {@link publish}. */
  get source(): Stream {
    return (this.#source ??= this.stream(WHOLE));
  }

  /** A stream has no readers any more: all but the source are let go of, for there may be as many as clients think of. */
  release(stream: Stream): void {
    if (stream === this.source) return;
    this.#streams.delete(formKey(stream.form));
    this.#parts.ticker.forget(stream);
  }

  /** Forms that somebody reads, and the source. */
  get streamCount(): number {
    return this.#streams.size;
  }

  get hasReaders(): boolean {
    for (const stream of this.#streams.values()) if (stream.readerCount > 0) return true;
    return false;
  }

  /** What the producer counts; of an open channel, all that was published came. */
  get counters(): ChannelCounters {
    return this.#counters ?? { published: this.next, ringDropped: 0, linkDropped: 0 };
  }

  set counters(counters: ChannelCounters) {
    this.#counters = counters;
  }

  /** A producer is there, or the bridge itself. Readers go on: by a loss when it is the same life, else by a restart. */
  open(driver: string | null, spec: ChannelSpec): void {
    for (const stream of this.#streams.values()) stream.finish(); // what is of the life before
    const resumed = this.#opened && this.epoch === spec.epoch;
    const missed =
      resumed && spec.next > this.next ? lossOf(spec.epoch, this.next, spec.next - 1, "disconnected") : null;
    // In the same life it may have been withdrawn and advertised anew, and then its sequences begin again.
    const goesOn = resumed && spec.next >= this.next;
    if (!goesOn || this.schema !== spec.schema || this.kind !== spec.kind) this.forgetNewest();
    this.#opened = true;
    this.live = true;
    this.#describe(driver, spec);
    this.epoch = spec.epoch;
    this.#halves = new Halves(spec.epoch);
    this.next = spec.next;
    this.rate = 0;
    this.#counters = driver === null ? null : { published: spec.next, ringDropped: 0, linkDropped: 0 };
    this.#lastSequence = spec.next - 1;
    this.#beatNext = spec.next;
    if (missed !== null) this.#countLoss(missed);
    for (const stream of this.#streams.values()) stream.start(missed);
  }

  /**
   * A producer is there that is asked for samples while somebody reads. It begins with {@link open} as soon as they come; until then the channel stands as `spec` says.
   * Ended by {@link close}.
   */
  offer(driver: string | null, spec: ChannelSpec, demand: Demand): void {
    this.#describe(driver, spec);
    if (!this.#opened) {
      this.epoch = spec.epoch;
      this.#halves = new Halves(spec.epoch);
      this.next = spec.next;
    }
    this.#demand = demand;
    this.#wasWanted = false;
    this.readersChanged();
  }

  /** The producer of an offered channel was told that nobody reads, and sends no more. */
  rest(): void {
    this.live = false;
    this.#opened = false;
  }

  /** What the producer of a channel that rests says of it; true when that is news. */
  observe(next: number, rate: number): boolean {
    if (this.live) return false;
    const changed = rate !== this.rate || (!this.#opened && next !== this.next);
    if (!this.#opened) this.next = next;
    this.rate = rate;
    return changed;
  }

  /** To be called when a stream has its first reader or none any more. */
  readersChanged(): void {
    if (this.#demand === undefined) return;
    const wanted = this.hasReaders;
    if (wanted === this.#wasWanted) return;
    this.#wasWanted = wanted;
    this.#demand(wanted);
  }

  /** The producer is gone, or the channel is. */
  close(reason: EndReason): void {
    this.#demand = undefined;
    this.rate = 0;
    this.pause(reason);
  }

  /** No samples come for now; readers are told. Whoever produces an offered channel may still be there. */
  pause(reason: EndReason): void {
    if (!this.live) return;
    for (const stream of this.#streams.values()) {
      stream.end(reason);
      this.#parts.ticker.forget(stream);
    }
    this.live = false;
    this.trimNewest();
  }

  /**
   * Takes in a batch with the stream id of {@link source}, read at `readMs` (ms since 1970 UTC); the channel keeps it. Readers get it at the next settle or tick. A jump that
   * nobody explained becomes a loss. `loan`: the memory that the batch is in, where that is lent. Throws `bad_record` when the epoch or the order is wrong.
   */
  publish(batch: Uint8Array, readMs: number, loan: Loan | null = null): void {
    const span = this.#spanOf(batch, readMs, loan);
    if (span === null) throw new BridgeError("bad_record", `${this.name}: a batch of another epoch`);
    const { epoch, first, last, count } = span;
    if (first <= this.#lastSequence) {
      throw new BridgeError(
        "bad_record",
        `${this.name}: sequence ${String(first)} came after ${String(this.#lastSequence)}`,
      );
    }
    if (first > this.next) this.#spread(lossOf(epoch, this.next, first - 1, "unknown"));
    this.#lastSequence = last;
    this.next = Math.max(this.next, last + 1);
    this.received += count;
    this.#keep(span, false);
    for (const stream of this.#streams.values()) {
      if (stream.readerCount === 0) continue;
      const due = stream.push(span);
      if (due === "now") stream.flush();
      if (due === "settle") this.#parts.ticker.urge(stream);
      else this.#parts.ticker.touch(stream);
    }
  }

  /** Takes in the newest sample from before the channel began here, for those who asked for it. */
  recall(batch: Uint8Array, readMs: number): void {
    const span = this.#spanOf(batch, readMs, null);
    if (span === null || this.#newest !== null) return;
    this.#keep(span, false);
    for (const stream of this.#streams.values()) stream.replayLate();
  }

  /** Takes in a loss that the producer reports. Throws `bad_record` for another epoch. */
  lose(loss: Loss): void {
    if (loss.epoch !== this.epoch) throw new BridgeError("bad_record", `${this.name}: a gap of another epoch`);
    if (loss.from > this.next) this.#spread(lossOf(loss.epoch, this.next, loss.from - 1, "unknown"));
    this.next = Math.max(this.next, loss.to + 1);
    this.#spread(loss);
  }

  /** Measures the rate over the time since the last beat; true when something that the directory shows has changed. */
  beat(elapsedMs: number): boolean {
    this.trimNewest();
    if (!this.live) return false; // its producer says how it is
    for (const stream of this.#streams.values()) stream.beat();
    const rate = elapsedMs > 0 ? Math.round(((this.next - this.#beatNext) * 10_000) / elapsedMs) / 10 : this.rate;
    const changed = rate !== this.rate || this.next !== this.#beatNext;
    this.#beatNext = this.next;
    this.rate = rate;
    return changed;
  }

  /** Keeps of the newest batch the newest sample alone: the rest, and the chunk whose memory it shares, may go. */
  trimNewest(): void {
    const span = this.#newest;
    if (span === null || this.#newestIsTrimmed) return;
    const batch = this.#parts.tools.newest(span.batch, this.source.id);
    this.#keep({ ...span, batch, first: span.last, count: 1, loan: null }, true);
  }

  forgetNewest(): void {
    this.#keep(null, true);
  }

  #describe(driver: string | null, { kind, schema, contentType, via = [] }: ChannelSpec): void {
    this.driver = driver;
    this.kind = kind;
    this.schema = schema;
    this.contentType = contentType;
    this.via = via;
  }

  /** Null for a batch of another epoch. */
  #spanOf(batch: Uint8Array, readMs: number, loan: Loan | null): Span | null {
    return this.#halves.isAt(batch, 16) ? spanOf(batch, { epoch: this.epoch, readMs }, loan) : null;
  }

  #countLoss({ reason, count }: Loss): void {
    this.lost[reason] = (this.lost[reason] ?? 0) + count;
  }

  #keep(span: Span | null, trimmed: boolean): void {
    const before = this.#newest?.batch.buffer.byteLength ?? 0;
    span?.loan?.hold();
    this.#newest?.loan?.giveBack();
    this.#newest = span;
    this.#newestIsTrimmed = trimmed;
    this.#parts.retain((span?.batch.buffer.byteLength ?? 0) - before);
  }

  #spread(loss: Loss): void {
    this.#countLoss(loss);
    for (const stream of this.#streams.values()) {
      if (stream.lose(loss)) stream.flush();
      this.#parts.ticker.touch(stream);
    }
  }
}

function lossOf(epoch: bigint, from: number, to: number, reason: Loss["reason"]): Loss {
  return { epoch, from, to, count: to - from + 1, reason };
}
