// SPDX-License-Identifier: MIT
// A preset in a file, as `preset show --json` writes it or somebody by hand.
import { BridgeError } from "../../model/errors.ts";
import type { Json } from "../../model/values.ts";
import { readFileOfAtMost } from "../read-file.ts";

const MAX_FILE_BYTES = 1_048_576;

/** Whether somebody means a file: its name has a slash or ends in `.json`, which no preset's needs to. */
export function isFileName(text: string): boolean {
  return text.includes("/") || text.endsWith(".json");
}

/** The values of the preset in a file. Throws `usage` when it cannot be read or is none. Blocks. */
export function readPresetFile(path: string): Readonly<Record<string, Json>> {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(readFileOfAtMost(path, MAX_FILE_BYTES)).toString("utf8"));
  } catch (error) {
    throw new BridgeError("usage", `${path}: ${(error as Error).message}`, { cause: error });
  }
  const values = isObject(json) ? json["values"] : undefined;
  if (isObject(values) && Object.values(values).every(isObject)) return values as Readonly<Record<string, Json>>;
  throw new BridgeError("usage", `${path} is no preset: {"values":{"motor/gains":{"kp":2}}}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
