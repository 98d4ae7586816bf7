// SPDX-License-Identifier: MIT
// The page's one animation loop: plots every frame, live text ten times a second.

/** How often live text is written, in ms. */
const TEXT_EVERY_MS = 100;
const RATE_OVER_MS = 1000;

/** Draws one frame. Returns whether anything was drawn. */
export type FrameDrawer = () => boolean;

/** Runs while the page is visible; the browser pauses it with the tab. */
export class FrameLoop {
  readonly #drawers = new Set<FrameDrawer>();
  readonly #painters = new Set<() => void>();
  #painted = 0;
  #window = { startMs: 0, frames: 0 };
  /** Frames in which at least one plot was drawn. */
  frames = 0;
  /** Of the last second. */
  framesPerSecond = 0;

  start(): void {
    const step = (nowMs: number): void => {
      this.#step(nowMs);
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  /** Calls `draw` in each frame. Returns what ends it. */
  onFrame(draw: FrameDrawer): () => void {
    this.#drawers.add(draw);
    return () => this.#drawers.delete(draw);
  }

  /** Calls `paint` now and ten times a second. Returns what ends it. */
  onText(paint: () => void): () => void {
    this.#painters.add(paint);
    paint();
    return () => this.#painters.delete(paint);
  }

  #step(nowMs: number): void {
    let drew = false;
    for (const draw of this.#drawers) drew = draw() || drew;
    if (drew) {
      this.frames++;
      this.#window.frames++;
    }
    if (nowMs - this.#painted >= TEXT_EVERY_MS) {
      this.#painted = nowMs;
      for (const paint of this.#painters) paint();
    }
    const spanMs = nowMs - this.#window.startMs;
    if (spanMs >= RATE_OVER_MS) {
      this.framesPerSecond = (this.#window.frames * 1000) / spanMs;
      this.#window = { startMs: nowMs, frames: 0 };
    }
  }
}
