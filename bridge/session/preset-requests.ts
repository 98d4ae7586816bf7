// SPDX-License-Identifier: MIT
// Reads what a client asks of presets, and what stands in the files that keep them.
import { z } from "zod";
import type { Json } from "../model/values.ts";
import { isName } from "../model/names.ts";
import type { Preset } from "./preset-messages.ts";
import { fields, id, isObject, name, patterns } from "./request-fields.ts";

/** A request about presets as it comes out of its check. */
export type CheckedPresetRequest =
  | { readonly op: "presets"; readonly id: number }
  | { readonly op: "preset" | "forget"; readonly id: number; readonly preset: string }
  | {
      readonly op: "save";
      readonly id: number;
      readonly preset: string;
      readonly parameters?: readonly string[] | undefined;
      readonly values?: Readonly<Record<string, Json>> | undefined;
    };

/** The shapes of the requests about presets. */
export const PRESET_REQUESTS: Readonly<Record<CheckedPresetRequest["op"], z.ZodType<CheckedPresetRequest>>> = {
  presets: z.strictObject({ op: z.literal("presets"), id }),
  preset: z.strictObject({ op: z.literal("preset"), id, preset: name }),
  forget: z.strictObject({ op: z.literal("forget"), id, preset: name }),
  save: z.strictObject({
    op: z.literal("save"),
    id,
    preset: name,
    parameters: patterns.min(1).optional(),
    values: fields.optional(),
  }),
};

const PRESET = z.object({ preset: name, saved: z.number(), values: fields });

/** A preset as a file has it; undefined when it is none. */
export function readPreset(json: unknown): Preset | undefined {
  const result = PRESET.safeParse(json);
  return result.success && areValues(result.data.values) ? result.data : undefined;
}

/** Whether these can be the values of parameters: each an object, under a parameter's name. */
export function areValues(values: Readonly<Record<string, Json>>): boolean {
  return Object.entries(values).every(([parameter, value]) => isName(parameter) && isObject(value));
}
