// SPDX-License-Identifier: MIT
// Asks the compiler where bitfields really are: C has no offsetof for them, and debug information is not always right.
import { findType } from "../layout/schema.ts";
import { SCALARS } from "../layout/scalars.ts";
import type { ScalarType, Schema, SchemaField, SchemaStruct } from "../model/schema.ts";
import { Budget } from "./object/byte-reader.ts";
import { openElf } from "./object/elf.ts";
import { firstElement, type BitfieldPlace, type BuiltSchema } from "./schema/schema.ts";

/** A bitfield in a message, and what the schema says of it. */
export interface ProbedBitfield {
  readonly place: BitfieldPlace;
  readonly spelling: string;
  /** As C writes it, from the message. */
  readonly path: string;
  /** Names on the way; one that is a macro makes the probe impossible. */
  readonly names: readonly string[];
  readonly scalar: ScalarType;
  /** The bytes of the message when this field is all ones and everything else is zero. */
  readonly expected: Uint8Array;
}

const SECTION = ".structwire.";
/** The same message with the field zero: in C++ other members may have a value from the start. */
const EMPTY_SECTION = ".structwire.empty.";
const MAX_STEPS = 1 << 24;

/** All bitfields of the messages, one element of each array. */
export function bitfieldsOf(built: BuiltSchema): readonly ProbedBitfield[] {
  const { schema, records, bitfields } = built;
  const found: ProbedBitfield[] = [];
  for (const [type, { spelling }] of records) {
    const root = findType(schema, type);
    if (root?.k !== "struct" || spelling === undefined) continue;
    const visit = (name: string, struct: SchemaStruct, base: number, path: string, around: readonly string[]): void => {
      for (const field of struct.f) {
        const names = [...around, field.n];
        const place = bitfields.get(`${name}.${field.n}`);
        const nested = findType(schema, field.t);
        if (place !== undefined) {
          const { scalar, bits } = bitsOf(schema, field);
          const expected = mask(schema, root.size, base + field.o, bits);
          found.push({ place, spelling, path: `${path}${field.n}`, names, scalar, expected });
        } else if (nested?.k === "struct") {
          visit(field.t, nested, base + field.o, `${path}${field.n}${firstElement(built, name, field)}.`, names);
        }
      }
    };
    visit(type, root, 0, "", []);
  }
  return found;
}

/** C that, after the header, puts a message with each bitfield all ones into a section of its own. */
export function probeSource(list: readonly ProbedBitfield[]): string {
  return list
    .map(({ spelling, path, names, scalar }, at) => {
      const attribute = `__attribute__((section("${SECTION}${String(at)}"), used))`;
      return `#if ${names.map((name) => `!defined(${name})`).join(" && ")}
const ${spelling} structwire_bits_${String(at)} ${attribute} = {.${path} = ${scalar === "bool" ? "1" : "-1"}};
#endif`;
    })
    .join("\n");
}

/** The same in C++, which has constant functions instead of the notation. Needs C++14, for fields of unions C++20. */
export function cppProbeSource(list: readonly ProbedBitfield[]): string {
  return list
    .map(({ spelling, path, names }, at) => {
      const index = String(at);
      const one = (section: string, name: string, value: string): string =>
        `constexpr ${spelling} ${name}_${index} __attribute__((section("${section}${index}"), used)) = structwire_fill_${index}(${value});`;
      return `#if ${names.map((name) => `!defined(${name})`).join(" && ")}
constexpr ${spelling} structwire_fill_${index}(int value) {
  ${spelling} filled{};
  filled.${path} = (decltype(filled.${path}))value;
  return filled;
}
${one(SECTION, "structwire_bits", "-1")}
${one(EMPTY_SECTION, "structwire_empty", "0")}
#endif`;
    })
    .join("\n");
}

/** The bitfields that the compiled {@link probeSource} shows elsewhere than the schema. Throws `compiler_failed`. */
export function misplacedBitfields(list: readonly ProbedBitfield[], object: Uint8Array): readonly ProbedBitfield[] {
  const elf = openElf(object, new Budget(MAX_STEPS));
  return list.filter(({ expected }, at) => {
    // A sanitizer may put a margin behind the message.
    const found = elf.section(`${SECTION}${String(at)}`)?.subarray(0, expected.length);
    const empty = elf.section(`${EMPTY_SECTION}${String(at)}`);
    const ones = found?.map((byte, i) => byte ^ (empty?.[i] ?? 0));
    return ones !== undefined && Buffer.compare(ones, expected) !== 0;
  });
}

function bitsOf(
  schema: Schema,
  field: SchemaField,
): { scalar: ScalarType; bits: readonly [bytes: number, shift: number, width: number] } {
  const type = findType(schema, field.t);
  const scalar = type?.k === "enum" ? type.t : (field.t as ScalarType);
  const { bytes } = SCALARS[scalar];
  return { scalar, bits: field.b ?? [bytes, 0, bytes * 8] };
}

function mask(
  schema: Schema,
  size: number,
  offset: number,
  [bytes, shift, width]: readonly [number, number, number],
): Uint8Array {
  const ones = ((1n << BigInt(width)) - 1n) << BigInt(shift);
  return Uint8Array.from({ length: size }, (_, at) => {
    const from = at - offset;
    if (from < 0 || from >= bytes) return 0;
    const significance = schema.endian === "le" ? from : bytes - 1 - from;
    return Number((ones >> BigInt(significance * 8)) & 0xffn);
  });
}
