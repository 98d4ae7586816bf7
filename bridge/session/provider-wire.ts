// SPDX-License-Identifier: MIT
// What a providing program is asked, as the events of its session.
import type { ProviderPort } from "../hub/ports.ts";
import type { CallArguments } from "../hub/service.ts";
import { valueText } from "./calls.ts";
import type { Connection } from "./connection.ts";
import type { Outbox } from "./outbox.ts";
import type { ProgramEvent } from "./program-messages.ts";

/** The way to the program of one session. Its events overtake samples that wait. */
export class ProviderWire implements ProviderPort {
  readonly #connection: Connection;
  readonly #outbox: Outbox;

  constructor(connection: Connection, outbox: Outbox) {
    this.#connection = connection;
    this.#outbox = outbox;
  }

  get unreadBytes(): number {
    return this.#connection.bufferedBytes;
  }

  invoke(call: number, service: string, { args, named }: CallArguments): void {
    const text = valueText({ args, named }, `the arguments for "${service}"`).slice(1);
    this.#outbox.control(`{"op":"invoke","call":${String(call)},"service":${JSON.stringify(service)},${text}`);
  }

  adjust(call: number, stream: string, change: { readonly enabled?: boolean; readonly hz?: number }): void {
    this.#tell({ op: "adjust", call, stream, ...change });
  }

  abandon(call: number): void {
    this.#tell({ op: "abandon", call });
  }

  #tell(event: ProgramEvent): void {
    this.#outbox.control(JSON.stringify(event));
  }
}
