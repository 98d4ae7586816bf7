// SPDX-License-Identifier: MIT
// How many sessions are open with tickets that this client made, told while somebody wants to know it, across connections.
import type { RequestBody } from "../session/messages.ts";
import type { Hearing } from "./hearing.ts";
import type { Kept } from "./kept/kept.ts";
import type { Arrival } from "./link/requests.ts";

/** What the watching needs of its client. */
export interface TicketWire {
  ask(body: RequestBody, arrival?: Arrival): Promise<unknown>;
}

type Changed = (sessions: number) => void;

/** The watched tickets of one client. */
export class TicketWatches implements Kept {
  readonly #wire: TicketWire;
  readonly #listeners = new Map<string, Set<Changed>>();

  constructor(wire: TicketWire) {
    this.#wire = wire;
  }

  readonly hears: Hearing = {
    ticket: ({ ticket, sessions }) => {
      this.#tell(ticket, sessions);
    },
  };

  /** Tells the number now, and whenever it changes. Says nothing of a ticket that the bridge does not know. Returns what ends it. */
  watch(ticket: string, changed: Changed): () => void {
    const known = this.#listeners.get(ticket);
    const listeners = known ?? new Set<Changed>();
    // Wrapped, so that one function given twice is two listeners.
    const own: Changed = (sessions) => {
      changed(sessions);
    };
    listeners.add(own);
    this.#listeners.set(ticket, listeners);
    this.#ask(ticket);
    return () => {
      if (!listeners.delete(own) || listeners.size > 0) return;
      this.#listeners.delete(ticket);
      // Without a connection nobody watches.
      this.#wire.ask({ op: "follow", ticket, enabled: false }).catch(() => undefined);
    };
  }

  connected(): void {
    for (const ticket of this.#listeners.keys()) this.#ask(ticket);
  }

  disconnected(): void {
    // The next connection asks again.
  }

  finish(): void {
    this.#listeners.clear();
  }

  #ask(ticket: string): void {
    const arrived = (result: unknown): void => {
      this.#tell(ticket, (result as { readonly sessions: number }).sessions);
    };
    // Refused when its time is over: then nobody can come with it.
    this.#wire.ask({ op: "follow", ticket }, { arrived }).catch(() => undefined);
  }

  #tell(ticket: string, sessions: number): void {
    for (const changed of [...(this.#listeners.get(ticket) ?? [])]) changed(sessions);
  }
}
