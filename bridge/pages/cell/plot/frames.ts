// SPDX-License-Identifier: MIT
// The one animation loop of all plots of a page: they share the time fairly and leave the rest of it to the notebook.

/** Something that draws itself when it is its turn. */
export interface Drawn {
  /** Draws when there is something new to see. Returns whether it drew. */
  frame(nowMs: number): boolean;
}

/** The part of the page's time that drawing may take, all plots together; reading their samples and the notebook have the rest. */
const SHARE = 0.4;
/** What may be spent at once after a rest, in ms. */
const MOST_MS = 25;

/** Runs while something is to be drawn; the browser pauses it with the tab. */
export class Frames {
  /** In the order of their last turn, the longest ago first. */
  readonly #drawn = new Set<Drawn>();
  #request = 0;
  #lastMs = 0;
  #leftMs = MOST_MS;
  /** How many times as long as its script a frame takes the page: what was drawn is put into pixels when the script is done. */
  #weight = 1;
  /** When the script of the frame that is not done yet began, and how long it took. */
  #frame: { readonly beganMs: number; readonly scriptMs: number } | null = null;
  /** A message of the page to itself comes when the frame is done. */
  readonly #done = new MessageChannel();

  constructor() {
    this.#done.port1.onmessage = () => {
      this.#account();
    };
  }

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
    const beganMs = performance.now();
    let scriptMs = 0;
    for (const drawn of [...this.#drawn]) {
      if (scriptMs * this.#weight >= this.#leftMs) break;
      if (!drawn.frame(nowMs)) continue;
      scriptMs = performance.now() - beganMs;
      // A turn was taken: the others come first next time. It may have ended itself.
      if (this.#drawn.delete(drawn)) this.#drawn.add(drawn);
    }
    if (scriptMs === 0) return;
    this.#frame = { beganMs, scriptMs };
    this.#done.port2.postMessage(null);
  };

  #account(): void {
    if (this.#frame === null) return;
    const { beganMs, scriptMs } = this.#frame;
    this.#frame = null;
    const wholeMs = performance.now() - beganMs;
    this.#leftMs -= wholeMs;
    this.#weight += 0.1 * (Math.max(1, wholeMs / scriptMs) - this.#weight);
  }
}
