// SPDX-License-Identifier: MIT
// Arguments by position and by name: how a caller's go over the defaults of an alias.
import { BridgeError } from "../model/errors.ts";
import type { CallArguments } from "./service.ts";

export const NO_ARGUMENTS: CallArguments = { args: [], named: {} };

/**
 * What is called with: a given position replaces the default of that index, a given name the default of that name. Where the names of the positions are known,
 * an argument that is given in one way also replaces the default that stands for it in the other, and `bad_value` is thrown for one that is given in both.
 */
export function overDefaults(
  defaults: CallArguments,
  given: CallArguments,
  params: readonly string[] | null,
): CallArguments {
  const args = [...given.args, ...defaults.args.slice(given.args.length)];
  const named = new Map(Object.entries(defaults.named));
  for (const name of params?.slice(0, given.args.length) ?? []) named.delete(name);
  for (const [name, value] of Object.entries(given.named)) {
    const at = params?.indexOf(name) ?? -1;
    if (at >= 0 && at < given.args.length) {
      throw new BridgeError("bad_value", `"${name.slice(0, 60)}" is given by position and by name`);
    }
    if (at >= 0 && at < args.length) args[at] = value;
    else named.set(name, value);
  }
  return { args, named: Object.fromEntries(named) };
}
