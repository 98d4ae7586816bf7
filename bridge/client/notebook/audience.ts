// SPDX-License-Identifier: MIT
// Whether a browser shows an output by itself: where none reaches the bridge, the kernel has to draw.
import type { Timers } from "../streams/timers.ts";

/** So long a browser has to import the bridge's module and to connect. */
export const ARRIVAL_MS = 3000;

/** What is needed to know it. */
export interface AudienceParts {
  readonly timers: Timers;
  /** Tells how many sessions are open with a ticket, now and whenever that changes; returns what ends it. */
  watch(ticket: string, changed: (sessions: number) => void): () => void;
  /** Nobody came, or the first one after all. */
  missing(isMissing: boolean): void;
}

/** Waits for the first session that opens with a ticket. A browser that leaves again was scrolled away from, or closed: nothing has to be drawn for it. */
export class Audience {
  readonly #parts: AudienceParts;
  #stop: () => void = () => undefined;
  #isClosed = false;

  constructor(parts: AudienceParts) {
    this.#parts = parts;
  }

  /** From now on it is this ticket's. */
  follow(ticket: string): void {
    this.#stop();
    if (this.#isClosed) return;
    const parts = this.#parts;
    let isKnown = false;
    let isMissing = false;
    const cancel = parts.timers.after(ARRIVAL_MS, () => {
      // A bridge that does not tell leaves it open whether somebody is there.
      if (!isKnown) return;
      isMissing = true;
      parts.missing(true);
    });
    const unwatch = parts.watch(ticket, (sessions) => {
      isKnown = true;
      if (sessions === 0) return;
      this.#stop();
      if (isMissing) parts.missing(false);
    });
    this.#stop = () => {
      cancel();
      unwatch();
      this.#stop = () => undefined;
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#stop();
  }
}
