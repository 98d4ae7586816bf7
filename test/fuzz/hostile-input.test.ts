// SPDX-License-Identifier: MIT
// Whatever the bytes: an answer or an error with a code, soon. The same inputs on every change; STRUCTWIRE_FUZZ_SECONDS=N takes new ones for so long.
import { describe, it } from "mocha";
import { fuzz } from "../support/fuzz/fuzz.ts";
import { FUZZ_TARGETS } from "../support/fuzz/targets.ts";

const SECONDS = Number(process.env["STRUCTWIRE_FUZZ_SECONDS"] ?? 0);
const SHORT = { runs: 1500, seconds: Infinity, seed: 1 };

describe("hostile bytes", function () {
  this.timeout(SECONDS * 2000 + 600_000);

  for (const target of FUZZ_TARGETS) {
    it(`are taken or refused by ${target.name}`, () => {
      const limits = SECONDS > 0 ? { runs: Infinity, seconds: SECONDS, seed: Date.now() % 2 ** 32 } : SHORT;
      const { runs, kept, slowestMs } = fuzz(target, limits);
      console.log(
        `      ${target.name}: ${String(runs)} inputs from seed ${String(limits.seed)}, ` +
          `${String(kept)} kept, the slowest ${String(Math.round(slowestMs))} ms`,
      );
    });
  }
});
