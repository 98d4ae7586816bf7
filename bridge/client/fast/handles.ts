// SPDX-License-Identifier: MIT
// The handles of one connection: which services and parameters can be used without JSON.
import { BridgeError } from "../../model/errors.ts";
import type { Layout } from "../../model/schema.ts";
import type { BoundParameter, BoundService, RequestBody } from "../../session/messages.ts";

/** What handles need of their connection. */
export interface HandleWire {
  ask(body: RequestBody, arrived: (result: unknown) => void): Promise<unknown>;
  /** The layout of a schema id, told before the answer that names it. */
  layout(schema: number): Layout | undefined;
}

/** A service that can be called by its handle; a layout is null where there is nothing to send. */
export interface ServiceHandle {
  readonly handle: number;
  readonly request: Layout | null;
  readonly reply: Layout | null;
}

/** A parameter that can be set by its handle. */
export interface ParameterHandle {
  readonly handle: number;
  readonly layout: Layout;
  readonly channel: string | null;
  readonly epoch: string;
}

/** The name was used once; is being bound, or cannot be bound. */
type Waiting = "used" | "asked";

/** Binds what is used a second time on one connection: what is used once, as by the command line, is not worth two questions. */
export class Handles {
  readonly #wire: HandleWire;
  readonly #services = new Map<string, ServiceHandle | Waiting>();
  readonly #parameters = new Map<string, ParameterHandle | Waiting>();

  constructor(wire: HandleWire) {
    this.#wire = wire;
  }

  /** The handle of a service about to be called; undefined while there is none. */
  service(service: string): ServiceHandle | undefined {
    return this.#use(this.#services, service, { op: "bind", service }, (result) => {
      const { handle, request, reply } = result as BoundService;
      return { handle, request: this.#layout(request), reply: this.#layout(reply) };
    });
  }

  /** The handle of a parameter about to be set; undefined while there is none. */
  parameter(parameter: string): ParameterHandle | undefined {
    return this.#use(this.#parameters, parameter, { op: "bind", parameter }, (result) => {
      const { handle, schema, channel, epoch } = result as BoundParameter;
      const layout = this.#layout(schema);
      if (layout === null) throw new BridgeError("bad_message", "the bridge bound a parameter without a layout");
      return { handle, layout, channel, epoch };
    });
  }

  /** The driver of it has gone since it was bound. */
  forget(name: string): void {
    this.#services.delete(name);
    this.#parameters.delete(name);
  }

  #use<H>(
    known: Map<string, H | Waiting>,
    name: string,
    body: RequestBody,
    read: (result: unknown) => H,
  ): H | undefined {
    const found = known.get(name);
    if (found === undefined) {
      known.set(name, "used");
    } else if (found === "used") {
      known.set(name, "asked");
      const arrived = (result: unknown): void => {
        known.set(name, read(result));
      };
      // A refusal leaves it as it is: whoever uses it hears why.
      this.#wire.ask(body, arrived).catch(() => undefined);
    } else if (found !== "asked") {
      return found;
    }
    return undefined;
  }

  #layout(schema: number | null): Layout | null {
    if (schema === null) return null;
    const layout = this.#wire.layout(schema);
    if (layout === undefined) throw new BridgeError("bad_message", "the bridge bound what it had told no layout of");
    return layout;
  }
}
