// SPDX-License-Identifier: MIT
// Watches one channel's sequences, so that a sample that did not come is known even if nobody reported it.
import type { Loss } from "../../../model/values.ts";

/** Counts what came, what was reported lost, and what is missing without a word. */
export class SequenceCheck {
  #epoch: bigint | null = null;
  #next = 0;
  #isSeam = false;
  samples = 0;
  batches = 0;
  /** Reported by gaps. */
  lost = 0;
  /** Jumps in the sequences that no gap explained. */
  missed = 0;
  restarts = 0;

  get epoch(): bigint | null {
    return this.#epoch;
  }

  /** The sequence that should come next. */
  get next(): number {
    return this.#next;
  }

  /** Notes a batch and returns how many samples are missing before or inside it. */
  batch(epoch: bigint, sequences: Float64Array): number {
    const first = sequences[0];
    const last = sequences[sequences.length - 1];
    if (first === undefined || last === undefined) return 0;
    let missing = 0;
    if (this.#epoch === epoch && !this.#isSeam) missing += Math.max(0, first - this.#next);
    missing += last - first + 1 - sequences.length;
    this.#came(epoch, last, sequences.length);
    this.missed += missing;
    return missing;
  }

  /** Notes a batch from which samples were left out on purpose. */
  some(epoch: bigint, sequences: Float64Array): void {
    this.#came(epoch, sequences[sequences.length - 1] ?? this.#next - 1, sequences.length);
  }

  #came(epoch: bigint, last: number, samples: number): void {
    this.#epoch = epoch;
    this.#next = last + 1;
    this.#isSeam = false;
    this.samples += samples;
    this.batches++;
  }

  gap(loss: Loss): void {
    this.lost += loss.count;
    if (this.#epoch === loss.epoch) this.#next = Math.max(this.#next, loss.to + 1);
  }

  /** A new life may have published before anybody listened: its first batch says where to begin. */
  restart(): void {
    this.#epoch = null;
    this.restarts++;
  }

  /** Listening begins anew: what was published meanwhile was not asked for. */
  begin(): void {
    this.#epoch = null;
  }

  /** Another subscription takes over: nobody can say what comes first of the same life, but another life is still seen. */
  seam(): void {
    this.#isSeam = true;
  }
}
