// SPDX-License-Identifier: MIT
// What the address of a page asks for: names of channels, parameters and fields, held against the rules for names.
import { isName } from "../../../model/names.ts";

/** The value of `key` when it is a name of a channel, parameter or the like; else `fallback`. */
export function nameIn(query: URLSearchParams, key: string, fallback: string): string {
  const found = query.get(key) ?? "";
  return isName(found) ? found : fallback;
}

/** All values of `key`, also those that stand in one separated by commas, without empty ones and each once. */
export function listIn(query: URLSearchParams, key: string): string[] {
  const parts = query.getAll(key).flatMap((text) => text.split(","));
  return [...new Set(parts.map((part) => part.trim()).filter((part) => part !== ""))];
}
