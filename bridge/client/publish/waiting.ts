// SPDX-License-Identifier: MIT
// The samples of one publisher that wait to be sent, the oldest first; the oldest give way when there are too many.
import type { Publication } from "../../layout/publication.ts";

/** What a sample costs beside its payload. */
const SAMPLE_BYTES = 64;

/** A bounded queue of samples. */
export class Waiting {
  #samples: Publication[] = [];
  /** Index of the oldest; shifting an array of thousands would cost as much each time. */
  #head = 0;
  #bytes = 0;
  #dropped = 0;

  /** Of all samples, with what they cost beside their payloads. */
  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#samples.length - this.#head;
  }

  /** Samples that gave way. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Adds a sample; the oldest give way until there are at most `maxBytes`, but never the newest. False: some did. */
  add(sample: Publication, maxBytes: number): boolean {
    const before = this.#dropped;
    this.#samples.push(sample);
    this.#bytes += costOf(sample);
    while (this.#bytes > maxBytes && this.count > 1) {
      this.#shift();
      this.#dropped++;
    }
    return this.#dropped === before;
  }

  /** Takes the oldest samples: at least one if there is any, up to so many bytes and samples. */
  take(maxBytes: number, maxCount: number): Publication[] {
    const taken: Publication[] = [];
    let bytes = 0;
    while (this.count > 0 && taken.length < maxCount) {
      const next = this.#samples[this.#head];
      if (next === undefined || (taken.length > 0 && bytes + next.payload.length > maxBytes)) break;
      bytes += next.payload.length;
      taken.push(next);
      this.#shift();
    }
    return taken;
  }

  clear(): void {
    this.#samples = [];
    this.#head = 0;
    this.#bytes = 0;
  }

  #shift(): void {
    const oldest = this.#samples[this.#head++];
    if (oldest !== undefined) this.#bytes -= costOf(oldest);
    if (this.#head > 1024 && this.#head * 2 > this.#samples.length) {
      this.#samples.splice(0, this.#head);
      this.#head = 0;
    }
  }
}

function costOf({ payload }: Publication): number {
  return payload.length + SAMPLE_BYTES;
}
