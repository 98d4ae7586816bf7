// SPDX-License-Identifier: MIT
// The sets and calls of one link that wait for their answer.
import type { AppliedValue } from "../hub/ports.ts";
import { BridgeError } from "../model/errors.ts";
import { MAX_PENDING } from "./protocol.ts";

/** What waits under an id: a set for the value, a call for its reply. */
type Waiting =
  | {
      readonly is: "set";
      readonly parameter: number;
      readonly resolve: (applied: AppliedValue) => void;
      readonly reject: (error: BridgeError) => void;
    }
  | {
      readonly is: "call";
      readonly replyBytes: number;
      readonly resolve: (reply: Uint8Array) => void;
      readonly reject: (error: BridgeError) => void;
    };

/** Requests by id. A late answer to one that was given up is ignored; an answer to what was never asked breaks the protocol. */
export class Pending {
  #lastId = 0;
  readonly #waiting = new Map<number, Waiting>();

  get size(): number {
    return this.#waiting.size;
  }

  /** Adds a set and sends it with its id. Rejects with `busy` when too many wait. */
  set(parameter: number, send: (id: number) => void): Promise<AppliedValue> {
    return new Promise((resolve, reject) => {
      send(this.#add({ is: "set", parameter, resolve, reject }));
    });
  }

  /** Adds a call and sends it with its id. Rejects with `busy` when too many wait. */
  call(replyBytes: number, send: (id: number) => void): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      send(this.#add({ is: "call", replyBytes, resolve, reject }));
    });
  }

  /** Nobody waits for this answer any more. */
  giveUp(id: number): void {
    this.#waiting.delete(id);
  }

  /** The driver answered a set. Throws `bad_record` when it answers something else by that. */
  applied(id: number, parameter: number, applied: AppliedValue): void {
    const waiting = this.#take(id);
    if (waiting === undefined) return;
    if (waiting.is === "set" && waiting.parameter === parameter) waiting.resolve(applied);
    else this.#breach(waiting, `a value answers the request ${String(id)}, which did not set it`);
  }

  /** The driver answered a call. Throws `bad_record` when it was no call, or the reply has another size. */
  replied(id: number, reply: Uint8Array): void {
    const waiting = this.#take(id);
    if (waiting === undefined) return;
    if (waiting.is === "call" && waiting.replyBytes === reply.length) waiting.resolve(reply);
    else this.#breach(waiting, `a reply to the request ${String(id)} is not what was asked for`);
  }

  /** The driver refused. Throws `bad_record` when nothing was asked under that id. */
  refused(id: number, error: BridgeError): void {
    this.#take(id)?.reject(error);
  }

  /** No answer can come any more. */
  failAll(error: BridgeError): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #take(id: number): Waiting | undefined {
    if (id < 1 || id > this.#lastId)
      throw new BridgeError("bad_record", `an answer to ${String(id)}, which was not asked`);
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #breach(waiting: Waiting, text: string): never {
    const error = new BridgeError("bad_record", text);
    waiting.reject(error);
    throw error;
  }

  #add(waiting: Waiting): number {
    if (this.#waiting.size >= MAX_PENDING) {
      throw new BridgeError("busy", `${String(MAX_PENDING)} requests wait for the driver's answer already`);
    }
    this.#lastId += 1;
    this.#waiting.set(this.#lastId, waiting);
    return this.#lastId;
  }
}
