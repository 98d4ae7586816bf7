// SPDX-License-Identifier: MIT
// Runs the user's own compiler on the header, so that the layout is the one that the driver will have.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join, relative, resolve } from "node:path";
import { BridgeError } from "../model/errors.ts";
import { splitShellWords } from "./flags.ts";
import { writeIfChanged } from "./write-file.ts";

/** What the header is read as. */
export type Language = "c" | "c++";

/** What to compile, and how. */
export interface Compilation {
  readonly header: string;
  /** The compiler's command, as `$CC` has it: "ccache gcc" is two words. */
  readonly compiler: string;
  readonly flags: readonly string[];
  /** The folder in which the compiler runs; the current one when left out. */
  readonly folder?: string;
  /** By default what the header's name says. */
  readonly language?: Language;
  /** C to compile after the header. */
  readonly source?: string;
  /** Where to write what the header includes, in the form that make and ninja read, and for which file. */
  readonly dependencies?: { readonly file: string; readonly target: string };
}

/** Options that other compilers may lack; without one the object is still right unless the user's flags ask for the contrary. */
const OPTIONAL_FLAGS = [
  "-fno-lto",
  "-gno-split-dwarf",
  "-fno-eliminate-unused-debug-types",
  "-fno-debug-types-section",
  "-gz=none",
];
/** The same for C++, where compilers leave out classes that another file will describe. */
const OPTIONAL_CPP_FLAGS = ["-femit-class-debug-always", "-fstandalone-debug"];
/** Rewritten paths would hide the header, whose comments hold the annotations. */
const PATH_REWRITING = /^-f(?:file|debug|macro|profile|canon)-prefix-map=/;
/** Other forms of debug information, and what leaves types or their names out of it. */
const HIDING = /^-(?:gstabs|gxcoff|gcoff|gvms|femit-struct-debug-|gsimple-template-names|gstrict-dwarf$)/;
const CPP_EXTENSIONS = new Set([".hh", ".hpp", ".hxx", ".h++", ".cc", ".cpp", ".cxx", ".c++", ".cp"]);
const TIMEOUT_MS = 300_000;
const MAX_MESSAGE_LINES = 40;

/** The compiler that is used when none is named: `$CC`, or `$CXX` for a header that only C++ can read. */
export function defaultCompiler(header: string, environment: NodeJS.ProcessEnv): string {
  const [variable, fallback] = languageOf(header) === "c++" ? ["CXX", "c++"] : ["CC", "cc"];
  const named = environment[variable]?.trim();
  return named === undefined || named === "" ? fallback : named;
}

/** Compiles the header and returns the bytes of the object file. Blocks. Throws `compiler_failed` with the compiler's own message. */
export function compileHeader(compilation: Compilation): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "structwire-gen-"));
  try {
    return compileIn(folder, compilation);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compileIn(folder: string, compilation: Compilation): Uint8Array {
  const language = compilation.language ?? languageOf(compilation.header);
  const unit = join(folder, language === "c++" ? "unit.cc" : "unit.c");
  const object = join(folder, "unit.o");
  const header = resolve(compilation.header).replace(/["\\]/g, "\\$&");
  // Without any object of its own a header of macros alone gives no debug information, as if the compiler could not.
  writeFileSync(unit, `#include "${header}"\nchar structwire_unit;\n${compilation.source ?? ""}\n`);
  const { dependencies } = compilation;
  const flags = compilation.flags.filter((flag) => !PATH_REWRITING.test(flag) && !HIDING.test(flag));
  const list = join(folder, "unit.d");
  const listing = dependencies === undefined ? [] : ["-MD", "-MF", list, "-MT", dependencies.target];
  // What g++ calls C is C++ to it as well.
  const isCpp = language === "c++" || /\+\+/.test(compilation.compiler);
  let optional: readonly string[] = isCpp ? [...OPTIONAL_FLAGS, ...OPTIONAL_CPP_FLAGS] : OPTIONAL_FLAGS;
  for (;;) {
    // Ours come last: they must win over -g0, -Werror and the like among the user's.
    const run = runCompiler(compilation, [...flags, ...listing, "-g", ...optional, "-w", "-c", unit, "-o", object]);
    if (run.ok) {
      if (dependencies !== undefined) writeDependencies(readFileSync(list, "utf8"), unit, dependencies.file);
      if (!existsSync(object))
        throw new BridgeError("compiler_failed", `"${compilation.compiler}" wrote no object file`);
      return readFileSync(object);
    }
    const understood = optional.filter((flag) => !run.message.includes(flag));
    if (understood.length === optional.length) throw failed(compilation, run.message, unit);
    optional = understood;
  }
}

function runCompiler(
  { compiler, folder }: Compilation,
  flags: readonly string[],
): { readonly ok: boolean; readonly message: string } {
  const words = existsSync(resolve(folder ?? ".", compiler)) ? [compiler] : splitShellWords(compiler);
  const [command = "cc", ...first] = words;
  const run = spawnSync(command, [...first, ...flags], {
    ...(folder === undefined ? {} : { cwd: folder }),
    encoding: "utf8",
    timeout: TIMEOUT_MS,
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "ignore", "pipe"],
    // Messages are searched for the options that a compiler does not know.
    env: { ...process.env, LC_ALL: "C" },
  });
  if (run.error !== undefined) {
    const missing = "code" in run.error && run.error.code === "ENOENT";
    const reason = missing ? "was not found" : `could not be run: ${run.error.message}`;
    throw new BridgeError("compiler_failed", `the compiler "${command}" ${reason}; name another with --cc or CC`, {
      cause: run.error,
    });
  }
  return { ok: run.status === 0, message: run.stderr };
}

/** The compiled unit itself is gone by then, and a build that depends on it would never come to rest. */
function writeDependencies(list: string, unit: string, file: string): void {
  writeIfChanged(file, list.replace(unit.replace(/ /g, "\\ "), ""));
}

function failed(compilation: Compilation, message: string, unit: string): BridgeError {
  const lines = message.trim().split("\n");
  const kept = lines.filter((line) => !line.includes(unit)).slice(0, MAX_MESSAGE_LINES);
  const near = relative(process.cwd(), resolve(compilation.header));
  const header = near.startsWith("..") ? compilation.header : near;
  return new BridgeError("compiler_failed", `"${compilation.compiler}" did not compile ${header}:\n${kept.join("\n")}`);
}

/** The language that a header's or a source's name says; `.h` is C. */
export function languageOf(file: string): Language {
  const extension = extname(file);
  return extension === ".C" || CPP_EXTENSIONS.has(extension.toLowerCase()) ? "c++" : "c";
}
