// SPDX-License-Identifier: MIT
// The compiler is asked where bitfields are, whatever its flags put around them.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { bitfieldsOf, cppProbeSource, misplacedBitfields } from "../../../bridge/generate/bitfield-probe.ts";
import { compileHeader } from "../../../bridge/generate/compile.ts";
import { Budget } from "../../../bridge/generate/object/byte-reader.ts";
import { openElf } from "../../../bridge/generate/object/elf.ts";
import { hasCommand, withFolder } from "../../support/compilers.ts";
import { runGen, structOf } from "../../support/gen-runs.ts";
import { schemaOfAll } from "../../support/gen-schemas.ts";

const HEADER = `
#include <stdint.h>
struct s { uint8_t low : 4, high : 4; uint8_t flag : 1; int32_t wide : 20; uint64_t tail; };`;

describe("bitfields", () => {
  for (const compiler of ["gcc", "clang"].filter(hasCommand))
    for (const flags of [[], ["-fsanitize=address,undefined"]])
      it(`are where ${compiler} ${flags.join(" ")} puts them`, () => {
        const { f } = structOf(runGen(HEADER, { compiler, flags }), "s");
        assert.deepEqual(
          f.map(({ n, o, b }) => [n, 8 * o + (b?.[1] ?? 0), b?.[2]]),
          [
            ["low", 0, 4],
            ["high", 4, 4],
            ["flag", 8, 1],
            ["wide", 9, 20],
            ["tail", 64, undefined],
          ],
        );
      });

  it("are where the compiler puts them in C++ too, whatever stands around them", () => {
    const text = `
      #include <cstdint>
      namespace lab {
      enum class Few : uint8_t { None, Some };
      struct Base { uint8_t lead; unsigned first : 5; };
      struct s : Base {
        int start = 7;
        unsigned low : 3; bool flag : 1; Few few : 4;
        struct { int16_t inner : 9; } list[2];
        union { int32_t whole; unsigned part : 12; };
      };
      }`;
    for (const compiler of ["g++", "clang++"].filter(hasCommand)) {
      const asked = probed(text, compiler);
      assert.deepEqual(asked, ["first", "low", "flag", "few", "list[0].inner", "part"], compiler);
    }
  });

  it("are refused where the debug information of a class misplaces them", () => {
    if (!hasCommand("clang++")) return;
    const text = `struct base { char c; };
      struct __attribute__((packed)) s : base { unsigned a : 1; unsigned x : 32; };`;
    assert.throws(() => runGen(text, { compiler: "clang++", types: ["s"] }), /"x".*misplaces/);
  });
});

/** The bitfields of the struct `lab::s` of which the compiled probe has bytes, all of them where the schema says. */
function probed(text: string, compiler: string): readonly string[] {
  return withFolder((folder) => {
    const header = join(folder, "probed.hpp");
    writeFileSync(header, text);
    const list = bitfieldsOf(schemaOfAll(compiler, header, [], true)).filter(({ spelling }) => spelling === "lab::s");
    const object = compileHeader({ header, compiler, flags: ["-std=gnu++20"], source: cppProbeSource(list) });
    assert.deepEqual(misplacedBitfields(list, object), []);
    const elf = openElf(object, new Budget(1 << 20));
    return list.filter((_, at) => elf.section(`.structwire.${String(at)}`) !== undefined).map(({ path }) => path);
  });
}
