// SPDX-License-Identifier: MIT
// Samples of one life of a channel, cut out of the batches in which they came.
import { BridgeError } from "../../model/errors.ts";
import type { Column, Columns, Loss } from "../../model/values.ts";
import type { Batch } from "../batch.ts";
import { joinColumns, joinPieces } from "../flow/columns.ts";
import { keepGuards } from "../mismatch/guard.ts";

/** So many samples, or the samples of so many ms of the producer's time. */
export type TakeAmount = number | { readonly ms: number };

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

/** The samples `from` to before `to` of a batch. */
export interface Piece<V, C> {
  readonly batch: Batch<V, C>;
  readonly from: number;
  readonly to: number;
}

/** A number of samples and a length of time, of which the other one is Infinity. Throws `invalid_argument` unless it is above 0 (or 0, where `orNone`). */
export function amountOf(
  amount: TakeAmount,
  what: string,
  orNone = false,
): { readonly count: number; readonly ms: number } {
  const wanted =
    typeof amount === "number" ? { count: Math.floor(amount), ms: Infinity } : { count: Infinity, ms: amount.ms };
  if ((wanted.count >= 1 && wanted.ms > 0) || (orNone && (amount === 0 || wanted.ms === 0))) return wanted;
  throw new BridgeError("invalid_argument", `${what} needs at least one sample or a time in ms above 0`);
}

/** Pieces of batches of one epoch and layout, in order, put together; of `lost` those that are between them. */
export function takenOf<V, C>(pieces: readonly Piece<V, C>[], lost: readonly Loss[]): Taken<V, C> {
  const some = pieces.filter(({ from, to }) => to > from);
  const [first] = some;
  if (first === undefined) throw new BridgeError("internal", "nothing was taken");
  const join = (pick: (batch: Batch<V, C>) => Column): Column => {
    const { all } = joinColumns(
      some.map(({ batch, from, to }) => ({ columns: { all: pick(batch) }, count: batch.count, from, to })),
    );
    return all ?? joinPieces([], 0);
  };
  const columns = joinColumns(
    some.map(({ batch, from, to }) => ({ columns: batch.columns as Columns, count: batch.count, from, to })),
  );
  keepGuards(first.batch.columns as Columns, columns);
  const sequences = join((batch) => batch.sequences) as Float64Array;
  return {
    count: sequences.length,
    epoch: first.batch.epoch,
    columns: columns as C,
    times: join((batch) => batch.times) as Float64Array,
    timesNs: join((batch) => batch.timesNs) as BigInt64Array,
    sequences,
    lost: lost.filter(({ from, to }) => from > (sequences[0] ?? 0) && to < (sequences.at(-1) ?? 0)),
    values: () => some.flatMap(({ batch, from, to }) => batch.values().slice(from, to)),
  };
}
