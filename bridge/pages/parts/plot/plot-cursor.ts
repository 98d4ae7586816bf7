// SPDX-License-Identifier: MIT
// The one cursor of all plots: a place between their left and right edges, and the time that stands there.

import type { View } from "./plots.ts";

/** Moved by the pointer over any plot or by its arrow keys. While the view moves on, the place stays and its time changes. */
export class PlotCursor {
  /** 0 at the left edge, 1 at the right; null when there is no cursor. */
  #fraction: number | null = null;
  #timeMs: number | null = null;

  get fraction(): number | null {
    return this.#fraction;
  }

  /** The time under the cursor in the last frame, ms since 1970. */
  get timeMs(): number | null {
    return this.#timeMs;
  }

  place(fraction: number): void {
    this.#fraction = Math.min(1, Math.max(0, fraction));
  }

  /** Moves it, from the right edge when there is none yet. */
  move(by: number): void {
    this.place((this.#fraction ?? 1) + by);
  }

  hide(): void {
    this.#fraction = null;
    this.#timeMs = null;
  }

  /** Says which time is drawn there now. */
  at({ right, spanMs }: View): void {
    if (this.#fraction !== null) this.#timeMs = right - (1 - this.#fraction) * spanMs;
  }
}
