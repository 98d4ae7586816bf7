// SPDX-License-Identifier: MIT
// What a program offers to be called: an object's methods, and named calls with stored arguments. They hold across connections until they are closed.
import { BridgeError } from "../../model/errors.ts";
import { MAX_EXPOSED } from "../../session/program-messages.ts";
import { Standing, type StandingWire } from "../kept/standing.ts";
import { fieldsToJson, listToJson } from "../json-values.ts";
import type { Invocations } from "./invocations.ts";
import { providedBy, type ExposeOptions } from "./methods.ts";

/** What exposures need of their client. */
export interface ExposureWire extends StandingWire {
  readonly invocations: Invocations;
  /** It does not hold any more, and not because it was closed. */
  notice(error: BridgeError): void;
}

/** Something that others can call, until it is closed or the client is. */
export class Exposure {
  readonly name: string;
  /** The names of its services. */
  readonly services: readonly string[];
  readonly #standing: Standing;
  readonly #gone: () => void;

  /** Use `client.expose()` or `client.alias()`. */
  constructor(name: string, services: readonly string[], standing: Standing, gone: () => void) {
    this.name = name;
    this.services = services;
    this.#standing = standing;
    this.#gone = gone;
  }

  /** Resolves when it can be called; rejects with the bridge's refusal (`name_in_use`, `forbidden`, `name_invalid`). */
  get ready(): Promise<void> {
    return this.#standing.ready;
  }

  /** It can be called no longer; calls that run are still answered. Resolves when the bridge knows. */
  async close(): Promise<void> {
    this.#gone();
    await this.#standing.close();
  }
}

/** Exposes an object's methods, or a function. Throws `invalid_argument`, and `name_in_use` for what this client exposes already. */
export function exposed(wire: ExposureWire, name: string, target: object, options: ExposeOptions): Exposure {
  const all = providedBy(name, target, options);
  const services = all.map(({ service }) => service);
  if (all.length > MAX_EXPOSED) {
    throw new BridgeError(
      "invalid_argument",
      `"${name}" has ${String(all.length)} methods; choose at most ${String(MAX_EXPOSED)}`,
    );
  }
  const taken = services.find((service) => wire.invocations.has(service));
  if (taken !== undefined) throw new BridgeError("name_in_use", `this program exposes "${taken}" already`);
  const gone = (): void => {
    for (const service of services) wire.invocations.forget(service);
  };
  for (const provided of all) {
    wire.invocations.serve({ provided, failed: (error) => options.failed?.(provided.service, error) });
  }
  const offers = all.map(({ service, params, doc }) => ({
    service,
    ...(params === null ? {} : { params }),
    ...(doc === undefined ? {} : { doc }),
  }));
  const standing = new Standing(wire, {
    request: () => ({ op: "expose", services: offers }),
    undo: () => ({ op: "withdraw", services }),
    ended: (error, isNews) => {
      gone();
      if (isNews) wire.notice(error);
    },
  });
  return new Exposure(name, services, standing, gone);
}

/** Arguments that a named call brings along. */
export interface AliasOptions {
  /** By position; a caller's replace them by index. */
  readonly args?: readonly unknown[] | undefined;
  /** By name; a caller's replace them by name. */
  readonly named?: object | undefined;
}

/** Makes another name for a service, with stored arguments. Throws `bad_value`. */
export function aliased(wire: ExposureWire, name: string, target: string, options: AliasOptions): Exposure {
  const args = listToJson(options.args ?? []);
  const named = fieldsToJson(options.named ?? {});
  const standing = new Standing(wire, {
    request: () => ({ op: "alias", service: name, target, args, named }),
    undo: () => ({ op: "withdraw", services: [name] }),
    ended: (error, isNews) => {
      if (isNews) wire.notice(error);
    },
  });
  return new Exposure(name, [name], standing, () => undefined);
}
