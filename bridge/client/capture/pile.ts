// SPDX-License-Identifier: MIT
// Gathers samples of one life of a channel until there are enough of them.
import type { Loss } from "../../model/values.ts";
import type { Batch } from "../batch.ts";
import { takenOf, type Piece, type Taken } from "./pieces.ts";

/** After so long beyond the time that was asked for, no further sample is waited for. */
const LATE_MS = 1_000;

/** Samples in order: so many, or those of so many ms from the first one on. */
export class Pile<V, C> {
  readonly #wanted: { readonly count: number; readonly ms: number };
  readonly pieces: Piece<V, C>[] = [];
  /** What is missing between them. */
  readonly lost: Loss[] = [];
  count = 0;
  #ended = false;

  constructor(wanted: { readonly count: number; readonly ms: number }) {
    this.#wanted = wanted;
  }

  /** Adds the samples of a batch from number `from` on, as far as they are wanted. */
  add(batch: Batch<V, C>, from = 0): void {
    if (from >= batch.count) return;
    if (from === 0) this.lost.push(...batch.lostBefore);
    const startMs = this.pieces[0]?.batch.times[this.pieces[0].from] ?? batch.times[from] ?? 0;
    let to = Math.min(batch.count, from + this.#wanted.count - this.count);
    if (this.#wanted.ms !== Infinity) {
      const late = batch.times.findIndex((time, i) => i >= from && time >= startMs + this.#wanted.ms);
      if (late >= 0) to = Math.min(to, late);
      this.#ended = late >= 0;
    }
    this.pieces.push({ batch, from, to });
    this.count += to - from;
  }

  get isEnough(): boolean {
    return this.#ended || this.count >= this.#wanted.count;
  }

  /** How much longer a sample may take to come when a time was asked for and there are some; the time may end without one. */
  get patienceMs(): number | undefined {
    const [first] = this.pieces;
    if (this.#wanted.ms === Infinity || first === undefined) return undefined;
    const startMs = first.batch.times[first.from] ?? 0;
    const lastMs = this.pieces.at(-1)?.batch.times.at(-1) ?? 0;
    return Math.max(0, startMs + this.#wanted.ms - lastMs) + LATE_MS;
  }

  taken(): Taken<V, C> {
    return takenOf(this.pieces, this.lost);
  }
}
