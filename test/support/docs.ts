// SPDX-License-Identifier: MIT
// Reads the project's pages and sources as text, and the tables and sections of pages.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../scripts/tools/paths.ts";

/** A file of the project, by its path from the checkout. */
export function projectText(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** All files of the project, as git knows them, new ones too. */
export function projectFiles(): string[] {
  const listing = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  // Whoever owns the checkout: a machine for tests may not be run by that user.
  const listed = execFileSync("git", ["-c", "safe.directory=*", ...listing], { cwd: ROOT });
  return listed
    .toString("utf8")
    .split("\0")
    .filter((path) => path !== "" && existsSync(join(ROOT, path)));
}

/** The part of a page under a heading, up to the next heading of its level or above. Throws when there is no such heading. */
export function section(page: string, heading: string): string {
  const lines = page.split("\n");
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, "") === heading);
  if (start < 0) throw new Error(`no heading "${heading}"`);
  const level = /^#+/.exec(lines[start] ?? "")?.[0].length ?? 1;
  const end = lines.findIndex((line, at) => at > start && new RegExp(`^#{1,${String(level)}} `).test(line));
  return lines.slice(start + 1, end < 0 ? undefined : end).join("\n");
}

/** The rows, without the head, of the first table of a text, or of the first whose head begins with `head`. Throws when there is none. */
export function tableRows(text: string, head = ""): string[][] {
  const lines = text.split("\n");
  const rule = lines.findIndex(
    (line, at) => /^\|(?:\s*:?-+:?\s*\|)+$/.test(line) && (lines[at - 1] ?? "").startsWith(`| ${head}`),
  );
  if (rule < 1) throw new Error(`no table ${head}`);
  const rows: string[][] = [];
  for (const line of lines.slice(rule + 1)) {
    if (!line.startsWith("|")) break;
    rows.push(
      line
        .slice(1, line.lastIndexOf("|"))
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
  }
  return rows;
}

/** The first piece of code in a cell. */
export function codeIn(cell: string | undefined): string {
  const found = /`([^`]+)`/.exec(cell ?? "")?.[1];
  if (found === undefined) throw new Error(`no code in "${cell ?? ""}"`);
  return found;
}

/** The `#define`s of a C header whose value is a number, without the prefix `SW_`. */
export function numericDefines(header: string): Map<string, number> {
  const found = header.matchAll(/^#define SW_(\w+) (0x[0-9a-fA-F]+|\d+)[uU]?/gm);
  return new Map([...found].map(([, name = "", value = ""]) => [name, Number(value)]));
}
