// SPDX-License-Identifier: MIT
// The latest lines that a program wrote, and who wants to hear of new ones.

/** So many lines are kept. */
export const KEPT_LINES = 1000;

/** A bounded log: the oldest line makes room for the newest. */
export class Lines {
  readonly #lines: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();
  /** How many there ever were. */
  count = 0;

  get all(): readonly string[] {
    return this.#lines;
  }

  add(line: string): void {
    this.#lines.push(line);
    this.count++;
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
    for (const listener of this.#listeners) listener(line);
  }

  /** Returns what ends it. */
  listen(listener: (line: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
