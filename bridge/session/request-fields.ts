// SPDX-License-Identifier: MIT
// The shapes of fields that several requests have.
import { z } from "zod";
import type { Json } from "../model/values.ts";

/** The longest time that a client may ask the bridge to wait, and the longest life of a ticket. */
export const MAX_WAIT_MS = 86_400_000;

/** A call or set waits so long for its answer unless the client says otherwise. */
export const DEFAULT_WAIT_MS = 10_000;

/** Names or patterns in one list. */
export const MAX_PATTERNS = 64;

/** A name or pattern. */
export const name: z.ZodType<string> = z.string().min(1).max(255);
export const patterns: z.ZodArray<z.ZodType<string>> = z.array(name).max(MAX_PATTERNS);
export const id: z.ZodType<number> = z.int().min(0);
export const waitMs: z.ZodType<number> = z.int().min(1).max(MAX_WAIT_MS);

/** Anything that JSON can say: it was parsed from JSON, so nothing is left to check. */
export const json: z.ZodType<Json> = z.custom<Json>();

/** Values by name. Not z.record: whoever takes them looks at each anyway, and stops at the first that is wrong. */
export const fields: z.ZodType<Readonly<Record<string, Json>>> = z.custom<Readonly<Record<string, Json>>>(
  isObject,
  "must be an object of fields by name",
);

/** Arguments by position. */
export const list: z.ZodType<readonly Json[]> = z.custom<readonly Json[]>(Array.isArray, "must be an array");

/** Whether a JSON value is an object, no array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
