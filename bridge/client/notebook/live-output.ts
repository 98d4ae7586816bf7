// SPDX-License-Identifier: MIT
// The live half of an output: its spec with a ticket, shown anew when it changes or when another bridge took over.
import type { TicketGrant } from "../../session/messages.ts";
import type { Client } from "../client.ts";
import type { Place } from "./notebook.ts";
import { type CallSpec, closedHtml, type KnobsSpec, outputHtml, type PlotSpec, type Unopened } from "./output.ts";

/** What an output shows. */
export interface OutputParts {
  /** Its name where it cannot be live. */
  what(): string;
  grant(): TicketGrant;
  spec(): Unopened<PlotSpec> | Unopened<KnobsSpec> | Unopened<CallSpec>;
  /** It is shown with another ticket. */
  renewed?(ticket: string): void;
}

/** What of a client an output needs. */
export type OutputClient = Pick<Client, "url" | "ticket" | "bridge" | "on">;

/** Shows one output and keeps its ticket good. */
export class LiveOutput {
  readonly #client: OutputClient;
  readonly #place: Place;
  readonly #parts: OutputParts;
  readonly #stop: () => void;
  #ticket = "";
  #bridge = "";

  constructor(client: OutputClient, place: Place, parts: OutputParts) {
    this.#client = client;
    this.#place = place;
    this.#parts = parts;
    this.#stop = client.on("state", ({ state }) => {
      // Tickets end with the bridge that made them.
      if (state === "open" && this.#ticket !== "" && client.bridge.id !== this.#bridge) {
        this.renew().catch(() => undefined);
      }
    });
  }

  /** Asks for a ticket for what the output shows now, and shows it with that. */
  async renew(): Promise<void> {
    const { id } = this.#client.bridge;
    const { ticket } = await this.#client.ticket(this.#parts.grant());
    this.#bridge = id;
    this.#ticket = ticket;
    this.show();
    this.#parts.renewed?.(ticket);
  }

  /** Shows it as it is now. */
  show(): void {
    const access = { url: this.#client.url, ticket: this.#ticket };
    this.#place.html(outputHtml({ ...this.#parts.spec(), ...access }, this.#parts.what()));
  }

  /** Leaves in its place that it was closed. */
  remove(): void {
    this.#place.html(closedHtml(this.#parts.what()));
  }

  /** From now on it is left as it is. */
  close(): void {
    this.#stop();
  }
}
