// SPDX-License-Identifier: MIT
// The compiler is asked where bitfields are, whatever its flags put around them.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { hasCommand } from "../../support/compilers.ts";
import { runGen, structOf } from "../../support/gen-runs.ts";

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
});
