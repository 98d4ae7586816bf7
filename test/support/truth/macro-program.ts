// SPDX-License-Identifier: MIT
// A C program that describes the structs of a header by the macros of structwire/describe.h and prints the schema that comes of it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BuiltSchema } from "../../../bridge/generate/schema/schema.ts";
import { findType } from "../../../bridge/layout/schema.ts";
import type { SchemaField, SchemaStruct } from "../../../bridge/model/schema.ts";
import { ROOT } from "../../../scripts/tools/paths.ts";

const C_TYPES: Readonly<Record<string, string>> = {
  u8: "unsigned char",
  u16: "unsigned short",
  u32: "unsigned int",
  u64: "unsigned long long",
  i8: "signed char",
  i16: "short",
  i32: "int",
  i64: "long long",
  bool: "_Bool",
  c8: "char",
};

const MAIN = `
#include "describe/schema.h"
#include <stdio.h>
int main(void) {
  sw_described_schema made = {0};
  char reason[256];
  if (sw_described_schema_init(&made, &tested_schema, reason) != SW_OK) {
    fprintf(stderr, "%s\\n", reason);
    return 1;
  }
  fwrite(made.schema.blob, 1, made.schema.blob_size, stdout);
  sw_described_schema_fini(&made);
  return 0;
}`;

/** The arguments with which a compiler makes the program of a source file. */
export function macroArguments(source: string): readonly string[] {
  const native = join(ROOT, "native");
  const listed = readFileSync(join(native, "sources.txt"), "utf8").split("\n");
  const files = listed.filter((line) => line.startsWith("sdk/describe/") || line === "core/name.c");
  const includes = ["include", "core", "sdk"].map((name) => `-I${join(native, name)}`);
  return ["-std=c11", "-D_GNU_SOURCE", ...includes, source, ...files.map((file) => join(native, file))];
}

/** The program for all messages of `built`. What it calls its types is what the schema calls them. */
export function macroProgram(header: string, built: BuiltSchema): string {
  const typedefs: string[] = [];
  const descriptions: string[] = [];
  const known = new Set<string>();
  const describe = (name: string, spelling: string): void => {
    const type = findType(built.schema, name);
    if (type === undefined || known.has(name)) return;
    known.add(name);
    typedefs.push(`typedef ${spelling} ${name}_c;`);
    if (type.k === "enum") {
      const labels = Object.keys(type.v).map((label) => `SW_LABEL(${label})`);
      descriptions.push(`SW_ENUM_AS(${name}_c, ${name}, "", ${labels.join(", ")});`);
      return;
    }
    for (const field of type.f) {
      const steps = "[0]".repeat(field.d?.length ?? 0);
      const isEnum = findType(built.schema, field.t)?.k === "enum";
      describe(field.t, isEnum ? `enum ${field.t}` : `__typeof__(((${name}_c *)0)->${field.n}${steps})`);
    }
    descriptions.push(`SW_STRUCT_AS(${name}_c, ${name}, "", ${rowsOf(built, name, type)});`);
  };
  const messages = [...built.records].map(([name, record]) => {
    describe(name, record.spelling ?? name);
    return `&${name}_type`;
  });
  return [
    `#include "${header}"`,
    "#include <structwire/describe.h>",
    ...typedefs,
    ...descriptions,
    `SW_SCHEMA(tested, ${messages.join(", ")});`,
    MAIN,
  ].join("\n");
}

function rowsOf(built: BuiltSchema, name: string, type: SchemaStruct): string {
  return type.f.map((field) => row(field, built.bitfields.has(`${name}.${field.n}`))).join(", ");
}

function row({ n, t }: SchemaField, isBits: boolean): string {
  const plain = C_TYPES[t];
  if (isBits) return plain === undefined ? `SW_BITS_OF(${n}, ${t})` : `SW_BITS(${n}, ${plain})`;
  return plain === undefined && !/^f(?:32|64)$/.test(t) ? `SW_FIELD_OF(${n}, ${t})` : `SW_FIELD(${n})`;
}
