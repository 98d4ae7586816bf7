// SPDX-License-Identifier: MIT
// Static assertions on every size, offset and kind of a message: the compiler of the driver checks what the schema says.
import { SCALARS } from "../../layout/scalars.ts";
import { findType } from "../../layout/schema.ts";
import type { ScalarType, Schema, SchemaField, SchemaStruct } from "../../model/schema.ts";
import type { BuiltSchema } from "../schema/schema.ts";

/** What {@link assertions} are written with. A kind tells apart types of one size; C++ has no `_Generic`. */
export const ASSERT_MACROS = `#ifdef __cplusplus
#define SW_GENERATED_ASSERT(condition) static_assert(condition, #condition)
#define SW_GENERATED_KIND(type, path, kind) SW_GENERATED_ASSERT(true)
#else
#define SW_GENERATED_ASSERT(condition) _Static_assert(condition, #condition)
#define SW_GENERATED_KIND(type, path, kind) SW_GENERATED_ASSERT(_Generic(((type *)0)->path, kind))
#endif
#define SW_GENERATED_SIGNED signed char: 1, short: 1, int: 1, long: 1, long long: 1, default: 0
#define SW_GENERATED_UNSIGNED \\
  unsigned char: 1, unsigned short: 1, unsigned int: 1, unsigned long: 1, unsigned long long: 1, default: 0
#define SW_GENERATED_BOOL _Bool: 1, default: 0
#define SW_GENERATED_CHAR char: 1, default: 0
#define SW_GENERATED_FLOATING _Bool: 0, char: 0, signed char: 0, short: 0, int: 0, long: 0, long long: 0, \\
  unsigned char: 0, unsigned short: 0, unsigned int: 0, unsigned long: 0, unsigned long long: 0, default: 1
#define SW_GENERATED_SIZE(type, path, size) SW_GENERATED_ASSERT(sizeof(((type *)0)->path) == size)
#define SW_GENERATED_OFFSET(type, path, offset) SW_GENERATED_ASSERT(offsetof(type, path) == offset)
`;

/**
 * The assertions for one message type. A name that is also a macro cannot be written in C, so each group stands only where its
 * names are no macros. Bitfields have neither size nor offset in C and are left out.
 */
export function assertions({ schema, records, bitfields }: BuiltSchema, type: string): string {
  const struct = findType(schema, type);
  const record = records.get(type);
  if (struct?.k !== "struct" || record?.spelling === undefined || record.name === undefined) return "";
  const { spelling, name: tag } = record;
  const lines: string[] = [];
  const group = (names: readonly string[], checks: readonly string[]): void => {
    lines.push(`#if ${[...new Set(names)].map((name) => `!defined(${name})`).join(" && ")}`);
    lines.push(...checks, "#endif");
  };
  const visit = (name: string, inner: SchemaStruct, base: number, path: string, names: readonly string[]): void => {
    for (const field of inner.f) {
      if (bitfields.has(`${name}.${field.n}`)) continue;
      const around = [...names, field.n];
      group(around, fieldChecks(schema, spelling, `${path}${field.n}`, base, field));
      const nested = findType(schema, field.t);
      if (nested?.k === "struct") visit(field.t, nested, base + field.o, `${path}${field.n}${zeros(field)}.`, around);
    }
  };
  group([tag], [`SW_GENERATED_ASSERT(sizeof(${spelling}) == ${String(struct.size)});`]);
  visit(type, struct, 0, "", [tag]);
  return `${lines.join("\n")}\n`;
}

function zeros(field: SchemaField): string {
  return "[0]".repeat(field.d?.length ?? 0);
}

function fieldChecks(schema: Schema, spelling: string, path: string, base: number, field: SchemaField): string[] {
  const type = findType(schema, field.t);
  const scalar = type?.k === "enum" ? type.t : (field.t as ScalarType);
  const checks = [`SW_GENERATED_OFFSET(${spelling}, ${path}, ${String(base + field.o)});`];
  let bytes = type?.k === "struct" ? type.size : SCALARS[scalar].bytes;
  const dims = field.d ?? [];
  // From the element outwards, so that every dimension is checked.
  for (let rank = dims.length; rank >= 0; rank--) {
    checks.push(`SW_GENERATED_SIZE(${spelling}, ${path}${"[0]".repeat(rank)}, ${String(bytes)});`);
    bytes *= dims[rank - 1] ?? 1;
  }
  if (type?.k !== "struct")
    checks.push(`SW_GENERATED_KIND(${spelling}, ${path}${zeros(field)}, SW_GENERATED_${kindOf(scalar)});`);
  return checks;
}

function kindOf(scalar: ScalarType): string {
  if (scalar === "bool") return "BOOL";
  if (scalar === "c8") return "CHAR";
  if (SCALARS[scalar].float) return "FLOATING";
  return SCALARS[scalar].signed ? "SIGNED" : "UNSIGNED";
}
