// SPDX-License-Identifier: MIT
// Who publishes in open channels, by the numbers that stand in their batches.

/** Senders that are gone are known up to so many, for the newest samples that they left. */
export const MAX_FORMER_SENDERS = 4096;

/** One publisher's name tag; a session, a gateway's client or a driver has one as soon as it publishes. */
export interface Sender {
  /** Bridge-wide, 1 or more, never used again for another. */
  readonly id: number;
  /** A session's id, or the name that was asked for. */
  readonly name: string;
  /** What program it is, as it says itself. */
  readonly client: string;
}

/** The senders of one bridge. */
export class Senders {
  #lastId = 0;
  readonly #present = new Map<number, Sender>();
  /** In the order in which they left. */
  readonly #former = new Map<number, Sender>();

  /** A new one; to be given back with {@link leave}. */
  add(name: string, client: string): Sender {
    const sender: Sender = { id: (this.#lastId += 1), name, client };
    this.#present.set(sender.id, sender);
    return sender;
  }

  /** Undefined for one that left long ago. */
  get(id: number): Sender | undefined {
    return this.#present.get(id) ?? this.#former.get(id);
  }

  /** It publishes no more. */
  leave({ id }: Sender): void {
    const sender = this.#present.get(id);
    if (sender === undefined) return;
    this.#present.delete(id);
    this.#former.set(id, sender);
    const [oldest] = this.#former.keys();
    if (this.#former.size > MAX_FORMER_SENDERS && oldest !== undefined) this.#former.delete(oldest);
  }
}
