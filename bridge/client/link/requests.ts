// SPDX-License-Identifier: MIT
// Requests that wait for their answer, by id.
import { BridgeError, isErrorCode, toBridgeError } from "../../model/errors.ts";
import type { ErrorBody, Request, RequestBody } from "../../session/messages.ts";
import { afterReading } from "./alarms.ts";

/** What {@link Requests} needs of the connection. */
export interface RequestWire {
  /** Throws what the request cannot be sent for. */
  send(request: Request): void;
  sendRecord(record: Uint8Array): void;
}

/** A request under way. */
export interface Asked {
  readonly id: number;
  /** What the bridge answered; rejects with its error, `timeout` or what ended the connection. */
  readonly answer: Promise<unknown>;
}

/** Who else wants to know of a result than those who wait for the answer. */
export interface Arrival {
  /** Gets the result before the next message is looked at; who waits for the answer may get it after that. */
  arrived?(result: unknown): void;
  /** Gets a result that came when the wait was over: what it stands for may have to be taken back. */
  late?(result: unknown): void;
}

interface Pending extends Arrival {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: BridgeError) => void;
  /** Ends the wait for it. */
  readonly endWait: () => void;
}

/** As many requests that timed out are remembered for their late answer; a bridge lets as many wait at a time. */
const MAX_OVERDUE = 256;

/** Numbers the requests of one client and matches the answers; every request is settled exactly once. */
export class Requests {
  readonly #wire: RequestWire;
  readonly #pending = new Map<number, Pending>();
  readonly #overdue = new Map<number, Arrival>();
  #lastId = 0;

  constructor(wire: RequestWire) {
    this.#wire = wire;
  }

  /** Sends a request; `timeoutMs` bounds the wait, in which a busy program still reads what came meanwhile. Until it is settled the process is kept alive. */
  ask(body: RequestBody, timeoutMs: number, arrival: Arrival = {}): Asked {
    const asked = this.#await(body.op, timeoutMs, arrival);
    try {
      this.#wire.send({ ...body, id: asked.id });
    } catch (thrown) {
      this.fail(asked.id, toBridgeError(thrown));
    }
    return asked;
  }

  /** The same for a request that is a record, made of its id; its result is the record of the answer. */
  askRecord(op: "set" | "call", write: (id: number) => Uint8Array, timeoutMs: number): Asked {
    const asked = this.#await(op, timeoutMs, {});
    this.#wire.sendRecord(write(asked.id));
    return asked;
  }

  /** A result came. One that nobody waits for any more is told to who asked for late ones, or ignored. */
  succeed(id: number, result: unknown): void {
    // One whose arrival throws still waits, and is rejected with the connection that this ends.
    this.#pending.get(id)?.arrived?.(result);
    this.#take(id)?.resolve(result);
    const overdue = this.#overdue.get(id);
    this.#overdue.delete(id);
    overdue?.late?.(result);
  }

  /** Rejects one request. */
  fail(id: number, error: BridgeError): void {
    this.#take(id)?.reject(error);
  }

  /** The bridge refused a request. */
  refuse(id: number, error: BridgeError): void {
    this.#overdue.delete(id);
    this.fail(id, error);
  }

  /** Rejects all: the connection is gone. */
  failAll(error: BridgeError): void {
    this.#overdue.clear();
    for (const id of [...this.#pending.keys()]) this.fail(id, error);
  }

  #await(op: string, timeoutMs: number, arrival: Arrival): Asked {
    const id = ++this.#lastId;
    const answer = new Promise<unknown>((resolve, reject) => {
      const endWait = afterReading(timeoutMs, () => {
        this.#keepOverdue(id, arrival);
        this.fail(id, new BridgeError("timeout", `the bridge did not answer "${op}" within ${String(timeoutMs)} ms`));
      });
      this.#pending.set(id, { ...arrival, resolve, reject, endWait });
    });
    return { id, answer };
  }

  #keepOverdue(id: number, arrival: Arrival): void {
    if (arrival.late === undefined) return;
    this.#overdue.set(id, arrival);
    for (const oldest of this.#overdue.keys()) {
      if (this.#overdue.size <= MAX_OVERDUE) break;
      this.#overdue.delete(oldest);
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    if (pending === undefined) return undefined;
    this.#pending.delete(id);
    pending.endWait();
    return pending;
  }
}

/** The error that a bridge sent; a code that this version does not know becomes `internal` and keeps its name in the message. */
export function errorOf(body: ErrorBody): BridgeError {
  const { message, name, detail } = body;
  const code: string = body.code;
  return isErrorCode(code)
    ? new BridgeError(code, message, { name, detail })
    : new BridgeError("internal", `${code}: ${message}`);
}
