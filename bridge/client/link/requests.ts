// SPDX-License-Identifier: MIT
// Requests that wait for their answer, by id.
import { BridgeError, isErrorCode } from "../../model/errors.ts";
import type { ErrorBody, Request, RequestBody } from "../../session/messages.ts";

/** What {@link Requests} needs of the connection. */
export interface RequestWire {
  send(request: Request): void;
}

/** A request under way. */
export interface Asked {
  readonly id: number;
  /** What the bridge answered; rejects with its error, `timeout` or what ended the connection. */
  readonly answer: Promise<unknown>;
}

interface Pending {
  readonly arrived: ((result: unknown) => void) | undefined;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: BridgeError) => void;
  readonly timer: unknown;
}

/** Numbers the requests of one client and matches the answers; every request is settled exactly once. */
export class Requests {
  readonly #wire: RequestWire;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  constructor(wire: RequestWire) {
    this.#wire = wire;
  }

  /**
   * Sends a request; `timeoutMs` bounds the wait. Until it is settled the process is kept alive. `arrived` gets the result before the next
   * message is looked at; who waits for the answer may get it after that.
   */
  ask(body: RequestBody, timeoutMs: number, arrived?: (result: unknown) => void): Asked {
    const id = ++this.#lastId;
    const answer = new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.fail(
          id,
          new BridgeError("timeout", `the bridge did not answer "${body.op}" within ${String(timeoutMs)} ms`),
        );
      }, timeoutMs);
      this.#pending.set(id, { arrived, resolve, reject, timer });
    });
    this.#wire.send({ ...body, id });
    return { id, answer };
  }

  /** A result came. One that nobody waits for any more is ignored. */
  succeed(id: number, result: unknown): void {
    const pending = this.#take(id);
    pending?.arrived?.(result);
    pending?.resolve(result);
  }

  /** Rejects one request. */
  fail(id: number, error: BridgeError): void {
    this.#take(id)?.reject(error);
  }

  /** Rejects all: the connection is gone. */
  failAll(error: BridgeError): void {
    for (const id of [...this.#pending.keys()]) this.fail(id, error);
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    if (pending === undefined) return undefined;
    this.#pending.delete(id);
    clearTimeout(pending.timer as Parameters<typeof clearTimeout>[0]);
    return pending;
  }
}

/** The error that a bridge sent; a code that this version does not know becomes `internal` and keeps its name in the message. */
export function errorOf(body: ErrorBody): BridgeError {
  const code: string = body.code;
  return isErrorCode(code)
    ? new BridgeError(code, body.message)
    : new BridgeError("internal", `${code}: ${body.message}`);
}
