// SPDX-License-Identifier: MIT
// Pieces of Python source, laid out as the formatters of Python would.

const MAX_COLUMN = 88;

/** A string literal. */
export function stringOf(text: string): string {
  const literal = JSON.stringify(text);
  if (!text.includes('"') || text.includes("'")) return literal;
  return `'${literal.slice(1, -1).replaceAll('\\"', '"')}'`;
}

/** A line of comment; empty when there is nothing to say. */
export function commentOf(indent: string, texts: readonly (string | undefined)[]): string {
  const said = texts.filter((text) => text !== undefined && text !== "").join(" ");
  const line = said.replace(/[\p{Cc}\u2028\u2029\s]+/gu, " ").trim();
  return line === "" ? "" : `${indent}# ${line}\n`;
}

/** A list, tuple, dict or call: on one line if it fits there with `after` behind it, else an item a line. */
export function bracketed(indent: string, open: string, items: readonly string[], close: string, after = ""): string {
  const line = `${indent}${open}${items.join(", ")}${items.length === 1 && open.endsWith("(") ? "," : ""}${close}${after}`;
  if (line.length <= MAX_COLUMN) return line;
  return `${indent}${open}\n${items.map((item) => `${indent}    ${item},\n`).join("")}${indent}${close}${after}`;
}

/** `NAME = {…}` with an entry a line. */
export function dictOf(name: string, type: string, entries: readonly string[]): string {
  if (entries.length === 0) return `${name}: Final[${type}] = {}\n`;
  return `${name}: Final[${type}] = {\n${entries.map((entry) => `    ${entry},\n`).join("")}}\n`;
}
