// SPDX-License-Identifier: MIT
// Where one reader is in one channel: tells which samples are new to it, and which are missing without an explanation.
import type { Loss } from "../../model/values.ts";

/** The position of one subscription in one channel, in one life of its producer. */
export class Cursor {
  readonly epoch: bigint;
  /** The sequence that should come next. */
  next: number;
  /** Nothing has come yet, so that one sample from before the start (`last: true`) is welcome. */
  #fresh: boolean;
  /** Samples that gaps have explained and that the sequences have not jumped over yet, and the last of them. */
  #explained = 0;
  #explainedTo = -1;

  /** `start` is the first sequence that this reader wants; `fresh` whether one from before may come first. */
  constructor(epoch: bigint, start: number, fresh: boolean) {
    this.epoch = epoch;
    this.next = start;
    this.#fresh = fresh;
  }

  /** What of samples `first` to `last` is new: the first sequence to keep, or undefined when nothing is. */
  wanted(first: number, last: number): number | undefined {
    if (this.#fresh) return first;
    return last < this.next ? undefined : Math.max(first, this.next);
  }

  /** Moves behind a run of `count` samples; returns what is missing before or inside it and no gap has explained. */
  advance(first: number, last: number, count: number): Loss | undefined {
    this.#fresh = false;
    if (last < this.next) return undefined;
    const from = Math.min(this.next, first);
    const missing = last + 1 - from - count;
    const unexplained = Math.max(0, missing - this.#explained);
    this.#explained = last >= this.#explainedTo ? 0 : Math.max(0, this.#explained - missing);
    this.next = last + 1;
    if (unexplained === 0) return undefined;
    const to = first - from >= unexplained ? first - 1 : last;
    return { epoch: this.epoch, from, to, count: unexplained, reason: "unknown" };
  }

  /** A gap of this epoch; returns the part of it that is news to this reader. */
  explain(loss: Loss): Loss | undefined {
    if (loss.to < this.next) return undefined;
    const from = Math.max(loss.from, this.next);
    const count = Math.min(loss.count, loss.to - from + 1);
    this.#explained += count;
    this.#explainedTo = Math.max(this.#explainedTo, loss.to);
    return { ...loss, from, count };
  }

  /** The stream is at `next` after a time without a connection; returns what was missed. */
  resume(next: number): Loss | undefined {
    if (next <= this.next) return undefined;
    const start = this.next;
    const count = Math.max(0, next - start - this.#explained);
    // Mostly the gaps stand in one piece where the stream broke off, and what is missing comes behind them.
    const from = start + this.#explained > this.#explainedTo ? next - count : start;
    this.#explained = next > this.#explainedTo ? 0 : Math.max(0, this.#explained - (next - start));
    this.next = next;
    this.#fresh = false;
    return count === 0 ? undefined : { epoch: this.epoch, from, to: next - 1, count, reason: "disconnected" };
  }
}
