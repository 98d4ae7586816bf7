// SPDX-License-Identifier: MIT
// Compiler flags as build systems write them to a file: one a line, so that nothing needs quoting.

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
