// SPDX-License-Identifier: MIT
// One channel in one form: collects what comes between two ticks and hands the same bytes to all its readers.
import { GAP_BYTES } from "../model/batch.ts";
import type { Loss } from "../model/values.ts";
import type { Channel } from "./channel.ts";
import type { Delivery, Encoding, Form } from "./form.ts";
import { Packer, type PackerParts } from "./packer.ts";
import type { Cancel, Chunk, EndReason, Reader } from "./ports.ts";
import type { SchemaEntry } from "./schemas.ts";
import type { Span } from "./span.ts";
import type { Flushable } from "./ticker.ts";

/** A stream hands out before its tick when so much waits: the bound of what the hub itself holds for it. */
export const FLUSH_BYTES = 1_048_576;

/** When so much came within {@link RUSH_MS}, nothing waits for more: such messages are large enough, and what is sent at once is still in the processor's cache. */
export const RUSH_BYTES = 250_000;
export const RUSH_MS = 1;

/** What a stream needs of its hub. */
export interface StreamParts extends PackerParts {
  /** Tells people that samples of a channel could not be encoded. */
  complain(channel: Channel, error: unknown): void;
}

/** A stream; lives as long as it has readers, that of the whole channel as long as the channel's name is remembered. */
export class Stream implements Flushable {
  /** Bridge-wide; the one that its batches carry. */
  readonly id: number;
  readonly channel: Channel;
  readonly form: Form;
  readonly #parts: StreamParts;
  /** Each with the epoch that it was told last, null for one that waits for the channel to appear. */
  readonly #readers = new Map<Reader, bigint | null>();
  #waiting: (Span | Loss)[] = [];
  #waitingBytes = 0;
  /** What came since then, within {@link RUSH_MS}. */
  #rushBytes = 0;
  #rushSinceMs = 0;
  #complained = false;
  /** Those who asked for a newest sample that is not here yet. */
  readonly #late = new Set<Reader>();
  /** Undefined while the channel cannot be had in this form. */
  #packer: Packer | undefined;
  #idleBeats = 0;
  /** With `latest` and `maxHz`: not before. */
  #dueMs = 0;
  #cancelDue: Cancel | undefined;

  /** Throws `unknown_field`, `invalid_argument` or `message_too_large` when the channel cannot be had in this form now. */
  constructor(id: number, channel: Channel, form: Form, parts: StreamParts) {
    this.id = id;
    this.channel = channel;
    this.form = form;
    this.#parts = parts;
    this.#packer = new Packer(id, channel, form, parts);
  }

  get delivery(): Delivery {
    return this.form.delivery;
  }

  get encoding(): Encoding {
    return this.form.encoding;
  }

  get readerCount(): number {
    return this.#readers.size;
  }

  /** The layout that readers see; null: JSON or bytes. */
  get schema(): SchemaEntry | null {
    return this.#packer?.schema ?? null;
  }

