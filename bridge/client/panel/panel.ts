// SPDX-License-Identifier: MIT
// A place in a cell that shows how something stands, drawn again at most five times a second.
import { printAsText } from "../notebook/printed.ts";
import type { Timers } from "../streams/timers.ts";
import { panelHtml, type PanelView } from "./panel-html.ts";

/** The least time between two drawings, in ms: a front end takes far more, but each one is a message that is kept until it is shown. */
const REDRAW_MS = 200;

/** How many lines a panel shows when nothing else is said. */
export const DEFAULT_PANEL_LINES = 12;

/** So many are shown at most: each drawing sends all of them. */
export const MAX_PANEL_LINES = 200;

/** What a panel draws in, and with. */
export interface PanelParts {
  readonly timers: Timers;
  draw(html: string): void;
  /** Asked for at each drawing. */
  view(): PanelView;
  /** Called once at its end. */
  ended(): void;
}

/** A panel in the output of a cell. It keeps no process alive. */
export class Panel {
  /** Resolves when it is closed. */
  readonly closed: Promise<void>;
  readonly #parts: PanelParts;
  #drawn = "";
  #drawnAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;
  #resolve: (() => void) | undefined;

  /** Draws at once. */
  constructor(parts: PanelParts) {
    this.#parts = parts;
    this.closed = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    printAsText(this);
    this.#draw();
  }

  /** Something changed: it is drawn now, or as soon as it may be. */
  changed(): void {
    if (this.#resolve === undefined || this.#cancel !== undefined) return;
    const waitMs = this.#drawnAt + REDRAW_MS - this.#parts.timers.now();
    if (waitMs <= 0) this.#draw();
    else {
      this.#cancel = this.#parts.timers.after(waitMs, () => {
        this.#cancel = undefined;
        this.#draw();
      });
    }
  }

  /** Draws it a last time; from then on it is left as it is. */
  close(): void {
    if (this.#resolve === undefined) return;
    this.#cancel?.();
    this.#draw();
    this.#parts.ended();
    this.#resolve();
    this.#resolve = undefined;
  }

  toString(): string {
    return `the panel of ${this.#parts.view().title}`;
  }

  #draw(): void {
    this.#drawnAt = this.#parts.timers.now();
    const html = panelHtml(this.#parts.view());
    if (html === this.#drawn) return;
    this.#drawn = html;
    this.#parts.draw(html);
  }
}
