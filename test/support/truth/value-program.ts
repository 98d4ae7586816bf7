// SPDX-License-Identifier: MIT
// A C program that fills structs with chosen values and prints their bytes and, reading member by member, their JSON.
import { SCALARS } from "../../../bridge/layout/scalars.ts";
import { findType } from "../../../bridge/layout/schema.ts";
import type { BuiltSchema } from "../../../bridge/generate/schema/schema.ts";
import { fieldsOf, outerDimensions, type OwnedField, scalarOf } from "./random-values.ts";

/** One struct of the program. */
export interface FilledStruct {
  /** As C names it: `struct s0`. */
  readonly spelling: string;
  /** As the schema names it. */
  readonly type: string;
  /** Statements that write into `v` and `ones`. */
  readonly fill: readonly string[];
}

/** What C said of one struct. */
export interface FilledBytes {
  readonly bytes: Uint8Array;
  /** The bits that the values cover. */
  readonly ones: Uint8Array;
  /** As its JSON reads; texts are decoded by this runtime. */
  readonly value: unknown;
}

const PRINTING = `
#include <stdio.h>
#include <string.h>
static void print_signed(long long x) {
  printf(x > 9007199254740992LL || x < -9007199254740992LL ? "\\"%lld\\"" : "%lld", x);
}
static void print_unsigned(unsigned long long x) { printf(x > 9007199254740992ULL ? "\\"%llu\\"" : "%llu", x); }
static void print_double(double x) {
  if (x - x != 0) printf("null");
  else printf("%.17g", x == 0 ? 0 : x);
}
static void print_text(const void *text, size_t capacity) {
  printf("{\\"text\\":[");
  for (size_t i = 0; i < capacity; i++) printf("%s%d", i == 0 ? "" : ",", ((const unsigned char *)text)[i]);
  printf("]}");
}
static void print_bytes(const void *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) printf("%02x", ((const unsigned char *)bytes)[i]);
}
`;

/** The program; it prints a line for each struct. */
export function valueProgram(header: string, built: BuiltSchema, structs: readonly FilledStruct[]): string {
  const functions = structs.map(
    ({ spelling, type, fill }, at) => `static void struct_${String(at)}(void) {
static ${spelling} v, ones;
${fill.join("\n")}
print_bytes(&v, sizeof v);
printf(" ");
print_bytes(&ones, sizeof ones);
printf(" ");
${printStruct(built, type, "v")}
printf("\\n");
}`,
  );
  const calls = structs.map((_, at) => `  struct_${String(at)}();`);
  return `#include "${header}"\n${PRINTING}\n${functions.join("\n")}\nint main(void) {\n${calls.join("\n")}\n  return 0;\n}\n`;
}

/** Reads what the program printed. */
export function readValues(output: string): readonly FilledBytes[] {
  return output
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [bytes = "", ones = ""] = line.split(" ", 2);
      const json = line.slice(bytes.length + ones.length + 2);
      return { bytes: bytesOf(bytes), ones: bytesOf(ones), value: JSON.parse(json, decodeText) as unknown };
    });
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

/** Ends at the first NUL; what is no UTF-8 is replaced as the platform does it. */
function decodeText(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("text" in value) || !Array.isArray(value.text)) return value;
  const bytes = Uint8Array.from(value.text as readonly number[]);
  const end = bytes.indexOf(0);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function printStruct(built: BuiltSchema, type: string, path: string): string {
  const fields = fieldsOf(built, type).map(
    (owned, i) =>
      `printf("${i === 0 ? "" : ","}\\"${owned.field.n}\\":");\n${printArray(built, owned, outerDimensions(owned.field), `${path}.${owned.field.n}`)}`,
  );
  return `printf("{");\n${fields.join("\n")}\nprintf("}");`;
}

function printArray(built: BuiltSchema, owned: OwnedField, dims: readonly number[], path: string): string {
  const [length, ...rest] = dims;
  if (length === undefined) return printElement(built, owned, path);
  const elements = Array.from({ length }, (_, i) => printArray(built, owned, rest, `${path}[${String(i)}]`));
  return `printf("[");\n${elements.join('\nprintf(",");\n')}\nprintf("]");`;
}

function printElement({ schema, ...built }: BuiltSchema, { field, isBitfield }: OwnedField, path: string): string {
  const type = findType(schema, field.t);
  if (type?.k === "struct") return printStruct({ schema, ...built }, field.t, path);
  const scalar = scalarOf(schema, field);
  if (scalar === "c8" && isBitfield) return `{ const char text = ${path}; print_text(&text, 1); }`;
  if (scalar === "c8") return `print_text(&${path}, sizeof ${path});`;
  if (SCALARS[scalar].float) return `print_double(${path});`;
  if (scalar === "bool") {
    // Another member of a union may have left more than 0 and 1 there.
    const isTrue = !isBitfield ? `*(const unsigned char *)&${path} != 0` : path;
    return `printf(${isTrue} ? "true" : "false");`;
  }
  const number = SCALARS[scalar].signed ? `print_signed(${path});` : `print_unsigned(${path});`;
  if (type?.k !== "enum") return number;
  const cases = Object.keys(type.v).map((label) => `if (${path} == ${label}) printf("\\"${label}\\""); else `);
  return `${cases.join("")}${number}`;
}
