// SPDX-License-Identifier: MIT
// The last lines of the drivers' logs, in order, without those that come again after a reconnect.
import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { LogEvent } from "../../../session/messages.ts";

export type Level = LogEvent["level"];

/** From least to most important. */
export const LEVELS: readonly Level[] = ["debug", "info", "warn", "error"];

/** A line with a number of its own, so that the screen keeps it apart from its twin. */
export interface LogLine extends LogEvent {
  readonly id: number;
}

const MAX_LINES = 500;

export class LogBook {
  readonly #lines: Signal<readonly LogLine[]> = signal<readonly LogLine[]>([]);
  #waiting: LogLine[] = [];
  #keys = new Set<string>();
  #next = 0;
  /** The least important level that is shown. */
  readonly level: Signal<Level> = signal<Level>("info");
  readonly shown: ReadonlySignal<readonly LogLine[]> = computed(() => {
    const least = LEVELS.indexOf(this.level.value);
    return this.#lines.value.filter((line) => LEVELS.indexOf(line.level) >= least);
  });

  get lines(): ReadonlySignal<readonly LogLine[]> {
    return this.#lines;
  }

  add(event: LogEvent): void {
    const key = keyOf(event);
    if (this.#keys.has(key)) return;
    this.#keys.add(key);
    this.#waiting.push({ ...event, id: this.#next++ });
    // Nobody flushes while the page is hidden.
    if (this.#waiting.length > 2 * MAX_LINES) this.#waiting.splice(0, MAX_LINES);
    if (this.#keys.size > 8 * MAX_LINES) this.#keys = new Set(this.#waiting.map(keyOf));
  }

  /** Shows what came since the last time; called at the pace of live text, so that a flood of lines costs no more. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    const lines = [...this.#lines.peek(), ...this.#waiting].slice(-MAX_LINES);
    this.#waiting = [];
    this.#lines.value = lines;
    if (this.#keys.size > 4 * MAX_LINES) this.#keys = new Set(lines.map(keyOf));
  }

  clear(): void {
    this.#lines.value = [];
  }
}

function keyOf(event: LogEvent): string {
  return `${event.driver} ${String(event.time)} ${event.level} ${event.text}`;
}
