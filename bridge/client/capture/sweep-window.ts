// SPDX-License-Identifier: MIT
// The samples of one step of a sweep: keeps those that come before the answer of the set says where the step begins.
import { BridgeError } from "../../model/errors.ts";
import { waitInTurns } from "../../model/patience.ts";
import type { Batch } from "../batch.ts";
import { alarms } from "../link/alarms.ts";
import type { Taken } from "./pieces.ts";
import { Pile } from "./pile.ts";

/** Where a set took effect. */
export interface Beginning {
  readonly epoch: bigint | null;
  /** The first sample after it; null: the parameter governs another channel or none, then `time` says it. */
  readonly seq: number | null;
  /** ms since 1970 UTC. */
  readonly time: number;
}

/** One step's samples. */
export class SweepWindow<V, C> {
  readonly #settle: { readonly count: number; readonly ms: number };
  readonly #pile: Pile<V, C>;
  readonly #taken: Promise<Taken<V, C>>;
  #early: Batch<V, C>[] = [];
  #beginning: Beginning | undefined;
  /** Of the first sample with the new value. */
  #startMs: number | undefined;
  #settled = 0;
  #resolve: (taken: Taken<V, C>) => void = () => undefined;
  #reject: (error: BridgeError) => void = () => undefined;
  #rewind: () => void = () => undefined;

  /** `settle`: so many samples and so many ms are left out; `record`: so many, or those of so many ms, are kept. */
  constructor(
    settle: { readonly count: number; readonly ms: number },
    record: { readonly count: number; readonly ms: number },
  ) {
    this.#settle = settle;
    this.#pile = new Pile<V, C>(record);
    this.#taken = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#taken.catch(() => undefined); // it may fail before anybody waits for it
  }

  add(batch: Batch<V, C>): void {
    if (this.#beginning === undefined) this.#early.push(batch);
    else this.#take(batch, this.#beginning);
  }

  fail(error: BridgeError): void {
    this.#reject(error);
  }

  /** Resolves with the samples from the beginning on; rejects with `timeout` when none comes for `timeoutMs`, or with what `fail` is given. */
  async record(beginning: Beginning, timeoutMs: number): Promise<Taken<V, C>> {
    let endWait = (): void => undefined;
    this.#rewind = () => {
      endWait();
      endWait = waitInTurns(this.#pile.patienceMs ?? timeoutMs + this.#settle.ms, alarms, () => {
        if (this.#pile.patienceMs !== undefined) this.#resolve(this.#pile.taken());
        else this.#reject(new BridgeError("timeout", `no sample came within ${String(timeoutMs)} ms of the set`));
      });
    };
    this.#rewind();
    this.#beginning = beginning;
    for (const batch of this.#early.splice(0)) this.#take(batch, beginning);
    try {
      return await this.#taken;
    } finally {
      this.#rewind = () => undefined;
      endWait();
    }
  }

  #take(batch: Batch<V, C>, { epoch, seq, time }: Beginning): void {
    if (this.#isFull()) return;
    if (epoch !== null && batch.epoch !== epoch) {
      if (batch.epoch > epoch) this.fail(new BridgeError("disconnected", "the driver began anew during the sweep"));
      return;
    }
    this.#pile.add(
      batch,
      this.#firstOf(batch, (i) => (seq === null ? (batch.times[i] ?? 0) >= time : (batch.sequences[i] ?? 0) >= seq)),
    );
    this.#rewind();
    if (this.#isFull()) this.#resolve(this.#pile.taken());
  }

  #isFull(): boolean {
    return this.#pile.isEnough;
  }

  /** The number of the batch's first sample that is to be kept. */
  #firstOf({ times, count }: Batch<V, C>, hasBegun: (i: number) => boolean): number {
    if (this.#pile.count > 0) return 0;
    for (let i = 0; i < count; i += 1) {
      if (!hasBegun(i)) continue;
      const time = times[i] ?? 0;
      this.#startMs ??= time;
      if (this.#settled >= this.#settle.count && time - this.#startMs >= this.#settle.ms) return i;
      this.#settled += 1;
    }
    return count;
  }
}
