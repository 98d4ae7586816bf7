// SPDX-License-Identifier: MIT
// Random C structs that nest each other, with the places of their members known, so that a test can put pads between them.
import fc from "fast-check";
import type { CdrPad, Schema } from "../../bridge/model/schema.ts";

/** A struct as the list of its members' declarations without their names: `double @2` is an array. */
export interface PlainStruct {
  readonly members: readonly string[];
  readonly attribute: string;
}

const SCALARS = ["uint8_t", "int8_t", "bool", "char", "uint16_t", "int16_t", "uint32_t", "int32_t", "float"];
const WIDE = ["uint64_t", "int64_t", "double", "enum few"];

/** Structs `s0`, `s1`, …; each may hold those before it. `attributes`: what some of them are declared with. */
export function plainStructs(count: number, attributes: readonly string[]): fc.Arbitrary<readonly PlainStruct[]> {
  const struct = (at: number): fc.Arbitrary<PlainStruct> => {
    const nested = Array.from({ length: Math.min(at, 6) }, (_, i) => `struct s${String(at - 1 - i)}`);
    const type = fc.constantFrom(...SCALARS, ...WIDE, ...nested, ...nested);
    const member = fc.tuple(type, fc.constantFrom("", "", "", "@2", "@3")).map((parts) => parts.join(""));
    return fc.record({
      members: fc.array(member, { minLength: 1, maxLength: 5 }),
      attribute: fc.constantFrom("", "", "", ...attributes),
    });
  };
  return fc.tuple(...Array.from({ length: count }, (_, at) => struct(at)));
}

/** The header of these structs, with `pads` between their members; `schema` says where these stand. */
export function plainHeader(structs: readonly PlainStruct[], pads: readonly CdrPad[] = [], schema?: Schema): string {
  const texts = structs.map(({ members, attribute }, at) => {
    const name = `s${String(at)}`;
    const type = schema?.types[name];
    const offsets = type?.k === "struct" ? new Map(type.f.map(({ n, o }) => [n, o])) : new Map<string, number>();
    const lines = members.map((member, i) => {
      const [declared = "", length] = member.split("@");
      const field = `m${String(i)}`;
      return { at: offsets.get(field) ?? i, text: `${declared} ${field}${length === undefined ? "" : `[${length}]`};` };
    });
    for (const [owner, offset, length] of pads) {
      if (owner === name) lines.push({ at: offset, text: `uint8_t pad${String(offset)}[${String(length)}];` });
    }
    lines.sort((a, b) => a.at - b.at);
    return `struct ${attribute} ${name} { ${lines.map(({ text }) => text).join(" ")} };`;
  });
  return `#include <stdbool.h>\n#include <stdint.h>\nenum few { FEW_NONE, FEW_SOME };\n${texts.join("\n")}\n`;
}
