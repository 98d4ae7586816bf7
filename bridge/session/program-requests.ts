// SPDX-License-Identifier: MIT
// Reads what a client says of its services and streams: each message is held against its shape and bounds before any part is used.
import { z } from "zod";
import type { Json } from "../model/values.ts";
import { MAX_EXPOSED, type StreamOffer } from "./program-messages.ts";
import { DEFAULT_WAIT_MS, fields, id, json, list, name, waitMs } from "./request-fields.ts";

/** The longest text that describes a service, the names of its arguments, and what it says of a failure. */
const MAX_DOC_LENGTH = 1000;
const MAX_PARAMS = 32;
const MAX_PARAM_LENGTH = 100;
const MAX_FAILURE_LENGTH = 4096;

/** A request about services or streams as it comes out of its check, with its defaults filled in. */
export type CheckedProgramRequest =
  | {
      readonly op: "expose";
      readonly id: number;
      readonly services: readonly {
        readonly service: string;
        readonly doc: string | null;
        readonly params: readonly string[] | null;
      }[];
    }
  | {
      readonly op: "alias";
      readonly id: number;
      readonly service: string;
      readonly target: string;
      readonly args: readonly Json[];
      readonly named: Readonly<Record<string, Json>>;
    }
  | { readonly op: "withdraw"; readonly id: number; readonly services: readonly string[] }
  | ({ readonly op: "offer"; readonly id: number } & StreamOffer)
  | { readonly op: "retract"; readonly id: number; readonly stream: string }
  | {
      readonly op: "adjust";
      readonly id: number;
      readonly stream: string;
      readonly enabled?: boolean | undefined;
      readonly hz?: number | undefined;
      readonly timeoutMs: number;
    };

/** A `return` as it comes out of its check. */
export interface CheckedReturn {
  readonly op: "return";
  readonly call: number;
  readonly result?: Json | undefined;
  readonly error?:
    | { readonly name?: string | undefined; readonly message: string; readonly code?: string | number | undefined }
    | undefined;
}

const short = z.string().max(MAX_PARAM_LENGTH);
const cut = z.string().transform((text) => text.slice(0, MAX_FAILURE_LENGTH));
const failure = z.object({
  name: cut.optional(),
  message: cut.default(""),
  code: z.union([cut, z.number()]).optional().catch(undefined),
});

const streamShape = {
  stream: name,
  channel: name,
  type: z.enum(["periodic", "manual", "relay"]),
  hz: z.number().nullable().default(null),
  enabled: z.boolean().default(true),
  state: z.enum(["running", "stopped", "failing"]).default("running"),
  encoding: z.string().min(1).max(255).default("json"),
  calls: z.int().min(0).default(0),
  overruns: z.int().min(0).default(0),
  error: z.object({ name: cut, message: cut }).nullable().default(null),
};

/** A stream as its program says that it is, outside a request. */
const STREAM: z.ZodType<StreamOffer> = z.object(streamShape);

/** The shapes of the requests about services and streams. */
export const PROGRAM_REQUESTS: Readonly<Record<CheckedProgramRequest["op"], z.ZodType<CheckedProgramRequest>>> = {
  expose: z.strictObject({
    op: z.literal("expose"),
    id,
    services: z
      .array(
        z.strictObject({
          service: name,
          doc: z.string().max(MAX_DOC_LENGTH).nullable().default(null),
          params: z.array(short).max(MAX_PARAMS).nullable().default(null),
        }),
      )
      .min(1)
      .max(MAX_EXPOSED),
  }),
  alias: z.strictObject({
    op: z.literal("alias"),
    id,
    service: name,
    target: name,
    args: list.default([]),
    named: fields.default({}),
  }),
  withdraw: z.strictObject({
    op: z.literal("withdraw"),
    id,
    services: z.array(name).min(1).max(MAX_EXPOSED),
  }),
  offer: z.strictObject({ op: z.literal("offer"), id, ...streamShape }),
  retract: z.strictObject({ op: z.literal("retract"), id, stream: name }),
  adjust: z.strictObject({
    op: z.literal("adjust"),
    id,
    stream: name,
    enabled: z.boolean().optional(),
    hz: z.number().optional(),
    timeoutMs: waitMs.default(DEFAULT_WAIT_MS),
  }),
};

/** The shape of a `return`. */
export const RETURN: z.ZodType<CheckedReturn> = z.object({
  op: z.literal("return"),
  call: id,
  result: json.optional(),
  error: failure.optional(),
});

/** A stream as its program answered it; undefined when it is none. */
export function readStream(value: Json): StreamOffer | undefined {
  const result = STREAM.safeParse(value);
  return result.success ? result.data : undefined;
}
