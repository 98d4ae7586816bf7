// SPDX-License-Identifier: MIT
// Random C structs: scalars, arrays, bitfields, gaps, nested and unnamed structs and unions, packed and aligned ones.
import fc from "fast-check";

/** A member before it has a name. */
type Member =
  | { readonly kind: "scalar"; readonly type: string; readonly dims: readonly number[] }
  | { readonly kind: "bits"; readonly type: string; readonly width: number; readonly named: boolean }
  | {
      readonly kind: "record";
      readonly record: RandomRecord;
      readonly dims: readonly number[];
      readonly named: boolean;
    };

/** A struct or union before it has a name. */
export interface RandomRecord {
  readonly keyword: "struct" | "union";
  readonly attribute: string;
  readonly members: readonly Member[];
}

const ENUMS = `
enum few { FEW_NONE, FEW_SOME = 5 };
enum below { BELOW_LOW = -3, BELOW_HIGH = 3 };
`;

const SCALARS = [
  "_Bool",
  "char",
  "signed char",
  "unsigned char",
  "short",
  "unsigned short",
  "int",
  "unsigned int",
  "long",
  "unsigned long",
  "long long",
  "unsigned long long",
  "float",
  "double",
  "enum few",
  "enum below",
];

/** Types of bitfields and the widest field that every target allows. */
const BIT_TYPES: readonly (readonly [type: string, maxWidth: number])[] = [
  ["_Bool", 1],
  ["char", 8],
  ["unsigned char", 8],
  ["short", 16],
  ["unsigned short", 16],
  ["int", 32],
  ["unsigned int", 32],
  ["long long", 64],
  ["unsigned long long", 64],
  ["enum few", 32],
  ["enum below", 32],
];

const ATTRIBUTES = [
  "",
  "",
  "",
  "__attribute__((packed))",
  "__attribute__((aligned(16)))",
  "__attribute__((packed, aligned(2)))",
];

const dims = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 });

const scalar: fc.Arbitrary<Member> = fc.record({
  kind: fc.constant("scalar" as const),
  type: fc.constantFrom(...SCALARS),
  dims,
});

const bits: fc.Arbitrary<Member> = fc.constantFrom(...BIT_TYPES).chain(([type, maxWidth]) =>
  fc.record({
    kind: fc.constant("bits" as const),
    type: fc.constant(type),
    width: fc.integer({ min: 0, max: maxWidth }),
    named: fc.boolean(),
  }),
);

/** A struct or union that nests at most `depth` others. */
export function randomRecord(depth: number): fc.Arbitrary<RandomRecord> {
  const plain = [scalar, bits, bits];
  const member: fc.Arbitrary<Member> =
    depth === 0
      ? fc.oneof(...plain)
      : fc.oneof(
          ...plain,
          fc.record({
            kind: fc.constant("record" as const),
            record: randomRecord(depth - 1),
            dims: fc.array(fc.integer({ min: 1, max: 2 }), { maxLength: 1 }),
            named: fc.boolean(),
          }),
        );
  return fc.record({
    keyword: fc.constantFrom("struct", "struct", "struct", "union"),
    attribute: fc.constantFrom(...ATTRIBUTES),
    members: fc.array(member, { minLength: 1, maxLength: 7 }),
  });
}

/** A header with these records as `struct s0`, `s1`, …; members are called m0, m1, … across all of them. */
export function headerOf(records: readonly RandomRecord[]): string {
  let count = 0;
  const name = (): string => `m${String(count++)}`;
  const suffix = (lengths: readonly number[]): string => lengths.map((length) => `[${String(length)}]`).join("");
  const body = (record: RandomRecord): string => `{\n${record.members.map((member) => `${line(member)}\n`).join("")}}`;
  const line = (member: Member): string => {
    if (member.kind === "scalar") return `${member.type} ${name()}${suffix(member.dims)};`;
    if (member.kind === "bits") {
      // Only a field without a name may have no bits: it ends the storage unit.
      const named = member.named && member.width > 0;
      return `${member.type} ${named ? name() : ""} : ${String(member.width)};`;
    }
    const { keyword, attribute } = member.record;
    const declarator = member.named ? `${name()}${suffix(member.dims)}` : "";
    return `${keyword} ${attribute} ${body(member.record)} ${declarator};`;
  };
  const named = records.map(({ keyword, attribute }, at) => {
    const record = records[at];
    return record === undefined ? "" : `${keyword} ${attribute} s${String(at)} ${body(record)};`;
  });
  return `${ENUMS}\n${named.join("\n\n")}\n`;
}
