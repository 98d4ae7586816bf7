// SPDX-License-Identifier: MIT
// From a C header to its generated files: compile, read, choose, build, write.
import { existsSync, mkdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, extname, join, relative, resolve } from "node:path";
import { BridgeError } from "../model/errors.ts";
import type { Schema } from "../model/schema.ts";
import { Budget } from "./object/byte-reader.ts";
import { compileHeader } from "./compile.ts";
import type { Catalog } from "./types/ctypes.ts";
import { DebugInformation } from "./object/dwarf.ts";
import { openElf } from "./object/elf.ts";
import { emitCHeader, emitCSource } from "./emit/c-files.ts";
import { emitTypes } from "./emit/type-declarations.ts";
import { Notes, type Warn } from "./notes/notes.ts";
import { schemaText } from "./emit/schema-text.ts";
import { buildSchema } from "./schema/schema.ts";
import { chooseMessages } from "./select.ts";
import { readCatalog } from "./types/catalog.ts";
import { writeIfChanged } from "./write-file.ts";

/** What `structwire gen` is asked to do. */
export interface GenerateOptions {
  readonly header: string;
  readonly outFolder: string;
  readonly types: readonly string[];
  readonly compiler: string;
  readonly flags: readonly string[];
  /** Where to write the list of files that the result depends on. */
  readonly dependencyFile?: string;
}

/** What was done. */
export interface GenerateResult {
  readonly schema: Schema;
  readonly files: readonly { readonly path: string; readonly written: boolean }[];
  /** Why structs were left out of a header that names no message. */
  readonly skipped: readonly string[];
}

/** Steps for one object file; a header of 250 structs takes about 100 000. */
const MAX_STEPS = 64 * 1024 * 1024;

/**
 * Generates the files of a header. Blocks while the compiler runs. Throws `system_error` (no header, no place to write), `compiler_failed`,
 * `type_unsupported`, `bad_schema`; malformed annotations go to `warn`.
 */
export function generate(options: GenerateOptions, warn: Warn): GenerateResult {
  const header = realHeader(options.header);
  const name = basename(header, extname(header));
  mkdirSync(options.outFolder, { recursive: true });
  const outFolder = realpathSync(options.outFolder);
  const dependencies =
    options.dependencyFile === undefined
      ? {}
      : {
          dependencies: {
            file: resolve(options.dependencyFile),
            target: join(resolve(options.outFolder), `${name}.schema.c`),
          },
        };
  const object = compileHeader({ header, compiler: options.compiler, flags: options.flags, ...dependencies });
  const catalog = readObject(object);
  const notes = new Notes(readSource, warn);
  const isHeader = sameFile(header);
  const { messages, skipped } = chooseMessages(catalog, notes, { header, isHeader, types: options.types }, warn);
  const built = buildSchema(messages, catalog, notes, warn);
  const { schema } = built;
  const text = schemaText(schema);
  const include = relative(outFolder, header);
  const unit = { name, header: basename(header), include, built, blob: new TextEncoder().encode(text) };
  const outputs: readonly (readonly [file: string, text: string])[] = [
    [`${name}.schema.json`, text],
    [`${name}.schema.h`, emitCHeader(unit)],
    [`${name}.schema.c`, emitCSource(unit)],
    [`${name}.d.ts`, emitTypes(name, basename(header), schema)],
  ];
  const files = outputs.map(([file, content]) => {
    const path = join(outFolder, file);
    return { path, written: writeIfChanged(path, content) };
  });
  return { schema, files, skipped };
}

/** Reads the types of an object file. Throws `compiler_failed` for what is no ELF with DWARF, or is broken. */
export function readObject(object: Uint8Array): Catalog {
  const budget = new Budget(MAX_STEPS);
  const elf = openElf(object, budget);
  return readCatalog(new DebugInformation(elf, budget), elf.littleEndian, budget);
}

function realHeader(path: string): string {
  if (!existsSync(path)) throw new BridgeError("system_error", `there is no header ${path}`);
  return realpathSync(path);
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
