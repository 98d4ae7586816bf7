// SPDX-License-Identifier: MIT
// What a reader looks at: the window's length, live or held, a part of it, and which lines.
import type { Zoom } from "./chart.ts";
import type { Readings } from "./scene.ts";

/** Changes with the reader's hand, or by the notebook's program. */
export class Look {
  readonly #live: Readings & { hold(): Readings };
  #held: Readings | null = null;
  #isHeldByZoom = false;
  windowMs: number;
  zoom: Zoom | null = null;
  hidden: ReadonlySet<string> = new Set();
  /** Counts what makes old ranges meaningless. */
  turn = 0;

  constructor(live: Readings & { hold(): Readings }, windowMs: number) {
    this.#live = live;
    this.windowMs = windowMs;
  }

  get isPaused(): boolean {
    return this.#held !== null;
  }

  get readings(): Readings {
    return this.#held ?? this.#live;
  }

  pause(isPaused: boolean): void {
    this.#isHeldByZoom = false;
    if (isPaused) this.#held ??= this.#live.hold();
    else this.#held = this.zoom = null;
    this.turn++;
  }

  setWindow(windowMs: number): void {
    this.windowMs = windowMs;
    this.zoomTo(null, false);
  }

  /** Shows a part, or all again; a part of a time can only be looked at while it stands still. */
  zoomTo(zoom: Zoom | null, isTime: boolean): void {
    this.zoom = zoom;
    this.turn++;
    if (zoom !== null && isTime && this.#held === null) {
      this.#held = this.#live.hold();
      this.#isHeldByZoom = true;
    } else if (zoom === null && this.#isHeldByZoom) {
      this.#held = null;
      this.#isHeldByZoom = false;
    }
  }

  /** Hides a line, or shows it again. */
  toggle(key: string): void {
    const hidden = new Set(this.hidden);
    if (!hidden.delete(key)) hidden.add(key);
    this.hidden = hidden;
  }
}
