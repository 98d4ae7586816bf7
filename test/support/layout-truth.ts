// SPDX-License-Identifier: MIT
// Asks a compiler about a header by other means than debug information, to compare a schema with the truth: sizeof, offsetof,
// _Generic, and bitfields filled with ones.
import { bitfieldsOf, probeSource, type ProbedBitfield } from "../../bridge/generate/bitfield-probe.ts";
import type { BuiltSchema } from "../../bridge/generate/schema/schema.ts";
import { SCALARS } from "../../bridge/layout/scalars.ts";
import { findType } from "../../bridge/layout/schema.ts";
import type { Catalog } from "../../bridge/generate/types/ctypes.ts";
import type { ScalarType, SchemaStruct } from "../../bridge/model/schema.ts";

/** A constant expression of C and what the schema says of it. */
export interface NumberProbe {
  readonly what: string;
  readonly names: readonly string[];
  readonly expression: string;
  readonly expected: bigint;
}

export interface Probes {
  readonly numbers: readonly NumberProbe[];
  readonly bits: readonly ProbedBitfield[];
}

const KINDS = `
#define KIND(x) _Generic((x), _Bool: 1, char: 2, \\
  signed char: 3, short: 3, int: 3, long: 3, long long: 3, \\
  unsigned char: 4, unsigned short: 4, unsigned int: 4, unsigned long: 4, unsigned long long: 4, \\
  float: 5, double: 5, long double: 5, default: 0)
`;

function kindOf(scalar: ScalarType): bigint {
  if (scalar === "bool") return 1n;
  if (scalar === "c8") return 2n;
  if (SCALARS[scalar].float) return 5n;
  return SCALARS[scalar].signed ? 3n : 4n;
}

/** Everything that can be asked about the message types of a schema. */
export function probesOf(built: BuiltSchema): Probes {
  const { schema, records, bitfields } = built;
  const numbers: NumberProbe[] = [];
  const labelled = new Set<string>();
  for (const [type, record] of records) {
    const spelling = record.spelling ?? "";
    const root = findType(schema, type);
    if (root?.k !== "struct") continue;
    const number = (what: string, names: readonly string[], expression: string, expected: bigint | number): void => {
      numbers.push({ what: `${spelling} ${what}`, names, expression, expected: BigInt(expected) });
    };
    number("size", [], `sizeof(${spelling})`, root.size);
    const visit = (
      owner: string,
      struct: SchemaStruct,
      base: number,
      path: string,
      around: readonly string[],
    ): void => {
      for (const field of struct.f) {
        const here = `${path}${field.n}`;
        const names = [...around, field.n];
        const fieldType = findType(schema, field.t);
        const scalar = fieldType?.k === "enum" ? fieldType.t : (field.t as ScalarType);
        if (fieldType?.k === "enum" && !labelled.has(field.t)) {
          labelled.add(field.t);
          for (const [label, value] of Object.entries(fieldType.v))
            number(`label ${label}`, [label], label, BigInt(value));
        }
        if (bitfields.has(`${owner}.${field.n}`)) continue;
        const value = `((${spelling} *)0)->${here}`;
        number(`offset of ${here}`, names, `offsetof(${spelling}, ${here})`, base + field.o);
        let bytes = fieldType?.k === "struct" ? fieldType.size : SCALARS[scalar].bytes;
        const dims = field.d ?? [];
        for (let rank = dims.length; rank >= 0; rank--) {
          number(`size of ${here} at rank ${String(rank)}`, names, `sizeof(${value}${"[0]".repeat(rank)})`, bytes);
          bytes *= dims[rank - 1] ?? 1;
        }
        const zeros = "[0]".repeat(dims.length);
        if (fieldType?.k === "struct") visit(field.t, fieldType, base + field.o, `${here}${zeros}.`, names);
        else number(`kind of ${here}`, names, `KIND(${value}${zeros})`, kindOf(scalar));
      }
    };
    visit(type, root, 0, "", []);
  }
  return { numbers, bits: bitfieldsOf(built) };
}

/** What can be asked about enums of these names that no struct needs to have. */
export function enumProbes(catalog: Catalog, names: readonly string[]): readonly NumberProbe[] {
  return names.flatMap((name) => {
    const type = catalog.find(`enum ${name}`);
    if (type?.kind !== "enum") return [];
    const size = { what: `size of enum ${name}`, names: [], expression: `sizeof(enum ${name})` };
    return [
      { ...size, expected: BigInt(SCALARS[type.scalar].bytes) },
      ...type.labels.map(([label, value]) => ({
        what: `label ${label} of enum ${name}`,
        names: [label],
        expression: label,
        // The compiler's answer is one of 64 bits with a sign.
        expected: BigInt.asIntN(64, value),
      })),
    ];
  });
}

/** Names that are also macros could not be written in C otherwise; what they were needed for is compiled by then. */
function undefineNames(probes: Probes): string {
  const names = new Set([...probes.numbers, ...probes.bits].flatMap((probe) => probe.names));
  return [...names].map((name) => `#undef ${name}`).join("\n");
}

/** A program that prints the truth: lines "n INDEX VALUE", and "b INDEX SIGNED HEX" for bitfields. */
export function truthProgram(includes: string, probes: Probes): string {
  const numberLines = probes.numbers.map(
    ({ expression }, at) => `printf("n ${String(at)} %lld\\n", (long long)(${expression}));`,
  );
  const bitLines = probes.bits.map(
    ({ spelling, path, scalar }, at) =>
      `{ union { ${spelling} value; unsigned char bytes[sizeof(${spelling})]; } u; ${spelling} *v = (void *)&u; memset(&u, 0, sizeof u); v->${path} = ${scalar === "bool" ? "1" : "-1"}; printf("b ${String(at)} %d ", v->${path} < 0); print(u.bytes, sizeof u.bytes); }`,
  );
  return `${includes}
#include <stddef.h>
#include <stdio.h>
#include <string.h>
${undefineNames(probes)}
${KINDS}
static void print(const unsigned char *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) printf("%02x", bytes[i]);
  printf("\\n");
}
int main(void) {
${numberLines.join("\n")}
${bitLines.join("\n")}
  return 0;
}
`;
}

/** The same for a target whose programs cannot run here: the compiler writes the truth into sections of the object file. */
export function truthObject(includes: string, probes: Probes): string {
  const numberLines = probes.numbers.map(
    ({ expression }, at) => `${String(at)}, (unsigned long long)(long long)(${expression}),`,
  );
  return `${includes}
#include <stddef.h>
${undefineNames(probes)}
${KINDS}
const unsigned long long numbers[] __attribute__((section(".truth"), used)) = {
${numberLines.join("\n")}
};
${probeSource(probes.bits)}
`;
}
