// SPDX-License-Identifier: MIT
// Names of channels, parameters and services, and the patterns that stand for several of them.
import { BridgeError } from "./errors.ts";

/** The longest whole name, in bytes of UTF-8. */
export const MAX_NAME_BYTES = 255;

const NAME = /^[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)*$/;
const PATTERN = /^(?:\*\*|\*|[A-Za-z0-9_.-]+)(?:\/(?:\*\*|\*|[A-Za-z0-9_.-]+))*$/;

/** Whether `text` is a name: levels of `A-Z a-z 0-9 _ . -` separated by `/`, at most 255 bytes. */
export function isName(text: string): boolean {
  return text.length <= MAX_NAME_BYTES && NAME.test(text);
}

/** Whether `text` is a name or a pattern in which levels may be `*` or `**`. */
export function isPattern(text: string): boolean {
  return text.length <= MAX_NAME_BYTES && PATTERN.test(text);
}

/** Throws `name_invalid` unless `text` is a name. */
export function checkName(text: string): string {
  if (!isName(text)) {
    throw new BridgeError(
      "name_invalid",
      `"${text.slice(0, 80)}" is not a name: use levels of A-Z a-z 0-9 _ . - separated by "/", at most ${String(MAX_NAME_BYTES)} bytes`,
    );
  }
  return text;
}

const SHORT_NAME = /^[A-Za-z0-9_.-]{1,64}$/;

/** Throws `name_invalid` unless `name` can be a file's: one level of 1 to 64 bytes, neither `.` nor `..`. `whose` says in the error what it should name. */
export function checkShortName(name: string, whose: string): string {
  if (!SHORT_NAME.test(name) || name === "." || name === "..") {
    throw new BridgeError(
      "name_invalid",
      `"${name.slice(0, 80)}" is not a ${whose} name: use 1 to 64 of A-Z a-z 0-9 _ . -`,
    );
  }
  return name;
}

/**
 * Makes a test for names from a pattern: `*` stands for exactly one level, `**` for any number of levels, also none.
 * Throws `name_invalid` when `pattern` is neither a name nor a pattern.
 */
export function compilePattern(pattern: string): (name: string) => boolean {
  if (!isPattern(pattern)) {
    throw new BridgeError(
      "name_invalid",
      `"${pattern.slice(0, 80)}" is not a name or pattern: levels may be "*" or "**"`,
    );
  }
  // Several `**` in a row mean the same as one, and would only cost time.
  const wanted = pattern.split("/").filter((level, i, levels) => level !== "**" || levels[i - 1] !== "**");
  return (name) => matches(wanted, 0, name.split("/"), 0);
}

function matches(wanted: readonly string[], w: number, levels: readonly string[], l: number): boolean {
  // Remembers the latest `**` only: like file globs, an earlier one never needs to take more (so the work is at most wanted × levels).
  let starAt = -1;
  let starLevel = 0;
  while (l < levels.length) {
    const want = wanted[w];
    if (want === "**") {
      starAt = w++;
      starLevel = l;
    } else if (want !== undefined && (want === "*" || want === levels[l])) {
      w++;
      l++;
    } else if (starAt >= 0) {
      w = starAt + 1;
      l = ++starLevel;
    } else {
      return false;
    }
  }
  while (wanted[w] === "**") w++;
  return w === wanted.length;
}
