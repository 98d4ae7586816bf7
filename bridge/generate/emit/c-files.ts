// SPDX-License-Identifier: MIT
// Writes the C side of a schema: the header that a driver includes, and the tables behind it.
import { compileLayout } from "../../layout/compile.ts";
import { SCALARS } from "../../layout/scalars.ts";
import { BridgeError } from "../../model/errors.ts";
import type { Layout, Leaf } from "../../model/schema.ts";
import { ASSERT_MACROS, assertions } from "./c-asserts.ts";
import { layoutPads } from "../schema/pads.ts";
import type { BuiltSchema } from "../schema/schema.ts";

/** What the C files need to know beside the schema. */
export interface CUnit {
  /** Base name of the header, `motor`. */
  readonly name: string;
  /** Its file name, `motor.h`. */
  readonly header: string;
  /** The header as the C file includes it. */
  readonly include: string;
  readonly built: BuiltSchema;
  readonly blob: Uint8Array;
}

const MAX_PADS = 65_536;
const SCALAR_ENUM = {
  u8: "SW_U8",
  u16: "SW_U16",
  u32: "SW_U32",
  u64: "SW_U64",
  i8: "SW_I8",
  i16: "SW_I16",
  i32: "SW_I32",
  i64: "SW_I64",
  f32: "SW_F32",
  f64: "SW_F64",
  bool: "SW_BOOL",
  c8: "SW_CHAR",
} as const;

/** The C symbol of the schema, and a way to those of its message types: `motor_schema`, `motor_state_type`. */
function symbolsOf({ name, built }: CUnit): { readonly schema: string; readonly type: (type: string) => string } {
  const free = (symbol: string): string => (built.catalog.isTypedef(symbol) ? free(`${symbol}_`) : symbol);
  return { schema: free(`${identifier(name)}_schema`), type: (type) => free(`${identifier(type)}_type`) };
}

/** `messages.schema.h`. */
export function emitCHeader(unit: CUnit): string {
  const guard = `STRUCTWIRE_GENERATED_${identifier(unit.name).toUpperCase()}_SCHEMA_H`;
  const symbols = symbolsOf(unit);
  const types = [...unit.built.records].map(
    ([type, record]) => `/* ${record.spelling ?? type} */\nextern const sw_type ${symbols.type(type)};\n`,
  );
  return `/* Written by structwire gen from ${unit.header}; changes here are lost. */
#ifndef ${guard}
#define ${guard}

#include <structwire/structwire.h>

#ifdef __cplusplus
extern "C" {
#endif

extern const sw_schema ${symbols.schema};

${types.join("\n")}
#ifdef __cplusplus
}
#endif
#endif
`;
}

/** `messages.schema.c`, also valid as C++. Throws `type_unsupported` when a message has too many gaps. */
export function emitCSource(unit: CUnit): string {
  const types = [...unit.built.records.keys()];
  const symbols = symbolsOf(unit);
  const tables = types.map((type) => typeTables(compileLayout(unit.built.schema, type), symbols.type(type)));
  const list = types.map((type) => `&${symbols.type(type)}`);
  const symbol = symbols.schema;
  return `/* Written by structwire gen from ${unit.header}; changes here are lost. */
#include ${JSON.stringify(unit.include)}
#include ${JSON.stringify(`${unit.name}.schema.h`)}

#include <stddef.h>

/* If one of these fails, the header or the compiler's options have changed since: run structwire gen again. */
${ASSERT_MACROS}
${assertions(unit.built)}
${tables.join("\n")}
static const sw_type *const ${symbol}_types[] = {${list.join(", ")}};

static const uint8_t ${symbol}_blob[] = {
${byteLines(unit.blob)}
};

const sw_schema ${symbol} = {${symbol}_blob, sizeof ${symbol}_blob, ${String(list.length)}, ${symbol}_types};
`;
}

function typeTables(layout: Layout, symbol: string): string {
  const pads = layoutPads(layout);
  if (pads.length > MAX_PADS) {
    throw new BridgeError(
      "type_unsupported",
      `${layout.type} has more than ${String(MAX_PADS)} gaps between its members`,
    );
  }
  const padTable =
    pads.length === 0
      ? ""
      : `static const sw_pad ${symbol}_pads[] = {\n${pads.map(([at, length]) => `  {${String(at)}, ${String(length)}},`).join("\n")}\n};\n\n`;
  return `static const sw_field ${symbol}_fields[] = {
${layout.leaves.map((leaf) => `  ${fieldRow(leaf)},`).join("\n")}
};

${padTable}const sw_type ${symbol} = {${JSON.stringify(layout.type)}, ${String(layout.size)}, ${String(layout.leaves.length)}, ${symbol}_fields, ${String(pads.length)}, ${pads.length === 0 ? "NULL" : `${symbol}_pads`}, NULL};
`;
}

/** A leaf as a row of sw_field. Text and bytes are arrays of characters here. */
function fieldRow(leaf: Leaf): string {
  const dims = [
    ...leaf.dims,
    ...(leaf.capacity > 1 ? [{ length: leaf.capacity, stride: SCALARS[leaf.type].bytes }] : []),
  ];
  const [bytes, shift, width] = leaf.bits ?? [0, 0, 0];
  const flags = [
    ...(leaf.min === undefined ? [] : ["SW_FIELD_HAS_MIN"]),
    ...(leaf.max === undefined ? [] : ["SW_FIELD_HAS_MAX"]),
  ];
  const row = [
    JSON.stringify(leaf.path),
    leaf.offset,
    SCALAR_ENUM[leaf.type],
    flags.length === 0 ? 0 : flags.join(" | "),
    bytes,
    shift,
    width,
    dims.length,
    0,
    numberList(dims.map(({ length }) => length)),
    numberList(dims.map(({ stride }) => stride)),
    doubleText(leaf.min),
    doubleText(leaf.max),
  ];
  return `{${row.join(", ")}}`;
}

function numberList(numbers: readonly number[]): string {
  return `{${numbers.length === 0 ? "0" : numbers.join(", ")}}`;
}

/** A double exactly as C reads it; a plain integer would be of another type in C++. */
function doubleText(value: number | string | undefined): string {
  const text = String(Number(value ?? 0));
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function byteLines(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 24) lines.push(`  ${bytes.subarray(at, at + 24).join(",")},`);
  return lines.join("\n");
}

function identifier(name: string): string {
  const text = name.replace(/[^A-Za-z0-9_]/g, "_");
  return /^[0-9]/.test(text) ? `_${text}` : text;
}
