// SPDX-License-Identifier: MIT
// A trigger as an oscilloscope has it: waits until a field crosses a level and takes the samples around.
import { BridgeError } from "../../model/errors.ts";
import type { Columns, Loss } from "../../model/values.ts";
import type { Batch } from "../batch.ts";
import { amountOf, takenOf, type Piece, type TakeAmount, type Taken } from "./pieces.ts";
import { Pile } from "./pile.ts";
import { search, type BatchSource, type CaptureOptions } from "./reading.ts";

/** What to wait for. */
export interface TriggerSpec<F extends string = string> {
  /** The path of a number field. */
  readonly field: F;
  /** In the field's unit. */
  readonly level: number;
  /** The direction in which the field crosses the level (default `rising`). */
  readonly edge?: "rising" | "falling" | "either";
  /** What is taken before the crossing (default none); it is armed once so much is there. */
  readonly pre?: TakeAmount;
  /** What is taken from the first sample behind the crossing on (default 1000 samples). */
  readonly post?: TakeAmount;
  /** How far the field must have been on the other side of the level since the last crossing, in its unit (default 0): noise is no crossing. */
  readonly hysteresis?: number;
}

/** Samples around a crossing. */
export interface Triggered<V, C> extends Taken<V, C> {
  /** The number of the first sample behind the crossing. */
  readonly at: number;
  /** When the field had the level, in ms since 1970 UTC: on the straight line between the samples before and behind. */
  readonly crossedMs: number;
  /** ms from the crossing to each sample. */
  readonly sinceMs: Float64Array;
}

const DEFAULT_POST = 1000;

/** Waits for the crossing and for what follows it. Rejects with `timeout` when the field does not cross for `timeoutMs`, `unknown_field`, `bad_value` (no number) or `cancelled`. */
export function trigger<V, C>(
  source: BatchSource<V, C>,
  spec: TriggerSpec,
  { signal, timeoutMs }: CaptureOptions & { readonly timeoutMs: number },
): Promise<Triggered<V, C>> {
  let capture = new Capture<V, C>(spec);
  const endMs = performance.now() + timeoutMs;
  return search<V, C, Triggered<V, C>>(source, {
    what: `waiting for ${spec.field} of ${source.name} to cross ${String(spec.level)}`,
    signal,
    step: (batch) => {
      if (batch.restarted) capture = new Capture<V, C>(spec);
      return capture.add(batch);
    },
    patienceMs: () => capture.patienceMs(timeoutMs) ?? Math.max(0, endMs - performance.now()),
    late: () => {
      const taken = capture.late();
      if (taken !== undefined) return taken;
      throw new BridgeError("timeout", capture.excuse(source.name, timeoutMs));
    },
  });
}

/** Keeps what may become the samples before, finds the crossing, then gathers those behind. */
class Capture<V, C> {
  readonly #spec: TriggerSpec;
  readonly #pre: { readonly count: number; readonly ms: number };
  readonly #post: Pile<V, C>;
  #before: Piece<V, C>[] = [];
  #lost: Loss[] = [];
  /** When it was crossed, ms since 1970. */
  #crossedMs: number | undefined;
  /** On which side of the level, beyond the hysteresis, the field was last. */
  #side: "below" | "above" | undefined;
  #last: { readonly value: number; readonly ms: number } | undefined;
  #range: [number, number] = [Infinity, -Infinity];

  constructor(spec: TriggerSpec) {
    if (!Number.isFinite(spec.level))
      throw new BridgeError("invalid_argument", "trigger() needs a level that is a number");
    this.#spec = spec;
    this.#pre = amountOf(spec.pre ?? 0, "trigger()'s pre", true);
    this.#post = new Pile<V, C>(amountOf(spec.post ?? DEFAULT_POST, "trigger()'s post"));
  }

  add(batch: Batch<V, C>): Triggered<V, C> | undefined {
    let from = 0;
    if (!this.#hasCrossed()) {
      from = this.#find(batch);
      if (from > 0) this.#lost.push(...batch.lostBefore);
      this.#before.push({ batch, from: 0, to: from });
      this.#forget();
      if (!this.#hasCrossed()) return undefined;
    }
    this.#post.add(batch, from);
    return this.#post.isEnough ? this.#triggered() : undefined;
  }

  #hasCrossed(): boolean {
    return this.#crossedMs !== undefined;
  }

  /** Once it was crossed: how long the next sample may take. */
  patienceMs(timeoutMs: number): number | undefined {
    return this.#crossedMs === undefined ? undefined : (this.#post.patienceMs ?? timeoutMs);
  }

