// SPDX-License-Identifier: MIT
// The latest log lines of the drivers, kept for readers that come later.

/** So many lines are kept. */
export const JOURNAL_LINES = 200;

/** A line of a driver, or of the bridge about it. */
export interface LogLine {
  readonly driver: string;
  readonly level: "debug" | "info" | "warn" | "error";
  /** ms since 1970 UTC */
  readonly time: number;
  readonly text: string;
}

/** A bounded log: the oldest line makes room for the newest. */
export class Journal {
  readonly #lines: LogLine[] = [];
  readonly #listeners = new Set<(line: LogLine) => void>();

  add(line: LogLine): void {
    this.#lines.push(line);
    if (this.#lines.length > JOURNAL_LINES) this.#lines.shift();
    for (const listener of this.#listeners) listener(line);
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /** Returns what ends it. */
  listen(listener: (line: LogLine) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
