// SPDX-License-Identifier: MIT
// Puts samples of several channels on one time base.
import { BridgeError } from "../../model/errors.ts";
import type { Column, Columns } from "../../model/values.ts";
import type { Taken } from "./pieces.ts";

/** Samples and the name that their columns get. */
export interface AlignInput {
  readonly name: string;
  readonly taken: Taken<unknown, unknown>;
}

/** The common times, and what is between two samples. */
export interface AlignOptions {
  /** The common times: so many a second, those of the input of this number, or these (ms since 1970, rising). Default: those of the first input. */
  readonly onto?: { readonly hz: number } | number | Float64Array | undefined;
  /** `linear` (default): on the straight line between the samples before and behind; `previous`: the sample before, as what holds until the next. */
  readonly method?: "linear" | "previous" | undefined;
  /** Farther apart than so many ms there is no line between two samples but a hole (default: none is too far). */
  readonly maxGapMs?: number | undefined;
}

/** Columns of several channels at the same times. */
export interface Aligned {
  readonly count: number;
  /** ms since 1970 UTC. */
  readonly times: Float64Array;
  /** Number fields by `name.field`; NaN where the channel has no value: outside its samples, or in a hole. */
  readonly columns: Readonly<Record<string, Float64Array>>;
}

/** The most times that `{ hz }` may come to. */
const MAX_TIMES = 100_000_000;

/**
 * Values of all inputs at common times, from the latest beginning to the earliest end of the inputs when the times are made by `{ hz }`. Fields that are text, lists
 * or wider than 53 bits lose what a float64 cannot hold, or are left out (text and lists). Throws `invalid_argument` when the inputs have no time in common.
 */
export function align(inputs: readonly AlignInput[], options: AlignOptions = {}): Aligned {
  const { method = "linear", maxGapMs = Infinity } = options;
  const times = commonTimes(inputs, options.onto ?? 0);
  const columns: Record<string, Float64Array> = {};
  for (const { name, taken } of inputs) {
    const places = placesOf(times, taken.times, method === "linear", maxGapMs);
    for (const [field, column] of Object.entries(taken.columns as Columns)) {
      if (Array.isArray(column) || column.length !== taken.count) continue;
      columns[`${name}.${field}`] = valuesAt(places, column as Exclude<Column, readonly string[]>);
    }
  }
  return { count: times.length, times, columns };
}

function commonTimes(
  inputs: readonly AlignInput[],
  onto: { readonly hz: number } | number | Float64Array,
): Float64Array {
  if (onto instanceof Float64Array) return onto;
  if (typeof onto === "number") {
    const input = inputs[onto];
    if (input === undefined) throw new BridgeError("invalid_argument", `align() has no input number ${String(onto)}`);
    return input.taken.times;
  }
  const from = Math.max(...inputs.map(({ taken }) => taken.times[0] ?? Infinity));
  const to = Math.min(...inputs.map(({ taken }) => taken.times.at(-1) ?? -Infinity));
  if (!(from <= to)) throw new BridgeError("invalid_argument", "align(): the channels have no time in common");
  const count = Math.floor(((to - from) * onto.hz) / 1000) + 1;
  if (!(onto.hz > 0) || count > MAX_TIMES) {
    throw new BridgeError(
      "invalid_argument",
      `align() takes a rate in Hz above 0 and at most ${String(MAX_TIMES)} times`,
    );
  }
  return Float64Array.from({ length: count }, (_, i) => from + (i * 1000) / onto.hz);
}

/** For each time the sample before it (-1: none) and how far it is on the way to the next one, 0 to 1. */
interface Places {
  readonly before: Int32Array;
  readonly share: Float64Array;
}

function placesOf(times: Float64Array, samples: Float64Array, isLinear: boolean, maxGapMs: number): Places {
  const before = new Int32Array(times.length).fill(-1);
  const share = new Float64Array(times.length);
  let at = 0;
  for (const [i, time] of times.entries()) {
    while (at + 1 < samples.length && (samples[at + 1] ?? Infinity) <= time) at += 1;
    const here = samples[at] ?? Infinity;
    const next = samples[at + 1];
    if (time < here) continue;
    if (time === here) {
      before[i] = at;
    } else if (next === undefined ? !isLinear && time - here <= maxGapMs : next - here <= maxGapMs) {
      before[i] = at;
      share[i] = isLinear && next !== undefined ? (time - here) / (next - here) : 0;
    }
  }
  return { before, share };
}

function valuesAt({ before, share }: Places, column: Exclude<Column, readonly string[]>): Float64Array {
  const out = new Float64Array(before.length);
  for (const [i, at] of before.entries()) {
    const value = at < 0 ? Number.NaN : Number(column[at]);
    const part = share[i] ?? 0;
    out[i] = part === 0 ? value : value + part * (Number(column[at + 1]) - value);
  }
  return out;
}
