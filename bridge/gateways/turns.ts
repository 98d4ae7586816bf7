// SPDX-License-Identifier: MIT
// The ends of turns of the event loop: connections that have sent something write it then, all of them in one callback.

/** Something that writes at the end of a turn. Must not throw. */
export interface Writer {
  flush(): void;
}

/** What waits for the end of this turn. */
export class Turns {
  #waiting: Writer[] = [];

  /** Calls `writer` once when what runs now has run. */
  atEnd(writer: Writer): void {
    if (this.#waiting.push(writer) > 1) return;
    process.nextTick(() => {
      const writers = this.#waiting;
      this.#waiting = [];
      for (const each of writers) each.flush();
    });
  }
}
