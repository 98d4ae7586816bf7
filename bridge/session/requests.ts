// SPDX-License-Identifier: MIT
// Reads what a client sends: every message is held against its shape and bounds before any part is used.
import { z } from "zod";
import { BridgeError } from "../model/errors.ts";
import type { Json } from "../model/values.ts";
import { MAX_TICKET_BYTES } from "./gate.ts";
import type { OpenKind } from "./channel-messages.ts";
import { MAX_FIELDS, type Delivery, type Encoding, type Hello } from "./messages.ts";
import { PRESET_REQUESTS, type CheckedPresetRequest } from "./preset-requests.ts";
import { PROGRAM_REQUESTS, RETURN, type CheckedProgramRequest, type CheckedReturn } from "./program-requests.ts";
import { DEFAULT_WAIT_MS, fields, id, isObject, list, MAX_WAIT_MS, name, patterns, waitMs } from "./request-fields.ts";

/** The largest time of a sample that is published by request: what nanoseconds in 63 bits can hold. */
const MAX_TIME_MS = 9_223_372_036_854;

/** The path of a field. */
const MAX_PATH_LENGTH = 4096;

/** A request as it comes out of its check, with its defaults filled in. */
export type CheckedRequest =
  | { readonly op: "list" | "logs" | "status" | "ping" | "ledger"; readonly id: number }
  | { readonly op: "watch"; readonly id: number; readonly rates: boolean }
  | {
      readonly op: "subscribe";
      readonly id: number;
      readonly channels: readonly string[];
      readonly delivery: Delivery;
      readonly encoding: Encoding;
      readonly maxHz?: number | undefined;
      readonly columnMs?: number | undefined;
      readonly fields?: readonly string[] | undefined;
      readonly last: boolean;
      readonly wait: boolean;
      readonly echo: boolean;
    }
  | {
      readonly op: "open";
      readonly id: number;
      readonly channel: string;
      readonly kind: OpenKind;
      readonly contentType?: string | undefined;
      readonly sender?: string | undefined;
    }
  | { readonly op: "close"; readonly id: number; readonly handle: number }
  | {
      readonly op: "publish";
      readonly id: number;
      readonly channel: string;
      readonly value?: unknown;
      readonly bytes?: string | undefined;
      readonly contentType?: string | undefined;
      readonly time?: number | undefined;
    }
  | { readonly op: "unsubscribe"; readonly id: number; readonly subscription: number }
  | { readonly op: "schema"; readonly id: number; readonly driver: string; readonly known: string | null }
  | { readonly op: "get"; readonly id: number; readonly parameter: string }
  | {
      readonly op: "set";
      readonly id: number;
      readonly parameter: string;
      readonly values: Readonly<Record<string, unknown>>;
      readonly timeoutMs: number;
    }
  | {
      readonly op: "call";
      readonly id: number;
      readonly service: string;
      readonly args: readonly Json[] | Readonly<Record<string, Json>>;
      readonly named?: Readonly<Record<string, Json>> | undefined;
      readonly timeoutMs: number;
      readonly timestamp: boolean;
    }
  | { readonly op: "cancel"; readonly id: number; readonly request: number }
  | {
      readonly op: "bind";
      readonly id: number;
      readonly service?: string | undefined;
      readonly parameter?: string | undefined;
      readonly timeoutMs: number;
    }
  | {
      readonly op: "ticket";
      readonly id: number;
      readonly channels: readonly string[];
      readonly parameters: readonly string[];
      readonly services: readonly string[];
      readonly streams: readonly string[];
      readonly publish: readonly string[];
      readonly ttlMs: number;
      readonly once: boolean;
    }
  | CheckedPresetRequest
  | { readonly op: "follow"; readonly id: number; readonly ticket: string; readonly enabled: boolean }
  | CheckedProgramRequest;

/** One request by its op. */
export type CheckedOf<Op extends CheckedRequest["op"]> = Extract<CheckedRequest, { op: Op }>;

const contentType = z.string().min(1).max(255);
const fieldPath = z.string().min(1).max(MAX_PATH_LENGTH);

