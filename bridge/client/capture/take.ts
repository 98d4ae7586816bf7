// SPDX-License-Identifier: MIT
// Collects the next samples of a channel until there are enough.
import { BridgeError } from "../../model/errors.ts";
import { amountOf, type TakeAmount, type Taken } from "./pieces.ts";
import { Pile } from "./pile.ts";
import { search, type BatchSource, type CaptureOptions } from "./reading.ts";

/** Reads a channel until there is enough. Rejects with `timeout` when nothing comes for `timeoutMs`, and with `cancelled`. */
export async function take<V, C>(
  source: BatchSource<V, C>,
  amount: TakeAmount,
  { signal, timeoutMs }: CaptureOptions & { readonly timeoutMs: number },
): Promise<Taken<V, C>> {
  const wanted = amountOf(amount, "take()");
  let pile = new Pile<V, C>(wanted);
  return search<V, C, Taken<V, C>>(source, {
    what: `taking from ${source.name}`,
    signal,
    step: (batch) => {
      if (batch.restarted) pile = new Pile<V, C>(wanted);
      pile.add(batch);
      return pile.isEnough ? pile.taken() : undefined;
    },
    patienceMs: () => pile.patienceMs ?? timeoutMs,
    late: () => {
      if (pile.patienceMs !== undefined) return pile.taken();
      const waited = `no sample of ${source.name} came within ${String(timeoutMs)} ms`;
      throw new BridgeError("timeout", `${waited}; ${String(pile.count)} had come before`);
    },
  });
}
