// SPDX-License-Identifier: MIT
// Ends the waiting for an answer: by the answer, by the time, or because nobody wants it any more.
import { BridgeError } from "../model/errors.ts";
import type { Clock } from "./ports.ts";

/** How long an answer is waited for. */
export interface Patience {
  readonly timeoutMs: number;
  /** Aborted by whoever asked: fails with `cancelled`. */
  readonly signal?: AbortSignal;
}

/**
 * Runs `ask` and settles as it does, or fails with `timeout` or `cancelled`; in these cases the signal that `ask` got is aborted. A
 * late answer is ignored.
 */
export function withDeadline<T>(
  clock: Clock,
  { timeoutMs, signal }: Patience,
  late: string,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const fail = (error: BridgeError): void => {
      settle();
      stop.abort();
      reject(error);
    };
    const onAbort = (): void => {
      fail(new BridgeError("cancelled"));
    };
    const cancelTimer = clock.after(timeoutMs, () => {
      fail(new BridgeError("timeout", `${late} within ${String(timeoutMs)} ms`));
    });
    const settle = (): void => {
      cancelTimer();
      signal?.removeEventListener("abort", onAbort);
    };
    if (signal?.aborted === true) {
      onAbort();
      return;
    }
    signal?.addEventListener("abort", onAbort);
    ask(stop.signal).then(
      (answer) => {
        settle();
        resolve(answer);
      },
      (error: unknown) => {
        settle();
        reject(error instanceof Error ? error : new BridgeError("internal", String(error)));
      },
    );
  });
}
