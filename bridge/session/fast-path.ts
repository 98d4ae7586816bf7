// SPDX-License-Identifier: MIT
// Sets and calls without JSON: handles for parameters and services, and what is sent with them.
import type { Waiting } from "../hub/deadline.ts";
import type { Hub } from "../hub/hub.ts";
import { NO_ARGUMENTS } from "../hub/arguments.ts";
import type { Parameter } from "../hub/parameter.ts";
import { resolveCall } from "../hub/resolve.ts";
import type { SchemaEntry } from "../hub/schemas.ts";
import type { DriverService, Service } from "../hub/service.ts";
import { writeValue, type CallRecord, type SetRecord } from "../layout/link-records.ts";
import { BridgeError } from "../model/errors.ts";
import type { Access } from "./access.ts";
import type { BoundParameter, BoundService } from "./messages.ts";

/** Handles of one session. */
export const MAX_HANDLES = 1024;

type Bound =
  | { readonly is: "service"; readonly service: Service; readonly target: DriverService; timeoutMs: number }
  | { readonly is: "parameter"; readonly parameter: Parameter; timeoutMs: number };

/** The fast path of one session. */
export class FastPath {
  readonly #hub: Hub;
  readonly #access: Access;
  readonly #tellSchema: (entry: SchemaEntry) => void;
  readonly #handles = new Map<number, Bound>();
  /** By what is bound, which is another object after the driver was away. */
  readonly #known = new WeakMap<Service | Parameter, number>();
  #lastHandle = 0;

  /** `tellSchema` sends the layout to the client, unless it was sent before. */
  constructor(hub: Hub, access: Access, tellSchema: (entry: SchemaEntry) => void) {
    this.#hub = hub;
    this.#access = access;
    this.#tellSchema = tellSchema;
  }

  /** Binds a driver's service, or an alias of one. Throws `unsupported` for what cannot go as a struct alone. */
  bindService(service: Service, timeoutMs: number): BoundService {
    const { target, given } = resolveCall(this.#hub, service, NO_ARGUMENTS);
    if (target.by !== "driver") {
      throw new BridgeError("unsupported", `"${service.name}" is no service of a driver: call it with JSON`);
    }
    if (Object.keys(given.named).length > 0 || given.args.length > 0) {
      throw new BridgeError("unsupported", `"${service.name}" has defaults of its own: call it with JSON`);
    }
    const { driver, request, reply } = target;
    const handle = this.#bind(service, { is: "service", service, target, timeoutMs });
    for (const entry of [request, reply]) if (entry !== null) this.#tellSchema(entry);
    return {
      handle,
      service: service.name,
      epoch: String(driver.epoch),
      request: request?.id ?? null,
      reply: reply?.id ?? null,
    };
  }

  bindParameter(parameter: Parameter, timeoutMs: number): BoundParameter {
    const { name, driver, schema } = parameter;
    const handle = this.#bind(parameter, { is: "parameter", parameter, timeoutMs });
    this.#tellSchema(schema);
    const channel = this.#seenChannel(parameter)?.name ?? null;
    return { handle, parameter: name, epoch: String(driver.epoch), schema: schema.id, channel };
  }

  /** Carries out a CALL and gives its reply. Throws, or rejects with, a `BridgeError`. */
  call({ target: handle, request }: CallRecord): Waiting<Uint8Array> {
    const bound = this.#handles.get(handle);
    if (bound?.is !== "service") throw unbound("service", handle);
    const { service, target, timeoutMs } = bound;
    if (!this.#isThere(bound)) throw gone("unknown_service", service.name);
    checkSize(request, target.request);
    return this.#hub.call(target, request, timeoutMs);
  }

  /** Carries out a SET and gives the record of the answer. Rejects with a `BridgeError`. */
  async set({ id, target, value: wanted, mask }: SetRecord): Promise<Uint8Array> {
    const bound = this.#handles.get(target);
    if (bound?.is !== "parameter") throw unbound("parameter", target);
    const { parameter, timeoutMs } = bound;
    if (!this.#isThere(bound)) throw gone("unknown_parameter", parameter.name);
    checkSize(wanted, parameter.schema);
    const { value, next, time } = await this.#hub.set(parameter, wanted, mask, timeoutMs);
    const stream = this.#seenChannel(parameter)?.source.id ?? 0;
    return writeValue({ set: id, target, stream, next: next ?? 0, time, value });
  }

  #bind(target: Service | Parameter, bound: Bound): number {
    const known = this.#known.get(target);
    if (known === undefined && this.#handles.size >= MAX_HANDLES) this.#sweep();
    const handle = known ?? (this.#lastHandle += 1);
    this.#known.set(target, handle);
    this.#handles.set(handle, bound);
    return handle;
  }

  /** Lets go of what is no longer there. Throws `busy` when that frees nothing. */
  #sweep(): void {
    for (const [handle, bound] of this.#handles) if (!this.#isThere(bound)) this.#handles.delete(handle);
    if (this.#handles.size >= MAX_HANDLES) {
      throw new BridgeError("busy", `a session has at most ${String(MAX_HANDLES)} handles`);
    }
  }

  /** Whether what was bound is what has its name now. */
  #isThere(bound: Bound): boolean {
    const { services, parameters } = this.#hub.directory;
    if (bound.is === "parameter") return parameters.get(bound.parameter.name) === bound.parameter;
    const { service, target } = bound;
    return services.get(target.name) === target && (service === target || services.get(service.name) === service);
  }

  #seenChannel({ channel }: Parameter): Parameter["channel"] {
    return channel !== null && this.#access.channel(channel.name) ? channel : null;
  }
}

/** Another code than that of a driver that is lost while it works: this was never carried out, and can be asked for again. */
function gone(code: "unknown_service" | "unknown_parameter", name: string): BridgeError {
  return new BridgeError(code, `the driver of "${name}" was lost since it was bound; bind it anew`);
}

function unbound(what: string, handle: number): BridgeError {
  return new BridgeError("invalid_argument", `the session has bound no ${what} to ${String(handle)}`);
}

function checkSize({ length }: Uint8Array, entry: SchemaEntry | null): void {
  const size = entry?.layout.size ?? 0;
  if (length === size) return;
  throw new BridgeError("bad_value", `a struct of ${String(length)} bytes, where the layout has ${String(size)}`);
}
