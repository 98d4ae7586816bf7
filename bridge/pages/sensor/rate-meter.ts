// SPDX-License-Identifier: MIT
// How many times a second something happens, over the last two seconds.

const OVER_MS = 2000;

export class RateMeter {
  #times: number[] = [];

  /** Notes that it happened at `nowMs`. */
  count(nowMs: number): void {
    this.#times.push(nowMs);
    this.#forget(nowMs);
  }

  /** Times a second up to `nowMs`. */
  hz(nowMs: number): number {
    this.#forget(nowMs);
    const [first] = this.#times;
    const last = this.#times.at(-1);
    if (first === undefined || last === undefined || last === first) return 0;
    return ((this.#times.length - 1) * 1000) / (last - first);
  }

  #forget(nowMs: number): void {
    const kept = this.#times.findIndex((time) => nowMs - time <= OVER_MS);
    this.#times = kept < 0 ? [] : this.#times.slice(kept);
  }
}
