// SPDX-License-Identifier: MIT
// The senders whose samples are no news to a reader, because it, or who shares them with it, published them.

/** Senders that left are known up to so many: their last samples may still be on their way. */
export const MAX_DISMISSED = 4096;

/** Senders of one session, or of all clients of a gateway. */
export class OwnSenders {
  readonly #ids = new Set<number>();
  /** Of {@link ids} those that left, the oldest first. */
  readonly #dismissed: number[] = [];

  get ids(): ReadonlySet<number> {
    return this.#ids;
  }

  add(id: number): void {
    this.#ids.add(id);
  }

  /** It publishes no more. */
  dismiss(id: number): void {
    this.#dismissed.push(id);
    const oldest = this.#dismissed.length > MAX_DISMISSED ? this.#dismissed.shift() : undefined;
    if (oldest !== undefined) this.#ids.delete(oldest);
  }
}
