// SPDX-License-Identifier: MIT
// Compiler flags as build systems write them to a file: one a line, so that nothing needs quoting.

import { resolve } from "node:path";

const PATH_FLAG = /^(-I|-iquote|-isystem|-idirafter|-isysroot|-include|-imacros|--sysroot=)(.*)$/s;
const SHELL_PREFIX = "SHELL:";

/** The flags of a file: empty lines are left out, and a line that CMake marks with `SHELL:` holds several, quoted as in a shell. */
export function splitFlags(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .flatMap((line) => (line.startsWith(SHELL_PREFIX) ? splitShellWords(line.slice(SHELL_PREFIX.length)) : [line]));
}

/** Splits words as a POSIX shell does, without expansions. */
export function splitShellWords(text: string): readonly string[] {
  const words: string[] = [];
  const word = /(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/gs;
  for (const [found] of text.matchAll(word)) {
    words.push(
      found.replace(
        /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/gs,
        (_, escaped?: string, double?: string, single?: string) =>
          escaped ?? single ?? (double ?? "").replace(/\\([\\"$`])/g, "$1"),
      ),
    );
  }
  return words;
}

/** The same flags for a compiler that runs in another folder than `folder`, from which their paths start. */
export function withAbsolutePaths(flags: readonly string[], folder: string): readonly string[] {
  return flags.map((flag, at) => {
    const [, option, path] = PATH_FLAG.exec(flag) ?? [];
    if (option !== undefined && path !== undefined && path !== "") return `${option}${absolute(path, folder)}`;
    const before = PATH_FLAG.exec(flags[at - 1] ?? "");
    return before?.[2] === "" && option === undefined ? absolute(flag, folder) : flag;
  });
}

/** `=` stands for the sysroot. */
function absolute(path: string, folder: string): string {
  return path.startsWith("=") ? path : resolve(folder, path);
}
