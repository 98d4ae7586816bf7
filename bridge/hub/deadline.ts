// SPDX-License-Identifier: MIT
// Ends the waiting for an answer: by the answer, by the time, or because nobody wants it any more.
import { BridgeError } from "../model/errors.ts";
import type { Asked, Clock } from "./ports.ts";

/** How long an answer is waited for. */
export interface Patience {
  readonly timeoutMs: number;
  /** Aborted by whoever asked: fails with `cancelled`. */
  readonly signal?: AbortSignal;
}

/**
 * Runs `ask` and settles as its answer does, or fails with `timeout` or `cancelled`; in these cases what was asked is given up. A late
 * answer is ignored.
 */
export function withDeadline<T>(
  clock: Clock,
  { timeoutMs, signal }: Patience,
  late: string,
  ask: () => Asked<T>,
): Promise<T> {
  if (signal?.aborted === true) return Promise.reject(new BridgeError("cancelled"));
  return new Promise<T>((resolve, reject) => {
    const asked = ask();
    const fail = (error: BridgeError): void => {
      settle();
      asked.giveUp?.();
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
    signal?.addEventListener("abort", onAbort);
    asked.answer.then(
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
