// SPDX-License-Identifier: MIT
// What happened to a channel beside its samples: losses, restarts, ends, sets.
import type { LossReason } from "../../model/values.ts";

/** Something to draw across the plot besides the line: samples lost, a new life of the producer, its end. */
export interface Mark {
  readonly kind: "lost" | "restart" | "end";
  /** Time of the last sample before, in ms since 1970; NaN when there was none. */
  readonly from: number;
  /** Time of the first sample after; NaN while none came. */
  readonly to: number;
  readonly count: number;
  readonly reason: LossReason | "";
}

/** Something that happened at a time and does not touch the line. */
export interface Note {
  readonly atMs: number;
  readonly text: string;
}

const MAX_MARKS = 512;
const MAX_NOTES = 256;

/** The last marks and notes of one channel. Lists are replaced, never changed, so that a copy costs nothing. */
export class Marks {
  #marks: readonly Mark[] = [];
  #notes: readonly Note[] = [];

  get marks(): readonly Mark[] {
    return this.#marks;
  }

  /** In order of their time. */
  get notes(): readonly Note[] {
    return this.#notes;
  }

  /** Adds a mark that the next sample closes; one more of the same kind before that sample adds to the first. */
  add(kind: Mark["kind"], from: number, count: number, reason: Mark["reason"]): void {
    const last = this.#marks.at(-1);
    const isSame = last !== undefined && Number.isNaN(last.to) && last.kind === kind && last.reason === reason;
    const before = isSame ? this.#marks.slice(0, -1) : this.#marks.slice(1 - MAX_MARKS);
    const mark = isSame ? { ...last, count: last.count + count } : { kind, from, to: NaN, count, reason };
    this.#marks = [...before, mark];
  }

  /** The next sample after the open marks came. */
  close(timeMs: number): void {
    if (!Number.isNaN(this.#marks.at(-1)?.to ?? 0)) return;
    this.#marks = this.#marks.map((mark) => (Number.isNaN(mark.to) ? { ...mark, to: timeMs } : mark));
  }

  /** Adds a note, unless there is one of its time already. */
  note(note: Note): void {
    if (this.#notes.some(({ atMs }) => atMs === note.atMs)) return;
    this.#notes = [...this.#notes, note].sort((a, b) => a.atMs - b.atMs).slice(-MAX_NOTES);
  }

  /** Becomes a copy of `other` as it is now. */
  take(other: Marks): void {
    this.#marks = other.#marks;
    this.#notes = other.#notes;
  }

  clear(): void {
    this.#marks = [];
    this.#notes = [];
  }
}
