// SPDX-License-Identifier: MIT
// Takes compiler and flags from a compile_commands.json: from the entry whose source includes the header, or stands nearest to it.
import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, extname, join, relative, resolve, sep } from "node:path";
import { BridgeError } from "../model/errors.ts";
import { languageOf, type Language } from "./compile.ts";
import { splitShellWords } from "./flags.ts";
import { IncludeGraph } from "./include-graph.ts";

/** How a build compiles a source, without what names the source and its outputs. */
export interface BuildCommand {
  /** The source whose entry it is. */
  readonly source: string;
  readonly compiler: string;
  readonly flags: readonly string[];
  /** The folder that relative paths among the flags start from. */
  readonly folder: string;
  readonly language: Language;
}

interface Entry {
  readonly source: string;
  readonly folder: string;
  readonly words: readonly string[];
}

const FILE_NAME = "compile_commands.json";
const MAX_BYTES = 256 * 1024 * 1024;
const SOURCES = new Set([".c", ".cc", ".cpp", ".cxx", ".c++", ".cp", ".C"]);
/** Options that name an output or what to do, alone or with the word behind them. */
const DROPPED = /^(?:-c|-S|-E|-M|-MM|-MD|-MMD|-MP|-MG|-fsyntax-only|-save-temps.*|-o.+|-MF.+|-MT.+|-MQ.+|-MJ.+)$/;
const DROPPED_WITH_NEXT = new Set(["-o", "-MF", "-MT", "-MQ", "-MJ", "--serialize-diagnostics", "-dependency-file"]);

/**
 * Finds the command for `header` in `build`: a folder with a compile_commands.json, or such a file. Blocks while it reads sources. Throws
 * `system_error` when the file cannot be read or is none, and `usage` when no entry fits.
 */
export function findBuildCommand(build: string, header: string): BuildCommand {
  const file = existsSync(build) && statSync(build).isDirectory() ? join(build, FILE_NAME) : build;
  const entries = readEntries(file).filter(({ source }) => SOURCES.has(extname(source)));
  const needed = languageOf(header);
  // C++ may include what is called .h, but C cannot read what is called .hpp.
  const fitting = entries.filter(({ source }) => needed === "c" || languageOf(source) === "c++");
  const real = realpathSync(header);
  const nearest = [...fitting].sort((a, b) => distance(a.source, real) - distance(b.source, real));
  const graph = new IncludeGraph();
  const chosen =
    nearest.find(({ source, folder, words }) => graph.includes(source, real, includeFolders(words, folder))) ??
    nearest[0];
  if (chosen === undefined) {
    const what = entries.length === 0 ? "has no entry of a C or C++ source" : "has no entry of a C++ source";
    throw new BridgeError("usage", `${file} ${what}, whose flags ${header} could be read with; give them behind --`);
  }
  return commandOf(chosen);
}

function readEntries(file: string): readonly Entry[] {
  let json: unknown;
  try {
    if (statSync(file).size > MAX_BYTES) throw new Error("it is too large");
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BridgeError(
      "system_error",
      `${file} cannot be read: ${reason}; have the build write it (cmake -DCMAKE_EXPORT_COMPILE_COMMANDS=ON, bear, ninja -t compdb)`,
      { cause },
    );
  }
  if (!Array.isArray(json)) throw new BridgeError("system_error", `${file} is no list of compile commands`);
  return json.flatMap((each: unknown) => readEntry(each, dirname(resolve(file))));
}

/** An entry that is not as it should be is left out: another one may fit. */
function readEntry(json: unknown, base: string): readonly Entry[] {
  if (typeof json !== "object" || json === null) return [];
  const { directory, file, command, arguments: list } = json as Readonly<Record<string, unknown>>;
  if (typeof file !== "string") return [];
  const folder = resolve(base, typeof directory === "string" ? directory : ".");
  const words = Array.isArray(list)
    ? list.filter((word: unknown) => typeof word === "string")
    : typeof command === "string"
      ? splitShellWords(command)
      : [];
  return words.length < 2 ? [] : [{ source: resolve(folder, file), folder, words }];
}

function commandOf({ source, folder, words }: Entry): BuildCommand {
  const [compiler = "cc", ...rest] = words;
  const flags: string[] = [];
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? "";
    if (DROPPED_WITH_NEXT.has(word)) at++;
    else if (word === "--") break;
    else if (!DROPPED.test(word) && !isSource(word, folder, source)) flags.push(word);
  }
  return { source, compiler, flags, folder, language: languageOf(source) };
}

function isSource(word: string, folder: string, source: string): boolean {
  return !word.startsWith("-") && basename(word) === basename(source) && resolve(folder, word) === source;
}

function includeFolders(words: readonly string[], folder: string): readonly string[] {
  return words.flatMap((word, at) => {
    const match = /^-(?:I|iquote|isystem|idirafter)(.*)$/s.exec(word);
    if (match === null) return [];
    const path = match[1] === "" ? words[at + 1] : match[1];
    return path === undefined ? [] : [resolve(folder, path)];
  });
}

/** How many folders lie between two files; of those in one folder a source of the header's own name is nearest. */
function distance(source: string, header: string): number {
  const steps = relative(dirname(header), dirname(source))
    .split(sep)
    .filter((step) => step !== "").length;
  const sameName = basename(source, extname(source)) === basename(header, extname(header));
  return steps * 4 + (sameName ? 0 : 2) + (languageOf(source) === languageOf(header) ? 0 : 1);
}
