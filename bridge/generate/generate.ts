// SPDX-License-Identifier: MIT
// From a C header to its generated files: compile, read, choose, build, write.
import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, extname, join, relative, resolve } from "node:path";
import { BridgeError } from "../model/errors.ts";
import type { Schema } from "../model/schema.ts";
import { checkBitfields } from "./bitfield-check.ts";
import { type Compilation, compileHeader, type Language } from "./compile.ts";
import { emitCHeader, emitCSource } from "./emit/c-files.ts";
import { emitPython, pythonFile } from "./emit/python.ts";
import { emitTypes } from "./emit/type-declarations.ts";
import { Notes, type Warn } from "./notes/notes.ts";
import { schemaText } from "./emit/schema-text.ts";
import { buildSchema } from "./schema/schema.ts";
import { chooseMessages } from "./select.ts";
import { readCatalog } from "./types/catalog.ts";
import { makeFolder, writeIfChanged } from "./write-file.ts";

/** What `structwire gen` is asked to do. */
export interface GenerateOptions {
  readonly header: string;
  readonly outFolder: string;
  readonly types: readonly string[];
  readonly compiler: string;
  readonly flags: readonly string[];
  /** The folder in which the compiler runs; the current one when left out. */
  readonly folder?: string;
  /** What the header is read as; by default what its name says. */
  readonly language?: Language;
  /** Whether to write a Python module too. */
  readonly python?: boolean;
  /** Where to write the list of files that the result depends on. */
  readonly dependencyFile?: string;
}

/** What was done. */
export interface GenerateResult {
  readonly schema: Schema;
  readonly files: readonly { readonly path: string; readonly written: boolean }[];
  /** Why structs of the header were left out, when all were asked for. */
  readonly skipped: readonly string[];
}

/**
 * Generates the files of a header. Blocks while the compiler runs. Throws `system_error` (no header, no place to write), `compiler_failed`,
 * `type_unsupported`, `bad_schema`; malformed annotations go to `warn`.
 */
export function generate(options: GenerateOptions, warn: Warn): GenerateResult {
  const header = realHeader(options.header);
  const name = basename(header, extname(header));
  const outFolder = realFolder(options.outFolder);
  const { compiler, flags, folder, language } = options;
  const compilation = {
    ...{ header, compiler, flags },
    ...(folder === undefined ? {} : { folder }),
    ...(language === undefined ? {} : { language }),
  };
  const catalog = readCatalog(compileHeader({ ...compilation, ...dependenciesOf(options, name) }));
  const notes = new Notes(readSource, warn);
  const wish = { header, isHeader: sameFile(header), types: options.types };
  const { messages, skipped } = chooseMessages(catalog, notes, wish, warn);
  const built = buildSchema(messages, catalog, notes, warn);
  notes.complainOfStrayRoles(header);
  checkBitfields(built, compilation);
  const text = schemaText(built.schema);
  const blob = new TextEncoder().encode(text);
  const unit = { name, header: basename(header), include: relative(outFolder, header), built, blob };
  const outputs: readonly (readonly [file: string, text: string])[] = [
    [`${name}.schema.json`, text],
    [`${name}.schema.h`, emitCHeader(unit)],
    [`${name}.schema.c`, emitCSource(unit)],
    [`${name}.d.ts`, emitTypes(name, `gen from ${basename(header)}`, built.schema)],
    ...(options.python === true ? [[pythonFile(name), emitPython(basename(header), built.schema)] as const] : []),
  ];
  const files = outputs.map(([file, content]) => {
    const path = join(outFolder, file);
    return { path, written: writeIfChanged(path, content) };
  });
  return { schema: built.schema, files, skipped };
}

/** The path of the C file as the build system knows it: without links resolved. */
function dependenciesOf(
  { dependencyFile, outFolder }: GenerateOptions,
  name: string,
): Pick<Compilation, "dependencies"> {
  if (dependencyFile === undefined) return {};
  return { dependencies: { file: resolve(dependencyFile), target: join(resolve(outFolder), `${name}.schema.c`) } };
}

/** Fails before the compiler runs rather than after it. */
function realFolder(path: string): string {
  try {
    makeFolder(path);
    accessSync(path, constants.W_OK | constants.X_OK);
    if (!statSync(path).isDirectory()) throw new Error("it is not a folder");
    return realpathSync(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BridgeError(
      "system_error",
      `the folder ${path} cannot be written to: ${reason}; name another with --out`,
      {
        cause,
      },
    );
  }
}

function realHeader(path: string): string {
  if (!existsSync(path)) throw new BridgeError("system_error", `there is no header ${path}`);
  if (!statSync(path).isFile()) throw new BridgeError("system_error", `${path} is not a file`);
  const header = realpathSync(path);
  if (/["\\\n\r]/.test(header)) {
    throw new BridgeError("system_error", `C cannot include ${header}: rename what has a quote, backslash or line end`);
  }
  return header;
}

function sameFile(header: string): (file: string) => boolean {
  const known = new Map<string, boolean>();
  return (file) => {
    let same = known.get(file);
    if (same === undefined) {
      same =
        file === header || (basename(file) === basename(header) && existsSync(file) && realpathSync(file) === header);
      known.set(file, same);
    }
    return same;
  };
}

function readSource(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
