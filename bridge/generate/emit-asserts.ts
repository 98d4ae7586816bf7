// SPDX-License-Identifier: MIT
// Static assertions on every size and offset of a message: the compiler of the driver checks what the schema says.
import { SCALARS } from "../layout/scalars.ts";
import { findType } from "../layout/schema.ts";
import type { ScalarType, Schema, SchemaField, SchemaStruct } from "../model/schema.ts";
import type { CRecord } from "./ctypes.ts";

/**
 * The assertions for one message type. A name that is also a macro cannot be written in C, so each group stands only where its
 * names are no macros. Bitfields have neither size nor offset in C and are left out.
 */
export function assertions(schema: Schema, type: string, record: CRecord): string {
  const struct = findType(schema, type);
  const spelling = record.spelling;
  if (struct?.k !== "struct" || spelling === undefined) return "";
  const tag = record.name ?? "";
  const lines: string[] = [];
  const group = (names: readonly string[], conditions: readonly string[]): void => {
    lines.push(`#if ${[...new Set(names)].map((name) => `!defined(${name})`).join(" && ")}`);
    for (const condition of conditions) lines.push(`SW_GENERATED_ASSERT(${condition});`);
    lines.push("#endif");
  };
  const visit = (inner: SchemaStruct, base: number, path: string, names: readonly string[]): void => {
    for (const field of inner.f) {
      if (field.b !== undefined) continue;
      const here = `${path}${field.n}`;
      const around = [...names, field.n];
      const nested = findType(schema, field.t);
      group(around, fieldConditions(schema, spelling, here, base, field));
      if (nested?.k === "struct") visit(nested, base + field.o, `${here}${zeros(field)}.`, around);
    }
  };
  group([tag], [`sizeof(${spelling}) == ${String(struct.size)}`]);
  visit(struct, 0, "", [tag]);
  return `${lines.join("\n")}\n`;
}

function zeros(field: SchemaField): string {
  return "[0]".repeat(field.d?.length ?? 0);
}

function fieldConditions(schema: Schema, spelling: string, path: string, base: number, field: SchemaField): string[] {
  const type = findType(schema, field.t);
  const scalar = type?.k === "enum" ? type.t : (field.t as ScalarType);
  let bytes = type?.k === "struct" ? type.size : SCALARS[scalar].bytes;
  const conditions = [`offsetof(${spelling}, ${path}) == ${String(base + field.o)}`];
  const dims = field.d ?? [];
  // From the element outwards, so that every dimension is checked.
  for (let rank = dims.length; rank >= 0; rank--) {
    conditions.push(`sizeof(((${spelling} *)0)->${path}${"[0]".repeat(rank)}) == ${String(bytes)}`);
    bytes *= dims[rank - 1] ?? 1;
  }
  return conditions;
}
