// SPDX-License-Identifier: MIT
// What a client keeps going across connections, as one list: each part asks for itself again on every connection, in the order in which it was added.
import type { BridgeError } from "../../model/errors.ts";

/** Something of a client that is to hold on every connection. */
export interface Kept {
  /** A connection opened: asks for it. What it sends stands behind what those before it have sent. */
  connected(): void;
  /** The connection is lost, and another one may come. */
  disconnected(): void;
  /** No connection comes any more; `error` says why when nobody closed the client. */
  finish(error: BridgeError | undefined): void;
}

/** All that one client keeps. */
export class KeptThings {
  readonly #things = new Set<Kept>();
  #isOpen = false;

  /** From now on it holds; asks for it at once when there is a connection. */
  add(thing: Kept): void {
    this.#things.add(thing);
    if (this.#isOpen) thing.connected();
  }

  remove(thing: Kept): void {
    this.#things.delete(thing);
  }

  connected(): void {
    this.#isOpen = true;
    for (const thing of [...this.#things]) thing.connected();
  }

  disconnected(): void {
    this.#isOpen = false;
    for (const thing of [...this.#things]) thing.disconnected();
  }

  finish(error?: BridgeError): void {
    this.#isOpen = false;
    for (const thing of [...this.#things]) thing.finish(error);
    this.#things.clear();
  }
}
