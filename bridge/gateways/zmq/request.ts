// SPDX-License-Identifier: MIT
// Reads a request of the router's protocol: pickle((object, attribute, args, kwargs, whether to tell the time)).
import { BridgeError } from "../../model/errors.ts";
import type { Value } from "../../model/values.ts";
import type { Json } from "../../session/messages.ts";
import { unpickle } from "./pickle/unpickle.ts";

/** What a client asks for. */
export interface RouterRequest {
  readonly object: string;
  readonly attribute: string;
  readonly args: readonly Json[];
  readonly named: Readonly<Record<string, Json>>;
  readonly wantsTime: boolean;
}

/** Throws as `unpickle` does, `bad_message` for what is no request, and `bad_value` for arguments that cannot be passed on. */
export function readRequest(bytes: Uint8Array): RouterRequest {
  const request = unpickle(bytes);
  if (!isList(request) || request.length !== 5) throw badRequest("a tuple of five");
  const [object, attribute, args = null, kwargs = null, wantsTime = null] = request;
  if (typeof object !== "string" || typeof attribute !== "string") throw badRequest("two names in front");
  if (typeof wantsTime !== "boolean") throw badRequest("True or False at the end");
  return { object, attribute, args: argsOf(toJson(args)), named: namedOf(toJson(kwargs)), wantsTime };
}

/** Arguments by position; None stands for none. Throws `bad_message` when they are no list. */
export function argsOf(value: Json | undefined): readonly Json[] {
  if (value === null || value === undefined) return [];
  if (!isList(value)) throw badRequest("a list of args");
  return value;
}

/** Arguments by name; None stands for none. Throws `bad_message` when they are no dict. */
export function namedOf(value: Json | undefined): Readonly<Record<string, Json>> {
  if (value === null || value === undefined) return {};
  if (typeof value !== "object" || isList(value)) throw badRequest("a dict of kwargs");
  return value;
}

function badRequest(what: string): BridgeError {
  return new BridgeError(
    "bad_message",
    `a request must be (object, attribute, args, kwargs, get_timestamp), with ${what}`,
  );
}

/** What JSON can hold. Whole numbers beyond 2⁵³ become their digits. Throws `bad_value` for all else. */
function toJson(value: Value): Json {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new BridgeError("bad_value", "an argument is inf or nan, which cannot be passed on");
  }
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) {
    throw new BridgeError("bad_value", "an argument is bytes, which cannot be passed on; send a str or a list of int");
  }
  if (isList(value)) return value.map(toJson);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toJson(each)]));
}

function isList<Item>(value: Item | readonly Item[]): value is readonly Item[] {
  return Array.isArray(value);
}
