// SPDX-License-Identifier: MIT
// What a page publishes in one channel: opened anew with every connection, and never kept for later, because it is about now.
import { effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { toBridgeError } from "../../../model/errors.ts";
import type { PagePublisher } from "./client-port.ts";
import type { Session } from "./session.ts";

/** Publishes JSON values in `channel` while `session` is open. */
export class Outlet {
  readonly channel: string;
  readonly #problem: Signal<string | null> = signal<string | null>(null);
  #publisher: PagePublisher | null = null;
  /** Values that were handed to the connection. */
  sent = 0;
  /** Values that nobody took, because there was no connection. */
  unsent = 0;

  constructor(session: Session, channel: string) {
    this.channel = channel;
    effect(() => {
      const client = session.client.value;
      if (client === null) return;
      const publisher = client.publisher(channel);
      publisher.opened.catch((thrown: unknown) => {
        const { code, message } = toBridgeError(thrown);
        if (code !== "closed") this.#problem.value = `Nothing can be published in “${channel}”: ${message}`;
      });
      const endPhase = session.phase.subscribe(({ kind }) => {
        this.#publisher = kind === "open" ? publisher : null;
      });
      this.#problem.value = null;
      return () => {
        endPhase();
        this.#publisher = null;
        publisher.close();
      };
    });
  }

  /** Why the bridge takes nothing; null when it does, as far as is known. */
  get problem(): ReadonlySignal<string | null> {
    return this.#problem;
  }

  /** Hands a value on; returns whether there was a connection to take it. */
  publish(value: object): boolean {
    if (this.#publisher === null || this.#problem.peek() !== null) {
      this.unsent++;
      return false;
    }
    try {
      this.#publisher.publish(value);
    } catch (thrown) {
      this.#problem.value = `Nothing can be published in “${this.channel}”: ${toBridgeError(thrown).message}`;
      return false;
    }
    this.sent++;
    return true;
  }
}
