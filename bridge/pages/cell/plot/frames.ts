// SPDX-License-Identifier: MIT
// The one animation loop of all plots of a page: they share the time fairly and leave the rest of it to the notebook.

/** Something that draws itself when it is its turn. */
export interface Drawn {
  /** Draws when there is something new to see. Returns whether it drew. */
  frame(nowMs: number): boolean;
}

/** The part of the page's time that plots may take, all together. */
const SHARE = 0.5;
/** What may be spent at once after a rest, in ms. */
const MOST_MS = 25;

/** Runs while something is to be drawn; the browser pauses it with the tab. */
export class Frames {
  /** In the order of their last turn, the longest ago first. */
  readonly #drawn = new Set<Drawn>();
  #request = 0;
  #lastMs = 0;
  #leftMs = MOST_MS;

  /** Gives `drawn` turns until the returned function is called. */
  add(drawn: Drawn): () => void {
    this.#drawn.add(drawn);
    if (this.#request === 0) this.#request = requestAnimationFrame(this.#step);
    return () => {
      this.#drawn.delete(drawn);
      if (this.#drawn.size > 0) return;
      cancelAnimationFrame(this.#request);
      this.#request = 0;
    };
  }

  readonly #step = (nowMs: number): void => {
    this.#request = requestAnimationFrame(this.#step);
    this.#leftMs = Math.min(MOST_MS, this.#leftMs + SHARE * (nowMs - this.#lastMs));
    this.#lastMs = nowMs;
    for (const drawn of [...this.#drawn]) {
      if (this.#leftMs <= 0) return;
      const began = performance.now();
      if (!drawn.frame(nowMs)) continue;
      this.#leftMs -= performance.now() - began;
      // A turn was taken: the others come first next time. It may have ended itself.
      if (this.#drawn.delete(drawn)) this.#drawn.add(drawn);
    }
  };
}
