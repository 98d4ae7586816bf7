// SPDX-License-Identifier: MIT
// Goes through values of a parameter and takes, for each, the samples from the very one on at which it took effect.
import { BridgeError, toBridgeError } from "../../model/errors.ts";
import type { CaptureOptions, BatchSource } from "./reading.ts";
import { combinations } from "./grid.ts";
import { amountOf, type TakeAmount, type Taken } from "./pieces.ts";
import { SweepWindow, type Beginning } from "./sweep-window.ts";

/** What a sweep records. */
export interface SweepOptions extends CaptureOptions {
  /** What is left out after each set, from the sample on at which it took effect (default none). */
  readonly settle?: TakeAmount | undefined;
  /** What is recorded then. */
  readonly record: TakeAmount;
  /** Whether the parameter gets back the value from before the sweep (default true), also when it was given up or failed. */
  readonly restore?: boolean | undefined;
  /** Called after each step, on the event loop: `done` of `total` are over. */
  readonly onStep?: ((done: number, total: number) => void) | undefined;
}

/** One combination that was measured. */
export interface SweepRun<P, V, C> extends Taken<V, C> {
  /** What was set. */
  readonly set: Partial<P>;
  /** The whole value that then held. */
  readonly applied: P;
  /** The first sample with it, and when it took effect in ms since 1970 UTC. */
  readonly seq: number | null;
  readonly appliedMs: number;
  /** ms from taking effect to each sample. */
  readonly sinceMs: Float64Array;
}

/** A combination that could not be measured, and why. */
export interface SweepFailure<P> {
  readonly set: Partial<P>;
  readonly error: BridgeError;
}

/** What a sweep came to: what was measured is kept whatever happened afterwards. */
export interface Sweep<P, V, C> {
  /** In the order of the combinations. */
  readonly runs: readonly SweepRun<P, V, C>[];
  /** Those that were refused, and all that were still to come when the driver went away or the sweep was given up. */
  readonly failed: readonly SweepFailure<P>[];
  readonly complete: boolean;
}

/** What a set came to, as far as a sweep needs it. */
export interface SweepApplied<P> extends Beginning {
  readonly applied: P;
}

/** The parameter and the channel that is recorded. */
export interface SweepTarget<P, V, C> {
  readonly source: BatchSource<V, C>;
  get(): Promise<P>;
  set(values: Partial<P>): Promise<SweepApplied<P>>;
}

/** Failures after which the other combinations have no chance either. */
const FINAL: ReadonlySet<string> = new Set([
  "disconnected",
  "cancelled",
  "closed",
  "unauthorized",
  "unknown_parameter",
]);

/**
 * Sets one combination after the other and records the channel. A combination that the driver refuses is kept in `failed` and the sweep goes on; when the driver goes
 * away it ends, and says so in `failed`. Rejects only when it could not begin: `invalid_argument`, `unknown_parameter`, `unknown_channel`, `disconnected`.
 */
export async function sweep<P, V, C>(
  target: SweepTarget<P, V, C>,
  grid: { readonly [F in keyof P]?: readonly P[F][] },
  options: SweepOptions & { readonly timeoutMs: number },
): Promise<Sweep<P, V, C>> {
  const steps = combinations(grid as Readonly<Record<string, readonly unknown[]>>) as Partial<P>[];
  const record = amountOf(options.record, "sweep()'s record");
  const settle = settleOf(options.settle ?? 0);
  const before = await target.get();
  const runs: SweepRun<P, V, C>[] = [];
  const failed: SweepFailure<P>[] = [];
  const tape = new Tape<V, C>(target.source, options.signal);
  try {
    for (const [i, values] of steps.entries()) {
      try {
        const window = tape.begin(new SweepWindow<V, C>(settle, record));
        const applied = await target.set(values);
        const taken = await window.record(applied, options.timeoutMs);
        const sinceMs = taken.times.map((time) => time - applied.time);
        runs.push({
          ...taken,
          set: values,
          applied: applied.applied,
          seq: applied.seq,
          appliedMs: applied.time,
          sinceMs,
        });
      } catch (thrown) {
        const error = toBridgeError(thrown);
        failed.push({ set: values, error });
        if (FINAL.has(error.code)) {
          failed.push(...steps.slice(i + 1).map((rest) => ({ set: rest, error })));
          break;
        }
      }
      options.onStep?.(i + 1, steps.length);
    }
  } finally {
    await tape.end();
    if (options.restore ?? true) await target.set(before).catch(() => undefined); // a driver that is gone has its own value when it is back
  }
  return { runs, failed, complete: failed.length === 0 };
}

function settleOf(settle: TakeAmount): { readonly count: number; readonly ms: number } {
  const { count, ms } = amountOf(settle, "sweep()'s settle", true);
  return { count: count === Infinity ? 0 : count, ms: ms === Infinity ? 0 : ms };
}

/** One subscription for the whole sweep; its samples go to the window that is open. */
class Tape<V, C> {
  readonly #stop = new AbortController();
  readonly #reading: Promise<void>;
  readonly #abort = (): void => {
    this.#fail(new BridgeError("cancelled", "the sweep was given up"));
    this.#stop.abort();
  };
  readonly #signal: AbortSignal | undefined;
  #window: SweepWindow<V, C> | undefined;
  #error: BridgeError | undefined;

  constructor(source: BatchSource<V, C>, signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.#reading = this.#read(source);
    signal?.addEventListener("abort", this.#abort);
    if (signal?.aborted === true) this.#abort();
  }

  begin(window: SweepWindow<V, C>): SweepWindow<V, C> {
    if (this.#error !== undefined) throw this.#error;
    this.#window = window;
    return window;
  }

  end(): Promise<void> {
    this.#signal?.removeEventListener("abort", this.#abort);
    this.#stop.abort();
    return this.#reading;
  }

  async #read(source: BatchSource<V, C>): Promise<void> {
    try {
      for await (const batch of source.batches({ wait: true, signal: this.#stop.signal })) this.#window?.add(batch);
      this.#fail(new BridgeError("closed", `${source.name} ended during the sweep`));
    } catch (thrown) {
      this.#fail(toBridgeError(thrown));
    }
  }

  #fail(error: BridgeError): void {
    this.#error ??= error;
    this.#window?.fail(this.#error);
  }
}