  /** Takes a batch in and says when it is to be handed out: now, when all of the chunk that it came with is there, or with the tick. */
  push(span: Span): "now" | "settle" | "tick" {
    if (this.#readers.size === 0 || this.#packer === undefined) return "tick";
    this.#idleBeats = 0;
    this.#late.clear();
    span.loan?.hold();
    if (this.delivery === "latest") {
      if (span.sender === 0) {
        letGo(this.#waiting);
        this.#waiting = [span];
      } else this.#waiting = latestOf(this.#waiting, span); // in an open channel nothing is lent
      return "tick";
    }
    const { byteLength } = span.batch;
    if (this.#rushBytes === 0 || span.readMs - this.#rushSinceMs >= RUSH_MS) {
      this.#rushBytes = 0;
      this.#rushSinceMs = span.readMs;
    }
    this.#rushBytes += byteLength;
    this.#waiting.push(span);
    this.#waitingBytes += byteLength;
    if (this.#waitingBytes >= FLUSH_BYTES) return "now";
    return this.#rushBytes >= RUSH_BYTES ? "settle" : "tick";
  }

  /** Takes a loss in, in its place; true when it should be flushed now. A `latest` stream skips on purpose and has none. */
  lose(loss: Loss): boolean {
    if (this.#readers.size === 0 || this.delivery === "latest" || this.#packer === undefined) return false;
    this.#waiting.push(loss);
    this.#waitingBytes += GAP_BYTES;
    return this.#waitingBytes >= FLUSH_BYTES;
  }

  flush(): boolean {
    if (this.#waiting.length === 0 || this.#isEarly()) return false;
    this.#handOut();
    return true;
  }

  /** Hands out what waits, also for the end of a column: readers come or go. */
  drain(): void {
    this.flush();
    this.#handOutRest();
  }

  /** Called about once a second: a column to which nothing more comes is handed out. */
  beat(): void {
    this.#idleBeats += 1;
    if (this.#idleBeats > 1) this.#handOutRest();
  }

  /** Adds a reader: it gets what is published from now on. */
  attach(reader: Reader): void {
    this.drain();
    this.#readers.set(reader, null);
    if (this.channel.live) this.#tell(reader, null, null);
    if (this.#readers.size === 1) this.channel.readersChanged();
  }

  /** Hands the newest sample to one reader, if there is one. */
  replay(reader: Reader): void {
    const span = this.channel.newest;
    if (span === null) {
      this.#late.add(reader);
      return;
    }
    this.drain();
    const chunk = this.#tried(() => this.#packer?.newest(span, false));
    if (chunk !== undefined && chunk !== "failed") reader.samples(this, chunk);
  }

  /** There is a newest sample now. */
  replayLate(): void {
    for (const reader of this.#late) this.replay(reader);
    this.#late.clear();
  }

  detach(reader: Reader): void {
    this.#late.delete(reader);
    this.#readers.delete(reader);
    if (this.#readers.size > 0) return;
    letGo(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#cancelDue?.();
    this.#cancelDue = undefined;
    this.channel.release(this);
    this.channel.readersChanged();
  }

  /** The channel is there; `missed` is what was published while the bridge had no link to it. */
  start(missed: Loss | null): void {
    this.#complained = false;
    try {
      this.#packer = new Packer(this.id, this.channel, this.form, this.#parts);
    } catch {
      this.#packer = undefined; // its readers were told the end, and are told a beginning when it can be had again
      return;
    }
    for (const [reader, told] of this.#readers) this.#tell(reader, told, missed);
  }

  /** Hands out everything, also what its reader wanted later: another life begins, or none. */
  finish(): void {
    this.#cancelDue?.();
    this.#cancelDue = undefined;
    this.#handOut();
    this.#handOutRest();
  }

  end(reason: EndReason): void {
    this.finish();
    if (this.#packer === undefined) return;
    for (const [reader, told] of this.#readers) if (told !== null) reader.ended(this, reason);
  }

  #tell(reader: Reader, told: bigint | null, missed: Loss | null): void {
    const { epoch } = this.channel;
    this.#readers.set(reader, epoch);
    reader.started(this, told === epoch ? null : told);
    if (missed !== null && told === epoch && this.delivery !== "latest") reader.lost(this, missed);
  }

  /** Whether it is too soon for the newest sample; then it is handed out at its time. */
  #isEarly(): boolean {
    const { delivery, maxHz } = this.form;
    if (delivery !== "latest" || maxHz === null) return false;
    const { clock } = this.#parts;
    const now = clock.now();
    if (now < this.#dueMs) {
      this.#cancelDue ??= clock.after(this.#dueMs - now, () => {
        this.#cancelDue = undefined;
        this.flush();
      });
      return true;
    }
    this.#dueMs = now + 1000 / maxHz;
    return false;
  }

  #handOut(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#rushBytes = 0;
    let run: Span[] = [];
    for (const item of waiting) {
      if ("batch" in item) {
        run.push(item);
      } else {
        this.#handOutRun(run);
        run = [];
        this.#handOutRest(); // what was before the loss
        for (const reader of this.#readers.keys()) reader.lost(this, item);
      }
    }
    this.#handOutRun(run);
  }

  #handOutRun(run: readonly Span[]): void {
    const [head] = run;
    const tail = run.at(-1);
    if (head === undefined || tail === undefined) return;
    const chunk = this.#tried(() => this.#packer?.pack(run));
    if (chunk !== "failed") {
      this.#give(chunk);
      letGo(run);
      return;
    }
    letGo(run);
    const count = run.reduce((sum, span) => sum + span.count, 0);
    const loss: Loss = { epoch: head.epoch, from: head.first, to: tail.last, count, reason: "unknown" };
    for (const reader of this.#readers.keys()) reader.lost(this, loss);
  }

  #handOutRest(): void {
    if (this.#packer?.holds !== true) return;
    const chunk = this.#tried(() => this.#packer?.rest());
    if (chunk !== "failed") this.#give(chunk);
  }

  #give(chunk: Chunk | undefined): void {
    if (chunk === undefined) return;
    for (const reader of this.#readers.keys()) {
      if (reader.holdsLoans !== true) for (const loan of chunk.loans) loan.keep();
      reader.samples(this, chunk);
    }
  }

  /** `failed` when the bytes cannot be encoded, e.g. of a JSON channel whose producer sends what is no JSON. */
  #tried(pack: () => Chunk | undefined): Chunk | "failed" | undefined {
    try {
      return pack();
    } catch (error) {
      if (!this.#complained) this.#parts.complain(this.channel, error);
      this.#complained = true; // once in a life of the producer is enough
      return "failed";
    }
  }
}

/** The newest sample, behind the newest of another sender: who published the one itself is to hear of the other. */
function latestOf(waiting: readonly (Span | Loss)[], span: Span): (Span | Loss)[] {
  const other = waiting.findLast((item) => "sender" in item && item.sender !== span.sender);
  return other === undefined ? [span] : [other, span];
}

/** The memory of what waited is not read here any more. */
function letGo(waiting: readonly (Span | Loss)[]): void {
  for (const item of waiting) if ("loan" in item) item.loan?.giveBack();
}
