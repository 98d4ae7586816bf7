// SPDX-License-Identifier: MIT
// Static assertions on every size, offset, kind and label of a message: the compiler of the driver checks what the schema says.
import { SCALARS } from "../../layout/scalars.ts";
import { findType } from "../../layout/schema.ts";
import type { JsonInteger, ScalarType, SchemaEnum, SchemaField, SchemaStruct } from "../../model/schema.ts";
import { firstElement, type BuiltSchema } from "../schema/schema.ts";
import { memberOfItsType } from "./c-nesting.ts";

/**
 * What {@link assertions} are written with. A kind tells apart types of one size. Only C++ can ask for the kind of a bitfield, and
 * only there has an enum labels of its own.
 */
export const ASSERT_MACROS = `#ifdef __cplusplus
#include <type_traits>
#ifdef __GNUC__
#pragma GCC diagnostic ignored "-Winvalid-offsetof"
#endif
namespace {
template <typename T> struct structwire_plain {
  typedef typename std::remove_cv<typename std::remove_reference<T>::type>::type type;
};
template <typename T, bool is_enum = std::is_enum<T>::value> struct structwire_sign {
  static const int value = std::is_signed<T>::value ? 1 : 2;
};
template <typename T> struct structwire_sign<T, true> {
  static const int value = std::is_signed<typename std::underlying_type<T>::type>::value ? 1 : 2;
};
template <typename T> struct structwire_bits {
  static const int value = std::is_same<T, bool>::value ? 3 : structwire_sign<T>::value;
};
template <typename T> struct structwire_kind {
  static const int value = std::is_same<T, char>::value ? 4
    : !std::is_integral<T>::value && !std::is_enum<T>::value ? 5 : structwire_bits<T>::value;
};
}
#define SW_GENERATED_SIGNED 1
#define SW_GENERATED_UNSIGNED 2
#define SW_GENERATED_BOOL 3
#define SW_GENERATED_CHAR 4
#define SW_GENERATED_FLOATING 5
#define SW_GENERATED_ASSERT(condition) static_assert(condition, #condition)
#define SW_GENERATED_PLAIN(expression) structwire_plain<decltype(expression)>::type
#define SW_GENERATED_KIND(type, path, kind) \\
  SW_GENERATED_ASSERT(structwire_kind<SW_GENERATED_PLAIN(((type *)0)->path)>::value == kind)
#define SW_GENERATED_BITS(type, path, kind) \\
  SW_GENERATED_ASSERT(structwire_bits<SW_GENERATED_PLAIN(((type *)0)->path)>::value == kind)
#define SW_GENERATED_LABEL(type, path, label, number) \\
  SW_GENERATED_ASSERT((unsigned long long)SW_GENERATED_PLAIN(((type *)0)->path)::label == number)
#else
#define SW_GENERATED_SIGNED signed char: 1, short: 1, int: 1, long: 1, long long: 1, default: 0
#define SW_GENERATED_UNSIGNED \\
  unsigned char: 1, unsigned short: 1, unsigned int: 1, unsigned long: 1, unsigned long long: 1, default: 0
#define SW_GENERATED_BOOL _Bool: 1, default: 0
#define SW_GENERATED_CHAR char: 1, default: 0
#define SW_GENERATED_FLOATING _Bool: 0, char: 0, signed char: 0, short: 0, int: 0, long: 0, long long: 0, \\
  unsigned char: 0, unsigned short: 0, unsigned int: 0, unsigned long: 0, unsigned long long: 0, default: 1
#define SW_GENERATED_ASSERT(condition) _Static_assert(condition, #condition)
#define SW_GENERATED_KIND(type, path, kind) SW_GENERATED_ASSERT(_Generic(((type *)0)->path, kind))
#define SW_GENERATED_BITS(type, path, kind) SW_GENERATED_ASSERT(sizeof(type) > 0)
#define SW_GENERATED_LABEL(type, path, label, number) SW_GENERATED_ASSERT((unsigned long long)(label) == number)
#endif
#define SW_GENERATED_SIZE(type, path, size) SW_GENERATED_ASSERT(sizeof(((type *)0)->path) == size)
#define SW_GENERATED_OFFSET(type, path, offset) SW_GENERATED_ASSERT(offsetof(type, path) == offset)
`;

/**
 * The assertions for the message types. A name that is also a macro cannot be written in C, so each group stands only where its
 * names are no macros. Bitfields have neither size nor offset in C.
 */
export function assertions(built: BuiltSchema): string {
  const labelled = new Set<string>();
  return [...built.records.keys()].map((type) => assertionsOf(built, type, labelled)).join("\n");
}

