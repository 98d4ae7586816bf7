// SPDX-License-Identifier: MIT
// Who publishes at the other bridge, by the numbers of both: programs of this one keep their own.
import type { Sender, Senders } from "../../hub/senders.ts";

/** Senders of the other bridge that are known here at a time. */
export const MAX_FAR_SENDERS = 4096;

const SESSION = /^s\d+$/;

/** A sender's name at another bridge: that of a session says at which bridge, for it is told from others only there. */
export function nameAbroad(name: string, bridge: string): string {
  return SESSION.test(name) ? `${bridge}/${name}` : name;
}

/** The senders of one connection. */
export class FarSenders {
  readonly #senders: Senders;
  readonly #bridge: () => string;
  /** By the other bridge's number. */
  readonly #far = new Map<number, Sender>();
  /** Of these the ones that publish through here. */
  readonly #own = new Map<number, Sender>();

  /** `bridge`: what the other bridge is called here. */
  constructor(senders: Senders, bridge: () => string) {
    this.#senders = senders;
    this.#bridge = bridge;
  }

  /** A program of this bridge has that number there. */
  own(number: number, sender: Sender): void {
    this.#own.set(number, sender);
  }

  /** The number here; `who` is what the other bridge told of it. */
  here(number: number, who: { readonly name: string; readonly client: string } | null): number {
    if (number === 0) return 0;
    const known = this.#own.get(number) ?? this.#far.get(number);
    if (known !== undefined) return known.id;
    const sender = this.#senders.add(nameAbroad(who?.name ?? "", this.#bridge()), who?.client ?? "");
    this.#far.set(number, sender);
    for (const [oldest, { id }] of this.#far) {
      if (this.#far.size <= MAX_FAR_SENDERS) break;
      this.#far.delete(oldest);
      this.#senders.leave({ id, name: "", client: "" });
    }
    return sender.id;
  }

  /** The connection is gone, and its numbers with it. */
  clear(): void {
    for (const sender of this.#far.values()) this.#senders.leave(sender);
    this.#far.clear();
    this.#own.clear();
  }
}
