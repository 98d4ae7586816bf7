// SPDX-License-Identifier: MIT
// Reads a channel batch by batch until something is found, with patience that ends.
import { BridgeError } from "../../model/errors.ts";
import { waitInTurns } from "../../model/patience.ts";
import type { Batch } from "../batch.ts";
import { alarms } from "../link/alarms.ts";
import type { RequestOptions, SubscribeOptions } from "../options.ts";

/** How long to wait, and how to give up. */
export interface CaptureOptions extends RequestOptions {
  /** Gives up: the promise rejects with `cancelled`. */
  readonly signal?: AbortSignal | undefined;
}

/** What samples are read from. */
export interface BatchSource<V, C> {
  readonly name: string;
  batches(options: SubscribeOptions): AsyncIterable<Batch<V, C>>;
}

/** What is looked for. */
export interface Search<V, C, R> {
  /** What goes on, for messages: "taking from motor/state". */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
  readonly subscribe?: SubscribeOptions;
  /** Looks at the next batch; undefined: go on. */
  step(batch: Batch<V, C>): R | undefined;
  /** How long the next batch may take, in ms; asked before each. What came while the program itself was busy is looked at first. */
  patienceMs(): number;
  /** What it comes to when the next one did not come in that time; may throw. */
  late(): R;
}

/** Subscribes, shows each batch to `step`, and unsubscribes. Rejects with `cancelled`, `closed`, or what the bridge or `step` says. */
export async function search<V, C, R>(source: BatchSource<V, C>, wanted: Search<V, C, R>): Promise<R> {
  const { signal, what } = wanted;
  const stop = new AbortController();
  const abort = (): void => {
    stop.abort();
  };
  signal?.addEventListener("abort", abort);
  let endWait = waitInTurns(wanted.patienceMs(), alarms, abort);
  try {
    if (signal?.aborted !== true) {
      for await (const batch of source.batches({ ...wanted.subscribe, signal: stop.signal })) {
        const found = wanted.step(batch);
        if (found !== undefined) return found;
        endWait();
        endWait = waitInTurns(wanted.patienceMs(), alarms, abort);
      }
    }
  } finally {
    endWait();
    signal?.removeEventListener("abort", abort);
  }
  if (signal?.aborted === true) throw new BridgeError("cancelled", `${what} was cancelled`);
  if (!stop.signal.aborted) throw new BridgeError("closed", `the client was closed while ${what}`);
  return wanted.late();
}
