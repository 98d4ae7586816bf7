// SPDX-License-Identifier: MIT
// First in, first out: what a session has yet to hand to its connection, with its bytes.
import type { Chunk } from "../hub/ports.ts";
import type { Stream } from "../hub/stream.ts";
import { GAP_BYTES } from "../model/batch.ts";
import type { Loss } from "../model/values.ts";

/** One thing to send. Control stands among the samples because it says how to read them. */
export type Item =
  | { readonly is: "samples"; readonly stream: Stream; readonly chunk: Chunk }
  | { readonly is: "loss"; readonly stream: Stream; readonly loss: Loss }
  | { readonly is: "control"; readonly text: string };

/** The queue. Its bound is kept by who adds to it. */
export class SendQueue {
  #items: Item[] = [];
  #head = 0;
  /** Of samples and gaps. */
  sampleBytes = 0;
  controlBytes = 0;

  get isEmpty(): boolean {
    return this.#head === this.#items.length;
  }

  add(item: Item): void {
    this.#items.push(item);
    this.#count(item, 1);
  }

  /** The oldest; undefined when there is none. */
  take(): Item | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head += 1;
    if (this.#head * 2 > this.#items.length) {
      // So that each item is moved once on average, and a taken one is let go of soon.
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    this.#count(item, -1);
    return item;
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
    this.sampleBytes = 0;
    this.controlBytes = 0;
  }

  #count(item: Item, sign: 1 | -1): void {
    if (item.is === "control") this.controlBytes += sign * item.text.length;
    else this.sampleBytes += sign * (item.is === "samples" ? item.chunk.bytes : GAP_BYTES);
  }
}
