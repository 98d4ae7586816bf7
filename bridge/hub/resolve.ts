// SPDX-License-Identifier: MIT
// What stands behind a service: itself, or what an alias stands for, with the alias's defaults filled in.
import { BridgeError } from "../model/errors.ts";
import { NO_ARGUMENTS, overDefaults } from "./arguments.ts";
import type { Hub } from "./hub.ts";
import type { Alias, CallArguments, DriverService, ProgramService, Service } from "./service.ts";

/** An alias may stand for another one, so many times. */
export const MAX_ALIASES = 16;

/** What a call comes to. */
export interface Resolved {
  readonly target: DriverService | ProgramService;
  readonly given: CallArguments;
}

/**
 * What is called when `service` is called with `given`. Throws `unknown_service` or `disconnected` when the target of an alias is not there, `invalid_argument` for too
 * many aliases, `bad_value` for an argument that is given twice.
 */
export function resolveCall(hub: Hub, service: Service, given: CallArguments): Resolved {
  const aliases: Alias[] = [];
  let target = service;
  while (target.by === "alias") {
    aliases.push(target);
    if (aliases.length > MAX_ALIASES) {
      throw new BridgeError("invalid_argument", `"${service.name}" is more than ${String(MAX_ALIASES)} aliases deep`);
    }
    target = hub.service(target.target);
  }
  if (aliases.length === 0 && given.args.length === 0) return { target, given };
  const params = target.by === "driver" ? fieldsOf(target) : target.params;
  const defaults = aliases.reduceRight((inner, alias) => overDefaults(inner, alias.defaults, params), NO_ARGUMENTS);
  return { target, given: overDefaults(defaults, given, params) };
}

/** The fields of a request in their order: a driver's names of the positions. */
function fieldsOf({ request }: DriverService): readonly string[] {
  return request?.layout.members.map(({ name }) => name) ?? [];
}
