// SPDX-License-Identifier: MIT
// Collects samples of a channel until there are enough.
import { BridgeError } from "../model/errors.ts";
import type { Column, Columns, Loss } from "../model/values.ts";
import type { Batch } from "./batch.ts";
import { joinColumns, joinPieces } from "./flow/columns.ts";
import { keepGuards } from "./mismatch/guard.ts";
import type { RequestOptions, SubscribeOptions } from "./options.ts";

/** So many samples, or the samples of so many ms of the producer's time. */
export type TakeAmount = number | { readonly ms: number };

export interface TakeOptions extends RequestOptions {
  /** Gives up: `take()` rejects with `cancelled`. */
  readonly signal?: AbortSignal | undefined;
}

/** Samples of one life of a channel, in order. */
export interface Taken<V, C> {
  readonly count: number;
  readonly epoch: bigint;
  /** Typed arrays by field path, `count` samples each. */
  readonly columns: C;
  /** ms since 1970 UTC, with a fraction. */
  readonly times: Float64Array;
  /** ns since 1970 UTC. */
  readonly timesNs: BigInt64Array;
  readonly sequences: Float64Array;
  /** What is missing between the samples; empty when they are consecutive. */
  readonly lost: readonly Loss[];
  /** Makes the samples as objects. */
  readonly values: () => V[];
}

/** What samples are taken from. */
export interface BatchSource<V, C> {
  readonly name: string;
  batches(options: SubscribeOptions): AsyncIterable<Batch<V, C>>;
}

/** After so long beyond the time that was asked for, no further sample is waited for. */
const LATE_MS = 1_000;

/** Reads a channel until there is enough. Rejects with `timeout` when nothing comes for `timeoutMs`, and with `cancelled`. */
export async function collect<V, C>(
  source: BatchSource<V, C>,
  amount: TakeAmount,
  options: TakeOptions & { readonly timeoutMs: number },
): Promise<Taken<V, C>> {
  const pile = new Pile<V, C>(checkAmount(amount));
  const stop = new AbortController();
  const abort = (): void => {
    stop.abort();
  };
  options.signal?.addEventListener("abort", abort);
  let timer = setTimeout(abort, options.timeoutMs);
  try {
    if (options.signal?.aborted !== true) {
      for await (const batch of source.batches({ signal: stop.signal })) {
        pile.add(batch);
        if (pile.isEnough) return pile.taken();
        clearTimeout(timer);
        timer = setTimeout(abort, pile.patienceMs ?? options.timeoutMs);
      }
    }
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", abort);
  }
  if (options.signal?.aborted === true) throw new BridgeError("cancelled", `taking from ${source.name} was cancelled`);
  if (!stop.signal.aborted) throw new BridgeError("closed", `the client was closed while taking from ${source.name}`);
  if (pile.patienceMs !== undefined) return pile.taken();
  const waited = `no sample of ${source.name} came within ${String(options.timeoutMs)} ms`;
  throw new BridgeError("timeout", `${waited}; ${String(pile.count)} had come before`);
}

function checkAmount(amount: TakeAmount): { readonly count: number; readonly ms: number } {
  const wanted = typeof amount === "number" ? { count: amount, ms: Infinity } : { count: Infinity, ms: amount.ms };
  if (wanted.count >= 1 && wanted.ms > 0) return wanted;
  throw new BridgeError("invalid_argument", "take() needs at least one sample or a time in ms above 0");
}

/** Batches of one life of the channel. */
class Pile<V, C> {
  readonly #wanted: { readonly count: number; readonly ms: number };
  #batches: Batch<V, C>[] = [];
  #lost: Loss[] = [];
  count = 0;

  constructor(wanted: { readonly count: number; readonly ms: number }) {
    this.#wanted = wanted;
  }

  add(batch: Batch<V, C>): void {
    if (batch.restarted || this.count === 0) {
      this.#batches = [];
      this.#lost = [];
      this.count = 0;
    } else {
      this.#lost.push(...batch.lostBefore);
    }
    this.#batches.push(batch);
    this.count += batch.count;
  }

  get isEnough(): boolean {
    return this.count >= this.#wanted.count || (this.#batches.at(-1)?.times.at(-1) ?? 0) >= this.#endMs;
  }

  /** How much longer a sample may take to come when a time was asked for and there are some; the time may end without one. */
  get patienceMs(): number | undefined {
    if (this.#wanted.ms === Infinity || this.count === 0) return undefined;
    return Math.max(0, this.#endMs - (this.#batches.at(-1)?.times.at(-1) ?? 0)) + LATE_MS;
  }

  taken(): Taken<V, C> {
    const batches = this.#batches;
    const [first] = batches;
    if (first === undefined) throw new BridgeError("internal", "nothing was taken");
    const count = Math.min(Math.floor(this.#wanted.count), this.#countBefore(this.#endMs));
    const join = (pick: (batch: Batch<V, C>) => Column): Column =>
      joinColumns(
        batches.map((batch) => ({ columns: { all: pick(batch) }, count: batch.count })),
        count,
      )["all"] ?? joinPieces([], 0);
    const columns = joinColumns(
      batches.map((batch) => ({ columns: batch.columns as Columns, count: batch.count })),
      count,
    );
    keepGuards(first.columns as Columns, columns);
    return {
      count,
      epoch: first.epoch,
      columns: columns as C,
      times: join((batch) => batch.times) as Float64Array,
      timesNs: join((batch) => batch.timesNs) as BigInt64Array,
      sequences: join((batch) => batch.sequences) as Float64Array,
      lost: this.#lost,
      values: () => batches.flatMap((batch) => batch.values()).slice(0, count),
    };
  }

  get #endMs(): number {
    return (this.#batches[0]?.times[0] ?? 0) + this.#wanted.ms;
  }

  #countBefore(endMs: number): number {
    if (endMs === Infinity) return this.count;
    let count = 0;
    for (const { times } of this.#batches) {
      const late = times.findIndex((time) => time >= endMs);
      if (late >= 0) return count + late;
      count += times.length;
    }
    return count;
  }
}
