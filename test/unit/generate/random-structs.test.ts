// SPDX-License-Identifier: MIT
// Whatever struct a program has: the schema says what the compiler does.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, it } from "mocha";
import { misplacedBitfields, probeSource } from "../../../bridge/generate/bitfield-probe.ts";
import { compileHeader } from "../../../bridge/generate/compile.ts";
import { askByCompiling, askByRunning, compare, hasCommand, withFolder } from "../../support/compilers.ts";
import { schemaOfAll } from "../../support/gen-schemas.ts";
import { probesOf } from "../../support/layout-truth.ts";
import { headerOf, randomRecord } from "../../support/random-structs.ts";

const TARGETS = [
  "i386-linux-gnu",
  "armv7-linux-gnueabihf",
  "powerpc-linux-gnu",
  "s390x-linux-gnu",
  "mips64el-linux-gnuabi64",
];
const RECORDS = fc.array(randomRecord(2), { minLength: 12, maxLength: 12 });
const VERSIONS = fc.constantFrom("2", "3", "4", "5");

describe("the schema of random structs", function () {
  this.timeout(300_000);

  const check = (
    compiler: string,
    flags: readonly string[],
    records: Parameters<typeof headerOf>[0],
    runs: boolean,
  ): void => {
    withFolder((folder) => {
      const header = join(folder, "random.h");
      writeFileSync(header, headerOf(records));
      const whole = schemaOfAll(compiler, header, flags);
      for (const reason of whole.refused) assert.match(reason, /has no members|is empty|dimensions/);
      const probes = probesOf(whole);
      const ask = runs ? askByRunning : askByCompiling;
      const { answered, asked, wrong, misplaced } = compare(
        probes,
        ask(compiler, flags, `#include "${header}"`, probes),
      );
      assert.deepEqual(wrong, []);
      assert.equal(answered, asked);
      // Clang says nothing of the bits of a field that fills its type, also where a packed struct moves it: gen refuses these.
      const refused = misplacedBitfields(
        probes.bits,
        compileHeader({ header, compiler, flags, source: probeSource(probes.bits) }),
      );
      assert.deepEqual(refused.length, misplaced.length);
      if (compiler === "gcc") assert.deepEqual(misplaced, []);
      for (const { scalar, place } of refused)
        assert.equal(place.member.bits, undefined, `${scalar} ${place.member.name ?? ""}`);
    });
  };

  for (const compiler of ["gcc", "clang"].filter(hasCommand)) {
    it(`is the truth of ${compiler}`, () => {
      fc.assert(
        fc.property(RECORDS, VERSIONS, (records, version) => {
          check(compiler, [`-gdwarf-${version}`], records, true);
        }),
        { numRuns: 12, interruptAfterTimeLimit: 50_000 },
      );
    });
  }

  if (hasCommand("clang")) {
    it("is the truth of other machines, also big-endian ones", () => {
      fc.assert(
        fc.property(RECORDS, VERSIONS, fc.constantFrom(...TARGETS), (records, version, target) => {
          check("clang", [`--target=${target}`, "-ffreestanding", `-gdwarf-${version}`], records, false);
        }),
        { numRuns: 15, interruptAfterTimeLimit: 50_000 },
      );
    });
  }
});
