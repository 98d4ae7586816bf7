// SPDX-License-Identifier: MIT
// Every sample of one channel that arrived, newest last: one ring of times and one ring of numbers per watched field.
import type { Column, Columns, LossReason } from "../../model/values.ts";
import type { FieldRef } from "./field-ref.ts";
import { copyLane } from "./copy-lane.ts";
import { Marks, type Mark, type Note } from "./marks.ts";

/** What a recorder needs of a batch. */
export interface RecordedBatch {
  readonly count: number;
  readonly times: Float64Array;
  readonly columns: Columns;
}

export type { Mark, Note } from "./marks.ts";

interface Lane {
  readonly field: FieldRef;
  values: Float64Array;
}

const FIRST_CAPACITY = 4096;

/** Limits of one recorder: it grows while its oldest sample is younger than `keepMs`, up to `maxSamples`. */
export interface RecorderLimits {
  readonly keepMs: number;
  readonly maxSamples: number;
}

export const DEFAULT_LIMITS: RecorderLimits = { keepMs: 65_000, maxSamples: 1 << 21 };

/**
 * Rings of equal length, addressed by a running index: sample `i` stands at `i & mask` while `start <= i < head`.
 * Times rise; when a producer's clock goes back, what was recorded before is dropped and the line starts anew.
 */
export class Recorder {
  readonly channel: string;
  readonly #limits: RecorderLimits;
  readonly #lanes = new Map<string, Lane>();
  readonly #marks = new Marks();
  #break = false;
  times: Float64Array = new Float64Array(FIRST_CAPACITY);
  /** 1 where the line must not be joined to the sample before. */
  breaks: Uint8Array = new Uint8Array(FIRST_CAPACITY);
  /** The running index after the newest sample. */
  head = 0;
  /** The running index of the oldest sample still held. */
  start = 0;

  constructor(channel: string, limits: RecorderLimits = DEFAULT_LIMITS) {
    this.channel = channel;
    this.#limits = limits;
  }

  get mask(): number {
    return this.times.length - 1;
  }

  get marks(): readonly Mark[] {
    return this.#marks.marks;
  }

  /** In order of their time. */
  get notes(): readonly Note[] {
    return this.#marks.notes;
  }

  /** The time of the newest sample, NaN when there is none. */
  get lastTime(): number {
    return this.head > this.start ? (this.times[(this.head - 1) & this.mask] ?? NaN) : NaN;
  }

  /** Keeps a field's numbers from now on; what came before is NaN, which draws as nothing. */
  track(field: FieldRef): void {
    if (!this.#lanes.has(field.label)) {
      this.#lanes.set(field.label, { field, values: new Float64Array(this.times.length).fill(NaN) });
    }
  }

  untrack(label: string): void {
    this.#lanes.delete(label);
  }

  /** The ring of a tracked field. */
  lane(label: string): Float64Array | null {
    return this.#lanes.get(label)?.values ?? null;
  }

