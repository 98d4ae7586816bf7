// SPDX-License-Identifier: MIT
// Requests for a parameter or service of a driver that is only just coming: they wait for it instead of being refused.
import type { Waiting } from "../hub/deadline.ts";
import type { AwaitedKind, Hub } from "../hub/hub.ts";
import type { Access } from "./access.ts";

/** What a request names, and how long its answer may take. */
export interface Named {
  readonly hub: Hub;
  readonly access: Access;
  readonly kind: AwaitedKind;
  readonly name: string;
  readonly timeoutMs: number;
}

/**
 * Runs a request at once, or, where its driver is about to say what it has, as soon as it has; what is not there then, and what may not be seen, `run` refuses. `run` gets what is left of the time. What is
 * waited for can be cancelled as what `run` gives can.
 */
export function whenThere<T extends object>(
  { hub, access, kind, name, timeoutMs }: Named,
  run: (timeoutMs: number) => T | Promise<T> | Waiting<T>,
): T | Promise<T> | Waiting<T> {
  const arrival = access[kind](name) ? hub.arrival(kind, name, timeoutMs) : undefined;
  if (arrival === undefined) return run(timeoutMs);
  const begun = hub.clock.now();
  let { cancel } = arrival;
  const answer = arrival.answer.then(() => {
    cancel = () => undefined;
    const outcome = run(Math.max(1, Math.round(timeoutMs - (hub.clock.now() - begun))));
    if (!isWaiting(outcome)) return outcome;
    cancel = outcome.cancel;
    return outcome.answer;
  });
  return {
    answer,
    cancel: () => {
      cancel();
    },
  };
}

function isWaiting<T extends object>(outcome: T | Promise<T> | Waiting<T>): outcome is Waiting<T> {
  return "answer" in outcome && "cancel" in outcome;
}
