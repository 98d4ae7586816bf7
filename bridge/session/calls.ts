// SPDX-License-Identifier: MIT
// Calls with JSON: of any service, be it a driver's, a program's or an alias.
import { mapAnswer, type Waiting } from "../hub/deadline.ts";
import type { Hub } from "../hub/hub.ts";
import { resolveCall } from "../hub/resolve.ts";
import type { CallArguments, DriverService, Service } from "../hub/service.ts";
import type { Codec } from "../layout/codec.ts";
import { encodeRequest } from "../layout/request.ts";
import { counted } from "../model/counted.ts";
import { BridgeError } from "../model/errors.ts";
import type { Json } from "../model/values.ts";
import type { Access } from "./access.ts";
import { MAX_CALL_BYTES, MAX_VALUE_DEPTH } from "./program-messages.ts";

/** What calls need of their bridge. */
export interface CallParts {
  readonly hub: Hub;
  readonly codec: Codec;
}

/** What a service answered: a driver's as JSON text, a program's as it came. */
export type Reply = { readonly text: string } | { readonly value: Json };

/** The service of a name that `access` reaches. Throws `unknown_service`, or `disconnected` when its driver is away. */
export function findService(hub: Hub, access: Access, name: string): Service {
  if (!access.service(name)) throw new BridgeError("unknown_service", `there is no service "${name}"`);
  return hub.service(name);
}

/**
 * Calls a service. Throws what is wrong with the arguments, `unknown_service` or `disconnected` for an alias of what is not there, `busy`; the answer rejects
 * with the service's failure, `timeout`, `cancelled` or `disconnected`.
 */
export function callService(
  { hub, codec }: CallParts,
  service: Service,
  given: CallArguments,
  timeoutMs: number,
): Waiting<Reply> {
  const call = resolveCall(hub, service, given);
  const { target } = call;
  if (target.by === "program") {
    return mapAnswer(hub.invoke(target, call.given, timeoutMs), (value) => ({ value }));
  }
  const request = encodeRequest(codec, target.request?.layout ?? null, fieldsByName(target, call.given));
  return mapAnswer(hub.call(target, request, timeoutMs), (reply) => ({
    text: target.reply === null ? "{}" : codec.valueJson(target.reply.layout, reply),
  }));
}

/** A reply as JSON text. Throws `message_too_large` or `bad_value` when it cannot be sent on. */
export function replyText(reply: Reply): string {
  return "text" in reply ? reply.text : valueText(reply.value, "the result");
}

/** A reply as a value. */
export function replyValue(reply: Reply): Json {
  return "value" in reply ? reply.value : (JSON.parse(reply.text) as Json);
}

/** A value as JSON text that fits in a message; `what` begins the sentence of the error. Throws `bad_value` when it nests too deep, `message_too_large`. */
export function valueText(value: Json, what: string): string {
  if (isDeep(value, MAX_VALUE_DEPTH)) {
    throw new BridgeError("bad_value", `${what}: nested deeper than ${String(MAX_VALUE_DEPTH)}`);
  }
  const text = JSON.stringify(value);
  // Bytes are counted only where there could be too many: a character has at most three.
  if (text.length * 3 > MAX_CALL_BYTES && Buffer.byteLength(text) > MAX_CALL_BYTES) {
    throw new BridgeError("message_too_large", `${what}: more than ${String(MAX_CALL_BYTES)} bytes of JSON`);
  }
  return text;
}

function isDeep(value: Json, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((inner: Json) => isDeep(inner, levels - 1));
}

/** Positions are the fields of the request in their order. */
function fieldsByName(
  { name, request }: DriverService,
  { args, named }: CallArguments,
): Readonly<Record<string, Json>> {
  if (args.length === 0) return named;
  const members = request?.layout.members ?? [];
  if (args.length > members.length) {
    const text = `${counted(args.length, "argument")}, where "${name}" has ${counted(members.length, "field")}`;
    throw new BridgeError("bad_value", text);
  }
  return { ...named, ...Object.fromEntries(args.map((value, i) => [members[i]?.name ?? "", value])) };
}
