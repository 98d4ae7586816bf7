// SPDX-License-Identifier: MIT
// Waits for the first sample that somebody is waiting for.
import { counted } from "../../model/counted.ts";
import { BridgeError } from "../../model/errors.ts";
import type { Sample } from "../delivery.ts";
import { search, type BatchSource, type CaptureOptions } from "./reading.ts";

/** The first sample from now on of which `predicate` is true. Rejects with `timeout` when there is none for `timeoutMs` in all, with `cancelled`, or with what `predicate` throws. */
export function until<V, C>(
  source: BatchSource<V, C>,
  predicate: (value: V, sample: Sample<V>) => boolean,
  { signal, timeoutMs }: CaptureOptions & { readonly timeoutMs: number },
): Promise<Sample<V>> {
  const endMs = performance.now() + timeoutMs;
  let seen = 0;
  return search<V, C, Sample<V>>(source, {
    what: `waiting for a sample of ${source.name}`,
    signal,
    step: (batch) => {
      const { times, sequences } = batch;
      seen += batch.count;
      for (const [i, value] of batch.values().entries()) {
        const sample: Sample<V> = { seq: sequences[i] ?? 0, time: times[i] ?? 0, value };
        if (predicate(value, sample)) return sample;
      }
      return undefined;
    },
    patienceMs: () => Math.max(0, endMs - performance.now()),
    late: () => {
      const waited = `no such sample of ${source.name} came within ${String(timeoutMs)} ms`;
      throw new BridgeError("timeout", `${waited}; ${counted(seen, "other")} did`);
    },
  });
}
