// SPDX-License-Identifier: MIT
// Random C++ structs: in namespaces and in each other, with base classes, templates, std::array, enum classes and bitfields.
import fc from "fast-check";

/** A member before it has a name. */
type Member =
  | { readonly kind: "plain"; readonly type: string; readonly shape: Shape }
  | { readonly kind: "bits"; readonly type: string; readonly width: number }
  | { readonly kind: "record"; readonly body: RandomBody; readonly shape: Shape }
  | { readonly kind: "union"; readonly types: readonly string[] };

/** How a type is repeated. */
type Shape = "one" | "array" | "matrix" | "library" | "nested library" | "template";

interface RandomBody {
  readonly attribute: string;
  readonly members: readonly Member[];
}

/** A struct before it has a name; `bases` are counted back from it. */
export interface RandomClass extends RandomBody {
  readonly bases: readonly number[];
  readonly scope: "" | "lab" | "lab::deep";
}

const PRELUDE = `#include <array>
#include <cstdint>
enum few { FEW_NONE, FEW_SOME = 5 };
namespace lab {
enum class Color : std::uint8_t { Red, Blue = 200 };
enum class Wide : long long { Least = -9000000000, Most = 9000000000 };
template <typename T, unsigned N> struct Vec { T items[N]; };
template <typename A, typename B> struct Pair { A first; B second; };
}
`;

const TYPES = [
  ...["bool", "char", "signed char", "unsigned char", "short", "unsigned short", "int", "unsigned", "long"],
  ...["long long", "unsigned long long", "float", "double", "wchar_t", "char16_t", "char32_t", "std::uint64_t"],
  ...["few", "lab::Color", "lab::Wide", "lab::Pair<char, double>", "lab::Vec<lab::Pair<short, bool>, 2>"],
];

const BIT_TYPES: readonly (readonly [type: string, maxWidth: number])[] = [
  ["bool", 1],
  ["unsigned char", 8],
  ["short", 16],
  ["int", 31],
  ["unsigned", 31],
  ["long long", 63],
  ["unsigned long long", 63],
];

const shape = fc.constantFrom<Shape>("one", "one", "array", "matrix", "library", "nested library", "template");
const plain = fc.record({ kind: fc.constant("plain" as const), type: fc.constantFrom(...TYPES), shape });
const bits = fc.constantFrom(...BIT_TYPES).chain(([type, maxWidth]) =>
  fc.record({
    kind: fc.constant("bits" as const),
    type: fc.constant(type),
    width: fc.integer({ min: 1, max: maxWidth }),
  }),
);
const union = fc.record({
  kind: fc.constant("union" as const),
  types: fc.array(fc.constantFrom("int", "double", "lab::Color", "char"), { minLength: 1, maxLength: 3 }),
});
const attribute = fc.constantFrom("", "", "", "__attribute__((packed))", "alignas(16)");

function body(depth: number): fc.Arbitrary<RandomBody> {
  const record = (): fc.Arbitrary<Member> =>
    fc.record({ kind: fc.constant("record" as const), body: body(depth - 1), shape });
  const member = depth === 0 ? fc.oneof(plain, bits) : fc.oneof(plain, plain, bits, bits, union, record());
  return fc.record({ attribute, members: fc.array<Member>(member, { minLength: 1, maxLength: 6 }) });
}

/** A struct that may have base classes and other structs inside. */
export const randomClass: fc.Arbitrary<RandomClass> = fc
  .record({
    body: body(1),
    bases: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 2 }),
    scope: fc.constantFrom<RandomClass["scope"]>("", "lab", "lab::deep"),
  })
  .map(({ body: { attribute: own, members }, ...rest }) => ({ attribute: own, members, ...rest }));

/** A header with these structs as `s0`, `s1`, …; no two members have one name. A struct with base classes is no base itself. */
export function cppHeaderOf(classes: readonly RandomClass[]): string {
  let count = 0;
  const name = (): string => `m${String(count++)}`;
  const nameOf = (at: number): string =>
    [classes[at]?.scope, `s${String(at)}`].filter((part) => part !== "").join("::");
  const text = ({ members }: RandomBody): string => `{\n${members.map(line).join("\n")}\n}`;
  const line = (member: Member): string => {
    if (member.kind === "bits") return `${member.type} ${name()} : ${String(member.width)};`;
    if (member.kind === "union") return `union { ${member.types.map((type) => `${type} ${name()};`).join(" ")} };`;
    if (member.kind === "plain") return declared(member.type, name(), member.shape);
    const type = `Inside${String(count++)}`;
    return `struct ${member.body.attribute} ${type} ${text(member.body)};\n${declared(type, name(), member.shape)}`;
  };
  const structs = classes.map((each, at) => {
    const bases = each.bases
      .map((back) => at - back)
      .filter((base) => base >= 0 && classes[base]?.bases.every((back) => base - back < 0) === true);
    const heritage = bases.length === 0 ? "" : ` : ${bases.map((base) => `::${nameOf(base)}`).join(", ")}`;
    const own = `struct ${each.attribute} s${String(at)}${heritage} ${text(each)};`;
    return each.scope === "" ? own : `namespace ${each.scope} {\n${own}\n}`;
  });
  return `${PRELUDE}\n${structs.join("\n\n")}\n`;
}

function declared(type: string, name: string, as: Shape): string {
  switch (as) {
    case "one":
      return `${type} ${name};`;
    case "array":
      return `${type} ${name}[3];`;
    case "matrix":
      return `${type} ${name}[2][2];`;
    case "library":
      return `std::array<${type}, 2> ${name};`;
    case "nested library":
      return `std::array<std::array<${type}, 3>, 2> ${name};`;
    case "template":
      return `lab::Vec<${type}, 2u> ${name};`;
  }
}
