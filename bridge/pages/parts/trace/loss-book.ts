// SPDX-License-Identifier: MIT
// The losses of this page since it was opened: how many samples, of which channel, and where they went.
import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { LossReason } from "../../../model/values.ts";

/** Lost samples of one channel for one reason. */
export interface LossLine {
  readonly channel: string;
  readonly reason: LossReason;
  readonly count: number;
}

/** Sums up losses; its signals change when something is lost, which is rare. */
export class LossBook {
  readonly #lines: Signal<readonly LossLine[]> = signal<readonly LossLine[]>([]);

  #since = 0;

  get lines(): ReadonlySignal<readonly LossLine[]> {
    return this.#lines;
  }

  get total(): number {
    return this.#lines.value.reduce((sum, { count }) => sum + count, 0);
  }

  add(channel: string, reason: LossReason, count: number): void {
    const lines = this.#lines.peek();
    const known = lines.find((line) => line.channel === channel && line.reason === reason);
    const line = { channel, reason, count: (known?.count ?? 0) + count };
    this.#lines.value = [...lines.filter((each) => each !== known), line];
  }

  /** Of `samples` received in all, those since the counts began. */
  received(samples: number): number {
    return samples - this.#since;
  }

  /** Counts anew, when so many samples have been received in all. */
  clear(samples = 0): void {
    this.#since = samples;
    this.#lines.value = [];
  }
}
