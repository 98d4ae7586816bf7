// SPDX-License-Identifier: MIT
// The events that a session asked for once: the directory, values of parameters, log lines. A slow client gets them put together.
import type { Channel } from "../hub/channel.ts";
import type { Watch } from "../hub/directory.ts";
import type { Hub } from "../hub/hub.ts";
import type { LogLine } from "../hub/journal.ts";
import type { Parameter } from "../hub/parameter.ts";
import type { AppliedValue, Cancel } from "../hub/ports.ts";
import { BridgeError } from "../model/errors.ts";
import type { Access } from "./access.ts";
import type { Describer } from "./describe.ts";
import type { LogEvent, TicketEvent } from "./messages.ts";
import type { Outbox } from "./outbox.ts";
import type { TicketSessions } from "./ticket-sessions.ts";

/** Tickets that one session watches; each is at most 8 KiB. */
export const MAX_WATCHED_TICKETS = 256;

/** Watches the hub for one session. */
export class Watcher {
  readonly #hub: Hub;
  readonly #outbox: Outbox;
  readonly #describer: Describer;
  readonly #access: Access;
  readonly #ticketSessions: TicketSessions;
  readonly #stops: Cancel[] = [];
  /** By name, the newest value that a client that does not read has yet to get. */
  readonly #late = new Map<string, { readonly parameter: Parameter; readonly applied: AppliedValue }>();
  /** What ends the watching of a ticket, and the tickets of which a client that does not read has yet to get the number. */
  readonly #tickets = new Map<string, Cancel>();
  readonly #lateTickets = new Set<string>();
  #watch: Watch | undefined;
  #logs = false;
  #missedRates = false;
  #droppedLines = 0;

  constructor(hub: Hub, outbox: Outbox, describer: Describer, access: Access, ticketSessions: TicketSessions) {
    this.#ticketSessions = ticketSessions;
    this.#hub = hub;
    this.#outbox = outbox;
    this.#describer = describer;
    this.#access = access;
  }

  /** From now on `directory` and `parameter` events are sent; with `rates` also these, instead of entries that repeat all but a rate. */
  watch(rates: boolean): void {
    if (this.#watch !== undefined) return;
    const notify = (): void => {
      this.#tellChanges();
    };
    const onRates = (channels: readonly Channel[]): void => {
      this.#tellRates(channels);
    };
    const watch = this.#hub.directory.watch(notify, rates ? onRates : undefined);
    this.#watch = watch;
    this.#stops.push(
      () => {
        watch.stop();
      },
      this.#hub.onValue((parameter, applied) => {
        this.#tellValue(parameter, applied);
      }),
    );
  }

  /** Sends the latest lines, and from now on every further one. */
  logs(): void {
    if (this.#logs) return;
    this.#logs = true;
    for (const line of this.#hub.journal.lines) this.#tellLine(line);
    this.#stops.push(
      this.#hub.journal.listen((line) => {
        this.#tellLine(line);
      }),
    );
  }

  /** From now on it is told how many sessions are open with a ticket whenever that changes, or not any longer. Throws `busy` for too many. */
  watchTicket(ticket: string, isWanted: boolean): void {
    if (isWanted === this.#tickets.has(ticket)) return;
    if (!isWanted) {
      this.#tickets.get(ticket)?.();
      this.#tickets.delete(ticket);
      this.#lateTickets.delete(ticket);
      return;
    }
    if (this.#tickets.size >= MAX_WATCHED_TICKETS) {
      throw new BridgeError("busy", `a session watches at most ${String(MAX_WATCHED_TICKETS)} tickets`);
    }
    const stop = this.#ticketSessions.watch(ticket, () => {
      this.#tellTicket(ticket);
    });
    this.#tickets.set(ticket, stop);
  }

  /** The client reads again: what was put off is sent. */
  relieve(): void {
    this.#tellChanges();
    if (this.#missedRates && !this.#outbox.choked) this.#tellRates([...this.#hub.directory.channels.values()]);
    for (const [name, { parameter, applied }] of this.#late) {
      if (this.#outbox.choked) return;
      this.#late.delete(name);
      this.#outbox.control(this.#describer.change(parameter, applied, this.#access));
    }
    for (const ticket of [...this.#lateTickets]) this.#tellTicket(ticket);
    if (this.#droppedLines > 0 && !this.#outbox.choked) {
      const message = `${String(this.#droppedLines)} log lines were dropped: this session did not read in time`;
      this.#droppedLines = 0;
      this.#outbox.control(JSON.stringify({ op: "notice", code: "busy", message }));
    }
  }

  close(): void {
    for (const stop of this.#stops) stop();
    for (const stop of this.#tickets.values()) stop();
    this.#late.clear();
  }

  #tellChanges(): void {
    if (this.#watch === undefined || this.#outbox.choked) return;
    const text = this.#describer.changes(this.#watch.take(), this.#access);
    if (text !== undefined) this.#outbox.control(text);
  }

  #tellRates(channels: readonly Channel[]): void {
    this.#missedRates = this.#outbox.choked;
    if (this.#missedRates) return;
    const text = this.#describer.rates(channels, this.#access);
    if (text !== undefined) this.#outbox.control(text);
  }

  #tellValue(parameter: Parameter, applied: AppliedValue): void {
    if (!this.#access.parameter(parameter.name)) return;
    if (this.#outbox.choked) {
      this.#late.set(parameter.name, { parameter, applied });
      return;
    }
    this.#late.delete(parameter.name);
    this.#outbox.control(this.#describer.change(parameter, applied, this.#access));
  }

  #tellTicket(ticket: string): void {
    if (this.#outbox.choked) {
      this.#lateTickets.add(ticket);
      return;
    }
    this.#lateTickets.delete(ticket);
    const event: TicketEvent = { op: "ticket", ticket, sessions: this.#ticketSessions.count(ticket) };
    this.#outbox.control(JSON.stringify(event));
  }

  #tellLine(line: LogLine): void {
    if (this.#outbox.choked) {
      this.#droppedLines += 1;
      return;
    }
    const event: LogEvent = { op: "log", ...line };
    this.#outbox.control(JSON.stringify(event));
  }
}
