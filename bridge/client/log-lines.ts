// SPDX-License-Identifier: MIT
// The log lines that a client asked for, each told once although a reconnect repeats the latest.
import type { LogEvent, RequestBody } from "../session/messages.ts";
import type { Listeners } from "./events.ts";
import type { Hearing } from "./hearing.ts";
import type { Kept } from "./kept/kept.ts";

/** As many log lines are remembered to tell those that a reconnect repeats; the bridge repeats 200. */
const REMEMBERED_LOGS = 400;

/** What the log needs of its client. */
export interface LogWire {
  readonly listeners: Listeners;
  ask(body: RequestBody): Promise<unknown>;
}

/** The log of one client. */
export class LogLines implements Kept {
  readonly #wire: LogWire;
  #wanted = false;
  readonly #seen = new Map<string, LogEvent>();

  constructor(wire: LogWire) {
    this.#wire = wire;
  }

  readonly hears: Hearing = {
    log: (message) => {
      this.#log(message);
    },
  };

  /** Asks for them, from now on on every connection. Resolves with the latest that have come until then, the very objects of the events. */
  async ask(): Promise<readonly LogEvent[]> {
    await this.#wire.ask({ op: "logs" });
    this.#wanted = true;
    return [...this.#seen.values()];
  }

  connected(): void {
    // A failure here is the connection's own, which is told and mended by itself.
    if (this.#wanted) this.ask().catch(() => undefined);
  }

  disconnected(): void {
    // The lines that were missed are repeated.
  }

  finish(): void {
    this.#wanted = false;
  }

  #log({ driver, level, time, text }: LogEvent): void {
    const key = JSON.stringify([driver, level, time, text]);
    if (this.#seen.has(key)) return;
    const event: LogEvent = { op: "log", driver, level, time, text };
    this.#seen.set(key, event);
    for (const oldest of this.#seen.keys()) {
      if (this.#seen.size <= REMEMBERED_LOGS) break;
      this.#seen.delete(oldest);
    }
    this.#wire.listeners.tell("log", event);
  }
}