  /** The columns that {@link append} reads. */
  get paths(): ReadonlySet<string> {
    return new Set([...this.#lanes.values()].map(({ field }) => field.path));
  }

  append(batch: RecordedBatch): void {
    const skip = Math.max(0, batch.count - this.#limits.maxSamples);
    const firstTime = batch.times[skip] ?? NaN;
    if (firstTime < this.lastTime) this.clear();
    this.#reserve(batch.count - skip, batch.times[batch.count - 1] ?? NaN);
    this.#marks.close(firstTime);
    const mask = this.mask;
    for (let i = skip; i < batch.count; i++) {
      const at = (this.head + i - skip) & mask;
      this.times[at] = batch.times[i] ?? NaN;
      this.breaks[at] = 0;
    }
    if (this.#break) this.breaks[this.head & mask] = 1;
    this.#break = false;
    for (const lane of this.#lanes.values()) {
      const column: Column | undefined = batch.columns[lane.field.path];
      copyLane(column, lane.field, skip, batch.count, lane.values, this.head);
    }
    this.head += batch.count - skip;
    this.start = Math.max(this.start, this.head - this.times.length);
  }

  /** Notes what happened between the newest sample and the next one. */
  mark(kind: Mark["kind"], count: number, reason: LossReason | ""): void {
    this.#break = true;
    this.#marks.add(kind, this.lastTime, count, reason);
  }

  /** Adds a note, unless it is there already. */
  note(note: Note): void {
    this.#marks.note(note);
  }

  /** Forgets all samples, marks and notes. */
  clear(): void {
    this.start = this.head;
    this.#marks.clear();
    this.#break = true;
  }

  /** The running index of the first held sample at or after `timeMs`. */
  indexAt(timeMs: number): number {
    let low = this.start;
    let high = this.head;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((this.times[middle & this.mask] ?? NaN) < timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The time of the sample at a running index. */
  time(index: number): number {
    return this.times[index & this.mask] ?? NaN;
  }

  /** A field's number at a running index; NaN when it was not tracked then. */
  value(label: string, index: number): number {
    return this.#lanes.get(label)?.values[index & this.mask] ?? NaN;
  }

  /**
   * The running index of the sample closest to `timeMs`; null where there is none: in a gap, before the first, or later than the last by more
   * than `slackMs` and than the pause that is usual between samples.
   */
  near(timeMs: number, slackMs: number): number | null {
    const after = this.indexAt(timeMs);
    const before = after - 1;
    const hasBefore = before >= this.start;
    const hasAfter = after < this.head;
    const isJoined = hasBefore && hasAfter && this.breaks[after & this.mask] === 0;
    if (isJoined) return timeMs - this.time(before) < this.time(after) - timeMs ? before : after;
    const usualMs = before > this.start ? this.time(before) - this.time(before - 1) : 0;
    if (hasBefore && timeMs - this.time(before) <= Math.max(slackMs, hasAfter ? 0 : usualMs * 1.5)) return before;
    return hasAfter && this.time(after) - timeMs <= slackMs ? after : null;
  }

  /** The running index of the newest sample at or before `timeMs`; null when there is none. */
  before(timeMs: number): number | null {
    const after = this.indexAt(timeMs);
    const index = after < this.head && this.time(after) === timeMs ? after : after - 1;
    return index >= this.start ? index : null;
  }

  /** A copy that stays as it is, for a paused view. */
  snapshot(): Recorder {
    const copy = new Recorder(this.channel, this.#limits);
    copy.times = this.times.slice();
    copy.breaks = this.breaks.slice();
    copy.head = this.head;
    copy.start = this.start;
    copy.#marks.take(this.#marks);
    for (const [label, lane] of this.#lanes) copy.#lanes.set(label, { field: lane.field, values: lane.values.slice() });
    return copy;
  }

  #reserve(count: number, lastTimeMs: number): void {
    let capacity = this.times.length;
    for (;;) {
      const held = Math.min(this.head - this.start, capacity);
      const overwritten = held + count - capacity;
      if (capacity >= this.#limits.maxSamples || overwritten <= 0) break;
      const oldest = this.times[(this.start + overwritten) & this.mask] ?? NaN;
      if (count <= capacity && lastTimeMs - oldest > this.#limits.keepMs) break;
      capacity *= 2;
    }
    if (capacity !== this.times.length) this.#grow(capacity);
  }

  #grow(capacity: number): void {
    const old = this.mask;
    const times = new Float64Array(capacity);
    const breaks = new Uint8Array(capacity);
    for (let i = this.start; i < this.head; i++) {
      times[i & (capacity - 1)] = this.times[i & old] ?? NaN;
      breaks[i & (capacity - 1)] = this.breaks[i & old] ?? 0;
    }
    for (const lane of this.#lanes.values()) {
      const values = new Float64Array(capacity).fill(NaN);
      for (let i = this.start; i < this.head; i++) values[i & (capacity - 1)] = lane.values[i & old] ?? NaN;
      lane.values = values;
    }
    this.times = times;
    this.breaks = breaks;
  }
}
