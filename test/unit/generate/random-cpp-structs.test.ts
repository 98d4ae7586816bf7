// SPDX-License-Identifier: MIT
// Whatever C++ a program has: the schema says what the compiler does, which a compiled program confirms.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, it } from "mocha";
import { bitfieldsOf } from "../../../bridge/generate/bitfield-probe.ts";
import { emitCHeader, emitCSource } from "../../../bridge/generate/emit/c-files.ts";
import { schemaText } from "../../../bridge/generate/emit/schema-text.ts";
import { hasCommand, run, withFolder } from "../../support/compilers.ts";
import { schemaOfAll } from "../../support/gen-schemas.ts";
import { cppHeaderOf, randomClass, type RandomClass } from "../../support/random-cpp-structs.ts";

const INCLUDE = `-I${fileURLToPath(new URL("../../../native/include", import.meta.url))}`;
const CLASSES = fc.array(randomClass, { minLength: 10, maxLength: 10 });

describe("the schema of random C++ structs", function () {
  this.timeout(300_000);

  const check = (compiler: string, version: string, classes: readonly RandomClass[]): void => {
    withFolder((folder) => {
      const header = join(folder, "random.hpp");
      writeFileSync(header, cppHeaderOf(classes));
      const built = schemaOfAll(compiler, header, [`-gdwarf-${version}`], true);
      for (const reason of built.refused) assert.match(reason, /has no members|dimensions/);
      const blob = new TextEncoder().encode(schemaText(built.schema));
      const unit = { name: "random", header: "random.hpp", include: "random.hpp", built, blob };
      const source = emitCSource(unit);
      writeFileSync(join(folder, "random.schema.h"), emitCHeader(unit));
      // Sizes, offsets, kinds and labels: each assertion is the compiler's own word.
      const fields = Object.values(built.schema.types).reduce(
        (sum, type) => sum + (type.k === "struct" ? type.f.length : 0),
        0,
      );
      assert.ok(source.split("SW_GENERATED_").length > fields);
      const bits = bitfieldsOf(built);
      const program = bits.map(
        ({ spelling, path }) =>
          `{ static unsigned char bytes[sizeof(${spelling})]; std::memset(bytes, 0, sizeof bytes); auto *v = reinterpret_cast<${spelling} *>(bytes); v->${path} = -1; print(bytes, sizeof bytes); }`,
      );
      writeFileSync(
        join(folder, "main.cpp"),
        `${source}
         #include <cstdio>
         #include <cstring>
         static void print(const unsigned char *bytes, std::size_t count) {
           for (std::size_t i = 0; i < count; i++) std::printf("%02x", bytes[i]);
           std::printf("\\n");
         }
         int main() { ${program.join("\n")} return 0; }`,
      );
      run(compiler, ["-w", "-O0", "-std=c++17", INCLUDE, join(folder, "main.cpp"), "-o", join(folder, "main")]);
      const shown = bits.length === 0 ? [] : run(join(folder, "main"), []).trim().split("\n");
      assert.equal(shown.length, bits.length);
      const misplaced = bits.filter(({ expected }, i) => Buffer.from(expected).toString("hex") !== shown[i]);
      // Clang says nothing of the bits of a field that fills its type, also where a packed class moves it: gen refuses these.
      if (compiler === "g++") assert.deepEqual(misplaced, []);
      for (const { path, place } of misplaced) assert.equal(place.member.bits, undefined, path);
    });
  };

  for (const compiler of ["g++", "clang++"].filter(hasCommand)) {
    it(`is the truth of ${compiler}`, () => {
      fc.assert(
        fc.property(CLASSES, fc.constantFrom("2", "3", "4", "5"), (classes, version) => {
          check(compiler, version, classes);
        }),
        { numRuns: 6, interruptAfterTimeLimit: 60_000 },
      );
    });
  }
});
