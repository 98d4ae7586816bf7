// SPDX-License-Identifier: MIT
// Says what time it is for the samples: the right edge of a live plot, without trusting that two machines' clocks agree.

const WINDOW_MS = 2000;

/**
 * Follows how far the newest samples are ahead of the local clock. The largest lead of the last seconds belongs to the samples that came
 * with the least delay, so the edge moves evenly although batches come in lumps.
 */
export class SampleClock {
  #lead = 0;
  #known = false;
  #current = -Infinity;
  #previous = -Infinity;
  #turnMs = -Infinity;

  /** Notes that a sample of `sampleMs` arrived at `localMs`; both in ms since 1970. */
  observe(sampleMs: number, localMs: number): void {
    if (!Number.isFinite(sampleMs)) return;
    if (localMs - this.#turnMs > WINDOW_MS) {
      this.#previous = localMs - this.#turnMs > 2 * WINDOW_MS ? -Infinity : this.#current;
      this.#current = -Infinity;
      this.#turnMs = localMs;
    }
    this.#current = Math.max(this.#current, sampleMs - localMs);
    this.#lead = Math.max(this.#current, this.#previous);
    this.#known = true;
  }

  /** The samples' time at `localMs`; the local time itself while nothing came. */
  now(localMs: number): number {
    return this.#known ? localMs + this.#lead : localMs;
  }
}