const REQUESTS: Readonly<Record<CheckedRequest["op"], z.ZodType<CheckedRequest>>> = {
  list: z.strictObject({ op: z.literal("list"), id }),
  watch: z.strictObject({ op: z.literal("watch"), id, rates: z.boolean().default(false) }),
  logs: z.strictObject({ op: z.literal("logs"), id }),
  status: z.strictObject({ op: z.literal("status"), id }),
  ping: z.strictObject({ op: z.literal("ping"), id }),
  ledger: z.strictObject({ op: z.literal("ledger"), id }),
  subscribe: z.strictObject({
    op: z.literal("subscribe"),
    id,
    channels: patterns.min(1),
    delivery: z.enum(["queue", "latest", "minmax"]).default("queue"),
    encoding: z.enum(["batch", "json"]).default("batch"),
    maxHz: z.number().optional(),
    columnMs: z.number().optional(),
    fields: z.array(fieldPath).min(1).max(MAX_FIELDS).optional(),
    last: z.boolean().default(false),
    wait: z.boolean().default(false),
    echo: z.boolean().default(false),
  }),
  open: z.strictObject({
    op: z.literal("open"),
    id,
    channel: name,
    kind: z.enum(["json", "bytes"]),
    contentType: contentType.optional(),
    sender: name.optional(),
  }),
  close: z.strictObject({ op: z.literal("close"), id, handle: z.int().min(0) }),
  publish: z.strictObject({
    op: z.literal("publish"),
    id,
    channel: name,
    value: z.unknown().optional(),
    bytes: z.string().optional(),
    contentType: contentType.optional(),
    time: z.number().min(0).max(MAX_TIME_MS).optional(),
  }),
  unsubscribe: z.strictObject({ op: z.literal("unsubscribe"), id, subscription: z.int().min(0) }),
  schema: z.strictObject({ op: z.literal("schema"), id, driver: name, known: name.nullable().default(null) }),
  get: z.strictObject({ op: z.literal("get"), id, parameter: name }),
  set: z.strictObject({
    op: z.literal("set"),
    id,
    parameter: name,
    values: fields,
    timeoutMs: waitMs.default(DEFAULT_WAIT_MS),
  }),
  call: z.strictObject({
    op: z.literal("call"),
    id,
    service: name,
    args: z.union([fields, list]).default({}),
    named: fields.optional(),
    timeoutMs: waitMs.default(DEFAULT_WAIT_MS),
    timestamp: z.boolean().default(false),
  }),
  cancel: z.strictObject({ op: z.literal("cancel"), id, request: id }),
  bind: z.strictObject({
    op: z.literal("bind"),
    id,
    service: name.optional(),
    parameter: name.optional(),
    timeoutMs: waitMs.default(DEFAULT_WAIT_MS),
  }),
  follow: z.strictObject({
    op: z.literal("follow"),
    id,
    ticket: z.string().min(1).max(MAX_TICKET_BYTES),
    enabled: z.boolean().default(true),
  }),
  ticket: z.strictObject({
    op: z.literal("ticket"),
    id,
    channels: patterns.default([]),
    parameters: patterns.default([]),
    services: patterns.default([]),
    streams: patterns.default([]),
    publish: patterns.default([]),
    ttlMs: z.int().min(1).max(MAX_WAIT_MS).default(43_200_000),
    once: z.boolean().default(false),
  }),
  ...PRESET_REQUESTS,
  ...PROGRAM_REQUESTS,
};

const HELLO = z.object({
  op: z.literal("hello"),
  version: z.int().min(0),
  token: z.string().max(65_536),
  client: z.string().max(200).optional(),
  acks: z.boolean().default(false),
});

/** What came: a request, a return, or what is wrong with it, and the id to answer to where one can be read. */
export type Received =
  | { readonly request: CheckedRequest }
  | { readonly returned: CheckedReturn }
  | { readonly error: BridgeError; readonly id: number | undefined };

/** Reads the first message. Throws `bad_message`. */
export function readHello(text: string): Hello {
  const result = HELLO.safeParse(parseObject(text));
  if (!result.success) throw new BridgeError("bad_message", `hello: ${explain(result.error)}`);
  const { client, ...rest } = result.data;
  return client === undefined ? rest : { ...rest, client };
}

/** Reads any later message; never throws. */
export function readRequest(text: string): Received {
  let json: Readonly<Record<string, unknown>>;
  try {
    json = parseObject(text);
  } catch (thrown) {
    const error = thrown instanceof BridgeError ? thrown : new BridgeError("bad_message");
    return { error, id: undefined };
  }
  const op = json["op"];
  if (op === "return") return readReturn(json);
  if (typeof op !== "string" || !isOp(op)) {
    const shown = typeof op === "string" ? `"${quote(op)}" is no op of this protocol` : "a message needs an op";
    return { error: new BridgeError("bad_message", shown), id: undefined };
  }
  const result = REQUESTS[op].safeParse(json);
  if (result.success) return { request: result.data };
  const known = id.safeParse(json["id"]);
  const unbuilt = result.error.issues.find((issue) => issue.code === "unrecognized_keys");
  const error =
    unbuilt === undefined
      ? new BridgeError("bad_message", `${op}: ${explain(result.error)}`)
      : new BridgeError("unsupported", `${op}: this bridge does not know the field "${quote(unbuilt.keys[0] ?? "")}"`);
  return { error, id: known.success ? known.data : undefined };
}

/** A return that is not one still says which call it answers, where it can. */
function readReturn(json: Readonly<Record<string, unknown>>): Received {
  const result = RETURN.safeParse(json);
  if (result.success) return { returned: result.data };
  const error = new BridgeError("bad_message", `return: ${explain(result.error)}`);
  const call = id.safeParse(json["call"]);
  if (!call.success) return { error, id: undefined };
  return { returned: { op: "return", call: call.data, error: { name: "BridgeError", message: error.message } } };
}

function isOp(op: string): op is keyof typeof REQUESTS {
  return Object.hasOwn(REQUESTS, op);
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new BridgeError("bad_message", "a text message must be JSON");
  }
  if (!isObject(json)) throw new BridgeError("bad_message", "a text message must be a JSON object");
  return json;
}

function explain(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return "the message is wrong";
  const path = issue.path.map((part) => quote(String(part))).join(".");
  return path === "" ? issue.message : `"${path}": ${issue.message}`;
}

function quote(text: string): string {
  return text.slice(0, 60);
}
