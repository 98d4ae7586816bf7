// SPDX-License-Identifier: MIT
// What a cell holds of knobs or a form.
import type { LiveOutput } from "./live-output.ts";
import { printAsText } from "./printed.ts";

/** The knobs of one parameter, or the form of one service, in the output of a cell. The page and the driver do the rest by themselves. */
export class OutputHandle {
  readonly id: string;
  readonly #what: string;
  readonly #live: LiveOutput;
  readonly #ended: (handle: OutputHandle) => void;
  #isClosed = false;

  /** Use `client.knobs()` or `client.form()`; `what` is how it is printed. */
  constructor(id: string, what: string, live: LiveOutput, ended: (handle: OutputHandle) => void) {
    this.id = id;
    this.#what = what;
    this.#live = live;
    this.#ended = ended;
    printAsText(this);
  }

  get closed(): boolean {
    return this.#isClosed;
  }

  /** Takes it out of the cell. */
  close(): Promise<void> {
    if (!this.#isClosed) {
      this.#live.remove();
      this.#leave();
    }
    return Promise.resolve();
  }

  /** Ends what the kernel does for it; the output goes on by itself while its bridge runs. */
  leave(): Promise<void> {
    this.#leave();
    return Promise.resolve();
  }

  toString(): string {
    return `${this.#what}${this.#isClosed ? " (closed)" : ""}`;
  }

  #leave(): void {
    this.#isClosed = true;
    this.#live.close();
    this.#ended(this);
  }
}
