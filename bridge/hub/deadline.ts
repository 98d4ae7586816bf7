// SPDX-License-Identifier: MIT
// Ends the waiting for an answer: by the answer, by the time, or because nobody wants it any more.
import { BridgeError } from "../model/errors.ts";
import type { Alarms } from "../model/patience.ts";
import type { Asked } from "./ports.ts";

/** An answer that is waited for. */
export interface Waiting<T> {
  readonly answer: Promise<T>;
  /** Nobody wants it any more: it fails with `cancelled`, unless it is there already. */
  readonly cancel: () => void;
}

/**
 * Waits for what was asked: settles as its answer does, or fails with `timeout` or `cancelled`; in these cases what was asked is given up. A late
 * answer is ignored.
 */
export function withDeadline<T>(alarms: Alarms, timeoutMs: number, late: string, asked: Asked<T>): Waiting<T> {
  let cancel = (): void => undefined;
  const answer = new Promise<T>((resolve, reject) => {
    const fail = (error: BridgeError): void => {
      settle();
      asked.giveUp?.();
      reject(error);
    };
    const cancelTimer = alarms.after(timeoutMs, () => {
      fail(new BridgeError("timeout", `${late} within ${String(timeoutMs)} ms`));
    });
    const settle = (): void => {
      cancel = () => undefined;
      cancelTimer();
    };
    cancel = () => {
      fail(new BridgeError("cancelled"));
    };
    asked.answer.then(
      (value) => {
        settle();
        resolve(value);
      },
      (error: unknown) => {
        settle();
        reject(error instanceof Error ? error : new BridgeError("internal", String(error)));
      },
    );
  });
  return {
    answer,
    cancel: () => {
      cancel();
    },
  };
}

/** The same with another answer made of it. */
export function mapAnswer<T, U>({ answer, cancel }: Waiting<T>, map: (value: T) => U): Waiting<U> {
  return { answer: answer.then(map), cancel };
}
