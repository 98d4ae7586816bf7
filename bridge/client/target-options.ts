// SPDX-License-Identifier: MIT
// What `connect()` is given, as one set of options.
import { BridgeError } from "../model/errors.ts";
import type { ConnectOptions, TargetOptions } from "./options.ts";

/**
 * The options of `connect(target, options)`; a target in words is the URL, or without `://` the name, of the bridge. Throws `invalid_argument` for options beside a target that is
 * itself one: which of two tokens is meant would be a guess.
 */
export function optionsOf(target: string | ConnectOptions | undefined, options?: TargetOptions): ConnectOptions {
  if (typeof target === "string") {
    const named = target.includes("://") ? { url: target, bridge: undefined } : { url: undefined, bridge: target };
    return { ...options, ...named };
  }
  if (target === undefined || options === undefined) return target ?? options ?? {};
  throw new BridgeError(
    "invalid_argument",
    'connect: write all options into one object, or connect("URL or name", { … })',
  );
}