function assertionsOf(built: BuiltSchema, type: string, labelled: Set<string>): string {
  const { schema, records, bitfields } = built;
  const struct = findType(schema, type);
  const record = records.get(type);
  if (struct?.k !== "struct" || record?.spelling === undefined) return "";
  const lines: string[] = [];
  const group = (names: readonly string[], checks: readonly string[]): void => {
    lines.push(`#if ${[...new Set(names)].map((name) => `!defined(${name})`).join(" && ")}`);
    lines.push(...checks, "#endif");
  };
  // An alias, since a name of C++ may hold commas, which macros take for their own.
  const alias = `structwire_checked_${type.replace(/\W/g, "_")}`;
  const visit = (name: string, inner: SchemaStruct, base: number, path: string, names: readonly string[]): void => {
    for (const field of inner.f) {
      const here = { built, owner: name, alias, path: `${path}${field.n}`, base, field };
      const around = [...names, field.n];
      const isBitfield = bitfields.has(`${name}.${field.n}`);
      group(around, isBitfield ? bitfieldChecks(here) : fieldChecks(here));
      const nested = findType(schema, field.t);
      const first = `${here.path}${firstElement(built, name, field)}`;
      if (nested?.k === "enum" && !isBitfield && !labelled.has(field.t)) {
        labelled.add(field.t);
        for (const [label, value] of Object.entries(nested.v))
          group([...around, label], [`SW_GENERATED_LABEL(${alias}, ${first}, ${label}, ${unsignedText(value)});`]);
      } else if (nested?.k === "struct") visit(field.t, nested, base + field.o, `${first}.`, around);
    }
  };
  const words = record.spelling.match(/[A-Za-z_]\w*/g)?.filter((word) => word !== record.keyword) ?? [];
  const member = memberOfItsType(record, built.catalog);
  const plain = `typedef ${record.spelling} ${alias};`;
  group(words, [
    ...(member === undefined
      ? [plain]
      : ["#ifdef __cplusplus", `typedef SW_GENERATED_PLAIN(${member}) ${alias};`, "#else", plain, "#endif"]),
    `SW_GENERATED_ASSERT(sizeof(${alias}) == ${String(struct.size)});`,
  ]);
  visit(type, struct, 0, "", words);
  return `${lines.join("\n")}\n`;
}

/** A field, and how C gets there from the message. */
interface CheckedField {
  readonly built: BuiltSchema;
  readonly owner: string;
  readonly alias: string;
  readonly path: string;
  readonly base: number;
  readonly field: SchemaField;
}

function fieldChecks({ built, owner, alias, path, base, field }: CheckedField): string[] {
  const type = findType(built.schema, field.t);
  const checks = [`SW_GENERATED_OFFSET(${alias}, ${path}, ${String(base + field.o)});`];
  let bytes = type?.k === "struct" ? type.size : SCALARS[scalarOf(type, field)].bytes;
  const dims = field.d ?? [];
  // From the element outwards, so that every dimension is checked.
  for (let rank = dims.length; rank >= 0; rank--) {
    checks.push(`SW_GENERATED_SIZE(${alias}, ${path}${firstElement(built, owner, field, rank)}, ${String(bytes)});`);
    bytes *= dims[rank - 1] ?? 1;
  }
  if (type?.k !== "struct") {
    const element = `${path}${firstElement(built, owner, field)}`;
    checks.push(`SW_GENERATED_KIND(${alias}, ${element}, SW_GENERATED_${kindOf(scalarOf(type, field))});`);
  }
  return checks;
}

function bitfieldChecks({ built, alias, path, field }: CheckedField): string[] {
  const kind = kindOf(scalarOf(findType(built.schema, field.t), field));
  return kind === "CHAR" ? [] : [`SW_GENERATED_BITS(${alias}, ${path}, SW_GENERATED_${kind});`];
}

function scalarOf(type: SchemaStruct | SchemaEnum | undefined, field: SchemaField): ScalarType {
  return type?.k === "enum" ? type.t : (field.t as ScalarType);
}

function kindOf(scalar: ScalarType): string {
  if (scalar === "bool") return "BOOL";
  if (scalar === "c8") return "CHAR";
  if (SCALARS[scalar].float) return "FLOATING";
  return SCALARS[scalar].signed ? "SIGNED" : "UNSIGNED";
}

/** A label's value as C converts it to its widest unsigned type: one that is negative or large has no literal of its own. */
function unsignedText(value: JsonInteger): string {
  return `${String(BigInt.asUintN(64, BigInt(value)))}ULL`;
}
