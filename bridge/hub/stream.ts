// SPDX-License-Identifier: MIT
// One channel in one delivery and encoding: collects what comes between two ticks and hands the same bytes to all its readers.
import { GAP_BYTES } from "../model/batch.ts";
import type { Loss } from "../model/values.ts";
import type { Channel } from "./channel.ts";
import type { BatchTools, Chunk, Delivery, Encoding, EndReason, Reader } from "./ports.ts";
import type { Flushable } from "./ticker.ts";

/** A stream hands out before its tick when so much waits: the bound of what the hub itself holds for it. */
export const FLUSH_BYTES = 1_048_576;

/** Batches are merged up to this size; beyond it a copy costs more than one more record in the message. */
export const MERGE_BYTES = 262_144;

/** A batch with what its sequences span. */
export interface Span {
  readonly batch: Uint8Array;
  readonly epoch: bigint;
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

/** What a stream needs of its hub. */
export interface StreamParts {
  readonly tools: BatchTools;
  /** Tells people that samples of a channel could not be encoded. */
  complain(channel: Channel, error: unknown): void;
}

/** A stream; lives as long as its channel's name is remembered. */
export class Stream implements Flushable {
  /** Bridge-wide; the one that its batches carry. */
  readonly id: number;
  readonly channel: Channel;
  readonly delivery: Delivery;
  readonly encoding: Encoding;
  readonly #parts: StreamParts;
  /** Each with the epoch that it was told last, null for one that waits for the channel to appear. */
  readonly #readers = new Map<Reader, bigint | null>();
  #waiting: (Span | Loss)[] = [];
  #waitingBytes = 0;
  #complained = false;

  constructor(id: number, channel: Channel, delivery: Delivery, encoding: Encoding, parts: StreamParts) {
    this.id = id;
    this.channel = channel;
    this.delivery = delivery;
    this.encoding = encoding;
    this.#parts = parts;
  }

  get readerCount(): number {
    return this.#readers.size;
  }

  /** Takes a batch in; true when it should be flushed now. */
  push(span: Span): boolean {
    if (this.#readers.size === 0) return false;
    if (this.delivery === "latest") {
      this.#waiting = [span];
      return false;
    }
    this.#waiting.push(span);
    this.#waitingBytes += span.batch.byteLength;
    return this.#waitingBytes >= FLUSH_BYTES;
  }

  /** Takes a loss in, in its place; true when it should be flushed now. A `latest` stream skips on purpose and has none. */
  lose(loss: Loss): boolean {
    if (this.#readers.size === 0 || this.delivery === "latest") return false;
    this.#waiting.push(loss);
    this.#waitingBytes += GAP_BYTES;
    return this.#waitingBytes >= FLUSH_BYTES;
  }

  flush(): boolean {
    if (this.#waiting.length === 0) return false;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    let run: Span[] = [];
    for (const item of waiting) {
      if ("batch" in item) {
        run.push(item);
      } else {
        this.#handOut(run);
        run = [];
        for (const reader of this.#readers.keys()) reader.lost(this, item);
      }
    }
    this.#handOut(run);
    return true;
  }

  /** Adds a reader: it gets what is published from now on. */
  attach(reader: Reader): void {
    this.flush();
    this.#readers.set(reader, null);
    if (this.channel.live) this.#tell(reader, null, null);
  }

  /** Hands the newest sample to one reader, if there is one. */
  replay(reader: Reader): void {
    const span = this.channel.newest;
    if (span === null) return;
    this.flush();
    const chunk = this.#encode([span], true);
    if (chunk !== undefined) reader.samples(this, chunk);
  }

  detach(reader: Reader): void {
    this.#readers.delete(reader);
    if (this.#readers.size > 0) return;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  /** The channel is there; `missed` is what was published while the bridge had no link to it. */
  start(missed: Loss | null): void {
    this.#complained = false;
    for (const [reader, told] of this.#readers) this.#tell(reader, told, missed);
  }

  end(reason: EndReason): void {
    this.flush();
    for (const [reader, told] of this.#readers) if (told !== null) reader.ended(this, reason);
  }

  #tell(reader: Reader, told: bigint | null, missed: Loss | null): void {
    const { epoch } = this.channel;
    this.#readers.set(reader, epoch);
    reader.started(this, told === epoch ? null : told);
    if (missed !== null && told === epoch && this.delivery === "queue") reader.lost(this, missed);
  }

  #handOut(run: readonly Span[]): void {
    const [head] = run;
    const tail = run.at(-1);
    if (head === undefined || tail === undefined) return;
    const chunk = this.#encode(run, this.delivery === "latest");
    if (chunk !== undefined) {
      for (const reader of this.#readers.keys()) reader.samples(this, chunk);
      return;
    }
    const count = run.reduce((sum, span) => sum + span.count, 0);
    const loss: Loss = { epoch: head.epoch, from: head.first, to: tail.last, count, reason: "unknown" };
    for (const reader of this.#readers.keys()) reader.lost(this, loss);
  }

  /** Undefined when the bytes cannot be encoded, e.g. a JSON channel whose producer sends what is no JSON. */
  #encode(run: readonly Span[], newestOnly: boolean): Chunk | undefined {
    const [head] = run;
    const tail = run.at(-1);
    if (head === undefined || tail === undefined) return undefined;
    try {
      let parts = newestOnly
        ? [this.#parts.tools.newest(tail.batch, this.id)]
        : compact(
            run.map((span) => span.batch),
            this.#parts.tools,
          ).map(unchained);
      if (this.encoding === "json") {
        const { kind, schema } = this.channel;
        parts = parts.map((batch) => this.#parts.tools.samples(this.id, kind, schema?.layout ?? null, batch));
      }
      const bytes = parts.reduce((sum, part) => sum + part.byteLength, 0);
      const { epoch, last } = tail;
      if (newestOnly) return { epoch, first: last, last, count: 1, bytes, parts };
      const count = run.reduce((sum, span) => sum + span.count, 0);
      return { epoch, first: head.first, last, count, bytes, parts };
    } catch (error) {
      if (!this.#complained) this.#parts.complain(this.channel, error);
      this.#complained = true; // once in a life of the producer is enough
      return undefined;
    }
  }
}

/** Merges neighbours that are small. */
function compact(batches: readonly Uint8Array[], tools: BatchTools): Uint8Array[] {
  const out: Uint8Array[] = [];
  let group: Uint8Array[] = [];
  let groupBytes = 0;
  const close = (): void => {
    const [only] = group;
    if (only !== undefined) out.push(group.length === 1 ? only : tools.merge(group));
    group = [];
    groupBytes = 0;
  };
  for (const batch of batches) {
    if (groupBytes + batch.byteLength > MERGE_BYTES) close();
    group.push(batch);
    groupBytes += batch.byteLength;
  }
  close();
  return out;
}

/** Records of one chunk share its memory: a small one that waits long in a session would keep all of it, so it gets its own. */
function unchained(part: Uint8Array): Uint8Array {
  return part.byteLength * 4 < part.buffer.byteLength ? part.slice() : part;
}
