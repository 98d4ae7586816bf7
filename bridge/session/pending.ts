// SPDX-License-Identifier: MIT
// The requests of one session that are under way: their ids, their bound, and what becomes of their answers.
import type { Cancel } from "../hub/ports.ts";
import { BridgeError, toBridgeError } from "../model/errors.ts";

/** Requests of one session that wait for their answer. */
export const MAX_REQUESTS = 256;

/** Tells the client of an error, as the answer to a request where there is an id. */
export type AnswerError = (id: number | undefined, error: BridgeError) => void;

/** Requests by id. */
export class Pending {
  readonly #answerError: AnswerError;
  /** Each with what cancels it where it can be. */
  readonly #waiting = new Map<number, Cancel | undefined>();

  constructor(answerError: AnswerError) {
    this.#answerError = answerError;
  }

  has(id: number): boolean {
    return this.#waiting.has(id);
  }

  /** Whether a request of this id cannot be taken; the client is told so. */
  refuses(id: number): boolean {
    if (this.#waiting.has(id)) {
      this.#answerError(undefined, new BridgeError("bad_message", `the id ${String(id)} is in use`));
      return true;
    }
    if (this.#waiting.size < MAX_REQUESTS) return false;
    this.#answerError(id, new BridgeError("busy", `${String(MAX_REQUESTS)} requests of this session wait already`));
    return true;
  }

  /** Runs something whose failure at once is the answer. */
  attempt(id: number | undefined, run: () => void): void {
    try {
      run();
    } catch (thrown) {
      this.#answerError(id, toBridgeError(thrown));
    }
  }

  /** Waits for an answer; `done` sends it. */
  wait<T>(id: number, answer: Promise<T>, done: (value: T) => void, cancel?: Cancel): void {
    this.#waiting.set(id, cancel);
    answer.then(
      (value) => {
        this.#waiting.delete(id);
        done(value);
      },
      (thrown: unknown) => {
        this.#waiting.delete(id);
        this.#answerError(id, toBridgeError(thrown));
      },
    );
  }

  /** Has a request fail with `cancelled`; false when none of that id can be cancelled. */
  cancel(id: number): boolean {
    const cancel = this.#waiting.get(id);
    cancel?.();
    return cancel !== undefined;
  }

  /** Nobody waits any more. */
  close(): void {
    for (const cancel of this.#waiting.values()) cancel?.();
    this.#waiting.clear();
  }
}