  /** What there is when nothing more comes; undefined when that is not enough. */
  late(): Triggered<V, C> | undefined {
    return this.#crossedMs !== undefined && this.#post.patienceMs !== undefined ? this.#triggered() : undefined;
  }

  excuse(name: string, timeoutMs: number): string {
    const { field, level } = this.#spec;
    if (this.#crossedMs !== undefined) return `${name} stopped after ${field} had crossed ${String(level)}`;
    const [low, high] = this.#range;
    const seen = low > high ? "no sample came" : `it was from ${String(low)} to ${String(high)}`;
    return `${field} of ${name} did not cross ${String(level)} within ${String(timeoutMs)} ms: ${seen}`;
  }

  /** The number of the first sample behind the crossing; that of all samples when there is none. */
  #find(batch: Batch<V, C>): number {
    const { level, edge = "rising", hysteresis = 0 } = this.#spec;
    const column = numbersOf(batch, this.#spec.field);
    const { times } = batch;
    for (let i = 0; i < column.length; i += 1) {
      const value = Number(column[i]);
      const ms = times[i] ?? 0;
      const last = this.#last;
      this.#range = [Math.min(this.#range[0], value), Math.max(this.#range[1], value)];
      this.#last = { value, ms };
      const rises = value >= level && this.#side === "below";
      const falls = value <= level && this.#side === "above";
      // A value at the level is on the side that it comes to: so a step onto the level is a crossing, and resting on it is not another.
      if (rises || value > level + hysteresis) this.#side = "above";
      else if (falls || value < level - hysteresis) this.#side = "below";
      const wanted = (rises && edge !== "falling") || (falls && edge !== "rising");
      if (!wanted || last === undefined || !this.#isArmed(batch, i)) continue;
      const share = value === last.value ? 1 : (level - last.value) / (value - last.value);
      this.#crossedMs = last.ms + Math.min(1, Math.max(0, share)) * (ms - last.ms);
      return i;
    }
    return batch.count;
  }

  /** Whether as much as `pre` asks for is there before sample `i` of the batch. */
  #isArmed(batch: Batch<V, C>, i: number): boolean {
    if (this.#pre.ms !== Infinity) {
      const [first] = this.#before;
      const firstMs = first === undefined ? batch.times[0] : first.batch.times[first.from];
      return (batch.times[i] ?? 0) - (firstMs ?? 0) >= this.#pre.ms;
    }
    return this.#before.reduce((sum, { from, to }) => sum + to - from, i) >= this.#pre.count;
  }

  /** Lets go of what is longer ago than `pre`. */
  #forget(): void {
    const last = this.#before.at(-1);
    if (last === undefined) return;
    const endMs = this.#crossedMs ?? last.batch.times.at(-1) ?? 0;
    let excess = this.#before.reduce((sum, { from, to }) => sum + to - from, 0) - this.#pre.count;
    this.#before = this.#before.flatMap((piece) => {
      let { from } = piece;
      if (this.#pre.ms === Infinity) {
        const cut = Math.min(Math.max(excess, 0), piece.to - from);
        excess -= cut;
        from += cut;
      } else {
        while (from < piece.to && (piece.batch.times[from] ?? 0) < endMs - this.#pre.ms) from += 1;
      }
      return from < piece.to ? [{ ...piece, from }] : [];
    });
    const first = this.#before[0];
    this.#lost = first === undefined ? [] : this.#lost.filter(({ from }) => from > first.batch.first);
  }

  #triggered(): Triggered<V, C> {
    const crossedMs = this.#crossedMs ?? 0;
    const at = this.#before.reduce((sum, { from, to }) => sum + to - from, 0);
    const taken = takenOf([...this.#before, ...this.#post.pieces], [...this.#lost, ...this.#post.lost]);
    return { ...taken, at, crossedMs, sinceMs: taken.times.map((time) => time - crossedMs) };
  }
}

function numbersOf<V, C>(
  batch: Batch<V, C>,
  field: string,
): { readonly length: number; readonly [i: number]: number | bigint } {
  const columns = batch.columns as Columns;
  const column = Object.hasOwn(columns, field) ? columns[field] : undefined;
  if (column === undefined) {
    const known = Object.keys(columns).join(", ");
    throw new BridgeError(
      "unknown_field",
      `${batch.channel} has no field "${field}"; it has ${known === "" ? "none" : known}`,
    );
  }
  if (Array.isArray(column))
    throw new BridgeError("bad_value", `${field} of ${batch.channel} is a text, which crosses no level`);
  if (column.length !== batch.count)
    throw new BridgeError("bad_value", `${field} of ${batch.channel} is an array, which crosses no level`);
  return column as Exclude<typeof column, readonly string[]>;
}
