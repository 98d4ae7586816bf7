// SPDX-License-Identifier: MIT
// Says what a subscription waits for, so that a misspelt pattern is not taken for a silent channel.
import { compilePattern } from "../model/names.ts";

/** So many of the channels that are there are named. */
const SHOWN_CHANNELS = 8;

/** Which of `patterns` no channel answers to, and which channels are there; undefined when each has one. */
export function waitingNote(patterns: readonly string[], channels: readonly string[]): string | undefined {
  const missing = patterns.filter((pattern) => !channels.some(compilePattern(pattern)));
  if (missing.length === 0) return undefined;
  const waiting = `waiting for ${missing.map((pattern) => `"${pattern}"`).join(", ")}`;
  if (channels.length === 0) return `${waiting}; no channel is there yet`;
  const more = channels.length - SHOWN_CHANNELS;
  const shown = channels.slice(0, SHOWN_CHANNELS).join(", ");
  return `${waiting}; there are ${shown}${more > 0 ? ` and ${String(more)} more` : ""}`;
}
