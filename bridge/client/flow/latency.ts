// SPDX-License-Identifier: MIT
// How long samples take from their driver to this program, from the stamps of the bridge.
import type { StampRecord } from "../../layout/link-records.ts";
import { msFromNs } from "../../layout/record.ts";
import type { ClockOffset } from "../link/bridge-clock.ts";

/** Half of the samples took at most `p50Ms`, 99 of 100 at most `p99Ms`. */
export interface Delays {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What the last stamps of a subscription say; at most ten a second come for each channel. */
export interface Latency {
  /** Samples that were measured. */
  readonly stamps: number;
  /** From the driver's publishing to this program's reading. */
  readonly total: Delays;
  /** From the driver's publishing to the bridge's reading. */
  readonly toBridge: Delays;
  /** Between the bridge's reading and its sending: the flush tick, and what waits for a slow reader. */
  readonly inBridge: Delays;
  /** From the bridge's sending to this program's reading. */
  readonly toClient: Delays;
  /** How much `total` and `toClient` may be off, because the clocks of the bridge and of this program are only known so well. */
  readonly uncertaintyMs: number;
}

/** A stamped sample as it arrived. */
export interface Stamped {
  readonly stamp: StampRecord;
  /** The time of the newest sample of the message, ms since 1970 by its driver. */
  readonly publishedMs: number;
  /** By this program's clock. */
  readonly receivedMs: number;
}

/** So many of the last stamps count: about a minute of one channel. */
const KEPT = 512;

/** The last stamps of one subscription. */
export class LatencyBook {
  readonly #last: Stamped[] = [];
  #next = 0;

  add(stamped: Stamped): void {
    this.#last[this.#next] = stamped;
    this.#next = (this.#next + 1) % KEPT;
  }

  /** On another connection the clocks are others. */
  clear(): void {
    this.#last.length = 0;
    this.#next = 0;
  }

  /** What they say, the clocks set against each other by `offset`; undefined while there are none. */
  read({ offsetMs, uncertaintyMs }: ClockOffset): Latency | undefined {
    if (this.#last.length === 0) return undefined;
    const parts = this.#last.map(({ stamp, publishedMs, receivedMs }) => ({
      publishedMs,
      readMs: msFromNs(stamp.read),
      sentMs: msFromNs(stamp.sent),
      receivedMs: receivedMs + offsetMs,
    }));
    return {
      stamps: parts.length,
      total: delays(parts.map((part) => part.receivedMs - part.publishedMs)),
      toBridge: delays(parts.map((part) => part.readMs - part.publishedMs)),
      inBridge: delays(parts.map((part) => part.sentMs - part.readMs)),
      toClient: delays(parts.map((part) => part.receivedMs - part.sentMs)),
      uncertaintyMs,
    };
  }
}

function delays(values: readonly number[]): Delays {
  const sorted = Float64Array.from(values).sort();
  const at = (part: number): number => sorted[Math.ceil(sorted.length * part) - 1] ?? NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}
