// SPDX-License-Identifier: MIT
// Runs the generator on a header that a test writes down.
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { generate } from "../../bridge/generate/generate.ts";
import { findType } from "../../bridge/layout/schema.ts";
import type { Schema, SchemaEnum, SchemaField, SchemaStruct } from "../../bridge/model/schema.ts";
import { withFolder } from "./compilers.ts";

/** What a run made. */
export interface GenRun {
  readonly schema: Schema;
  /** "FILE:LINE: TEXT", with the file's name only. */
  readonly warnings: readonly string[];
  readonly skipped: readonly string[];
  /** Texts of the written files by their ending: `schema.c`, `d.ts`, … */
  readonly files: Readonly<Record<string, string>>;
}

/** Runs the generator on `text` as `test.h`; `others` are further files beside it, of which one may be the `header` instead. */
export function runGen(
  text: string,
  options: {
    types?: readonly string[];
    compiler?: string;
    flags?: readonly string[];
    header?: string;
    others?: Readonly<Record<string, string>>;
  } = {},
): GenRun {
  return withFolder((folder) => {
    for (const [name, content] of Object.entries({ "test.h": text, ...options.others }))
      writeFileSync(join(folder, name), content);
    const warnings: string[] = [];
    const { schema, files, skipped } = generate(
      {
        header: join(folder, options.header ?? "test.h"),
        outFolder: join(folder, "out"),
        types: options.types ?? [],
        compiler: options.compiler ?? "cc",
        flags: options.flags ?? [],
      },
      (file, line, complaint) => warnings.push(`${basename(file)}:${String(line)}: ${complaint}`),
    );
    const texts = files.map(({ path }) => [basename(path).replace("test.", ""), readFileSync(path, "utf8")] as const);
    return { schema, warnings, skipped, files: Object.fromEntries(texts) };
  });
}

/** A struct of the schema; fails the test when there is none. */
export function structOf({ schema }: GenRun, name: string): SchemaStruct {
  const type = findType(schema, name);
  if (type?.k !== "struct") throw new Error(`no struct ${name} among ${Object.keys(schema.types).join(", ")}`);
  return type;
}

/** An enum of the schema. */
export function enumOf({ schema }: GenRun, name: string): SchemaEnum {
  const type = findType(schema, name);
  if (type?.k !== "enum") throw new Error(`no enum ${name} among ${Object.keys(schema.types).join(", ")}`);
  return type;
}

/** The messages that annotations gave a name. */
export function rolesOf({ schema }: GenRun): Schema["messages"] {
  return schema.messages.filter(({ name }) => name !== "*");
}

/** A field of a struct by its name. */
export function fieldOf(run: GenRun, struct: string, name: string): SchemaField {
  const field = structOf(run, struct).f.find(({ n }) => n === name);
  if (field === undefined) throw new Error(`${struct} has no ${name}`);
  return field;
}
