// SPDX-License-Identifier: MIT
// What came of a channel before it can stand here: kept in order, within a bound, and counted where it is dropped.
import type { Batch } from "../../client/batch.ts";
import type { Carries } from "../../client/flow/stream-listener.ts";
import type { EndReason } from "../../hub/ports.ts";
import { BridgeError } from "../../model/errors.ts";
import type { Loss } from "../../model/values.ts";

/** Samples of one channel that wait until its driver and schema are known here. */
export const MAX_HELD_BYTES = 4_194_304;

/** Arrivals of any kind that wait: beginnings and ends are small, but a bridge that has nothing else to say makes them without end. */
export const MAX_HELD = 16_384;

/** What a stream brings. */
export type Arrival =
  | { readonly is: "begin"; readonly epoch: bigint; readonly next: number; readonly carries: Carries | null }
  | { readonly is: "batch"; readonly batch: Batch }
  | { readonly is: "gap"; readonly loss: Loss }
  | { readonly is: "end"; readonly reason: EndReason };

/** A bounded queue; the oldest samples give way and become a loss. */
export class Held {
  #arrivals: Arrival[] = [];
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#arrivals.length === 0;
  }

  /** Throws `bad_record` when far too much waits. */
  add(arrival: Arrival): void {
    if (this.#arrivals.length >= MAX_HELD) {
      throw new BridgeError("bad_record", `more than ${String(MAX_HELD)} messages of a channel wait for its schema`);
    }
    this.#arrivals.push(arrival);
    if (arrival.is !== "batch") return;
    this.#bytes += arrival.batch.record.byteLength;
    if (this.#bytes > MAX_HELD_BYTES) this.#dropOldest();
  }

  take(): Arrival[] {
    const arrivals = this.#arrivals;
    this.#arrivals = [];
    this.#bytes = 0;
    return arrivals;
  }

  #dropOldest(): void {
    const at = this.#arrivals.findIndex(({ is }) => is === "batch");
    const oldest = this.#arrivals[at];
    if (oldest?.is !== "batch") return;
    const { epoch, first: from, last: to, count, record } = oldest.batch;
    this.#bytes -= record.byteLength;
    const before = this.#arrivals[at - 1];
    const loss: Loss = { epoch, from, to, count, reason: "slow_reader" };
    const joins = before?.is === "gap" && before.loss.reason === "slow_reader" && before.loss.to === from - 1;
    if (joins) {
      const joined: Loss = { ...loss, from: before.loss.from, count: before.loss.count + count };
      this.#arrivals.splice(at - 1, 2, { is: "gap", loss: joined });
    } else {
      this.#arrivals[at] = { is: "gap", loss };
    }
  }
}
