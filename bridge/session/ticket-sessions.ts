// SPDX-License-Identifier: MIT
// How many sessions are open with each ticket, for those who want to know whether what they gave it to is there.
import type { Cancel } from "../hub/ports.ts";

interface Held {
  sessions: number;
  readonly listeners: Set<(sessions: number) => void>;
}

/** Counts the sessions of tickets; keeps nothing of a ticket that no session holds and nobody watches. */
export class TicketSessions {
  readonly #held = new Map<string, Held>();

  /** A session opened with a ticket; returns what is called when it ends. */
  enter(ticket: string): Cancel {
    this.#count(ticket, 1);
    return () => {
      this.#count(ticket, -1);
    };
  }

  /** Tickets of which something is kept. */
  get size(): number {
    return this.#held.size;
  }

  /** How many there are now. */
  count(ticket: string): number {
    return this.#held.get(ticket)?.sessions ?? 0;
  }

  /** Calls `changed` whenever the number changes, until it is cancelled. */
  watch(ticket: string, changed: (sessions: number) => void): Cancel {
    const held = this.#of(ticket);
    held.listeners.add(changed);
    return () => {
      held.listeners.delete(changed);
      this.#forget(ticket, held);
    };
  }

  #count(ticket: string, change: 1 | -1): void {
    const held = this.#of(ticket);
    held.sessions += change;
    for (const listener of [...held.listeners]) listener(held.sessions);
    this.#forget(ticket, held);
  }

  #of(ticket: string): Held {
    const known = this.#held.get(ticket);
    if (known !== undefined) return known;
    const held: Held = { sessions: 0, listeners: new Set() };
    this.#held.set(ticket, held);
    return held;
  }

  #forget(ticket: string, held: Held): void {
    if (held.sessions === 0 && held.listeners.size === 0) this.#held.delete(ticket);
  }
}
