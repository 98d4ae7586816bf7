// SPDX-License-Identifier: MIT
// Which files a source includes, as far as its text says: enough to find out who uses a header.
import { readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** Files read for all questions together; a large tree must not keep anybody waiting. */
const MAX_FILES = 4000;
const MAX_BYTES = 4 * 1024 * 1024;
const INCLUDE = /^[ \t]*#[ \t]*(?:include|include_next|import)[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)/gm;

/** Reads each file once, whoever asks. */
export class IncludeGraph {
  readonly #names = new Map<string, readonly string[]>();
  #left = MAX_FILES;

  /** Whether `source` or what it includes includes `header`, a real path. `folders` are those of -I; others are not looked at. */
  includes(source: string, header: string, folders: readonly string[]): boolean {
    const seen = new Set<string>([source]);
    const waiting = [source];
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      for (const name of this.#namesIn(file)) {
        const found = firstFile([dirname(file), ...folders].map((folder) => resolve(folder, name)));
        if (found === undefined || seen.has(found)) continue;
        if (found === header) return true;
        seen.add(found);
        waiting.push(found);
      }
    }
    return false;
  }

  #namesIn(file: string): readonly string[] {
    const known = this.#names.get(file);
    if (known !== undefined) return known;
    if (this.#left === 0) return [];
    this.#left--;
    const names = [...textOf(file).matchAll(INCLUDE)].map(([, quoted, angled]) => quoted ?? angled ?? "");
    this.#names.set(file, names);
    return names;
  }
}

function textOf(file: string): string {
  try {
    return statSync(file).size > MAX_BYTES ? "" : readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function firstFile(paths: readonly string[]): string | undefined {
  for (const path of paths) {
    try {
      if (statSync(path).isFile()) return realpathSync(path);
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}
