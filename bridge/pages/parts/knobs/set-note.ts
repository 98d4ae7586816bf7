// SPDX-License-Identifier: MIT
// A set as the plots note it: what was turned to what, and from when on it holds.
import type { Json } from "../../../session/messages.ts";
import { readPath } from "../../../client/trace/element-path.ts";
import { jsonText } from "../fields/value-text.ts";
import { counted } from "../../../model/counted.ts";

/** A set that took effect. */
export interface SetNote {
  /** The channel whose samples it governs. */
  readonly channel: string;
  /** ms since 1970. */
  readonly atMs: number;
  readonly text: string;
}

/** More fields than these are counted, not named. */
const NAMED = 2;

/** What changed, in words: `kp 10, ki 3`. */
export function setText(value: Json, paths: readonly string[]): string {
  if (paths.length > NAMED) return counted(paths.length, "field");
  return paths.map((path) => `${path} ${jsonText(readPath(value, path))}`).join(", ");
}
