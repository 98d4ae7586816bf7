// SPDX-License-Identifier: MIT
// Runs the user's own compiler on the header, so that the layout is the one that the driver will have.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
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
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
/** Those of large C++ headers have some ten MiB; Node reads less than 2 GiB at once. */
const MAX_OBJECT_BYTES = 1024 * 1024 * 1024;

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
  const header = resolve(compilation.header);
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
      const bytes = readObject(object, compilation.compiler);
      if (dependencies !== undefined) writeDependencies(readFileSync(list, "utf8"), unit, dependencies.file);
      return bytes;
    }
    const understood = optional.filter((flag) => !run.message.includes(flag));
    if (understood.length === optional.length) throw failed(compilation, run.message, unit);
    optional = understood;
  }
}

/** The compiler may be any program: what it left may be missing, no file, or endless. */
function readObject(object: string, compiler: string): Uint8Array {
  const left = statSync(object, { throwIfNoEntry: false });
  if (left?.isFile() !== true) throw new BridgeError("compiler_failed", `"${compiler}" wrote no object file`);
  if (left.size > MAX_OBJECT_BYTES) {
    const limit = String(MAX_OBJECT_BYTES);
    throw new BridgeError("compiler_failed", `"${compiler}" wrote an object file of more than ${limit} bytes`);
  }
  return readFileSync(object);
}

function runCompiler(
  { compiler, folder }: Compilation,
  flags: readonly string[],
): { readonly ok: boolean; readonly message: string } {
  if (compiler.trim() === "")
    throw new BridgeError("compiler_failed", "no compiler is named; name one with --cc or CC");
  if (folder !== undefined && !existsSync(folder)) {
    throw new BridgeError(
      "compiler_failed",
      `the folder ${folder} of the build is not there; configure the build anew`,
    );
  }
  const words = existsSync(resolve(folder ?? ".", compiler)) ? [compiler] : splitShellWords(compiler);
  const [command = "cc", ...first] = words;
  const run = spawnSync(command, [...first, ...flags], {
    ...(folder === undefined ? {} : { cwd: folder }),
    encoding: "utf8",
    timeout: TIMEOUT_MS,
    maxBuffer: MAX_MESSAGE_BYTES,
    stdio: ["ignore", "ignore", "pipe"],
    // Messages are searched for the options that a compiler does not know.
    env: { ...process.env, LC_ALL: "C" },
  });
  if (run.error !== undefined) {
    const what = `the compiler "${command}" ${whyNotRun(run.error)}; name another with --cc or CC`;
    throw new BridgeError("compiler_failed", what, { cause: run.error });
  }
  const message = run.signal === null ? run.stderr : `${run.stderr}\nit was ended by ${run.signal}`;
  return { ok: run.status === 0, message };
}

function whyNotRun(error: Error): string {
  const code = "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "was not found";
  if (code === "ENOBUFS") return `wrote more than ${String(MAX_MESSAGE_BYTES)} bytes of messages`;
  if (code === "ETIMEDOUT") return `did not end within ${String(TIMEOUT_MS / 1000)} s`;
  return `could not be run: ${error.message}`;
}

/** The compiled unit itself is gone by then, and a build that depends on it would never come to rest. */
function writeDependencies(list: string, unit: string, file: string): void {
  writeIfChanged(file, list.replace(unit.replace(/ /g, "\\ "), ""));
}

function failed(compilation: Compilation, message: string, unit: string): BridgeError {
  const near = relative(process.cwd(), resolve(compilation.header));
  const header = near.startsWith("..") ? compilation.header : near;
  const lines = message.trim().split("\n");
  // Of our own file nobody knows, but what the header leaves open is noticed only there.
  const kept = lines.filter((line) => !line.startsWith(`In file included from ${unit}`)).slice(0, MAX_MESSAGE_LINES);
  const words = kept.join("\n").replaceAll(unit, `behind ${header}`);
  const said = words === "" ? "it said nothing" : words;
  return new BridgeError("compiler_failed", `"${compilation.compiler}" did not compile ${header}:\n${said}`);
}

/** The language that a header's or a source's name says; `.h` is C. */
export function languageOf(file: string): Language {
  const extension = extname(file);
  return extension === ".C" || CPP_EXTENSIONS.has(extension.toLowerCase()) ? "c++" : "c";
}
