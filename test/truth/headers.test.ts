// SPDX-License-Identifier: MIT
// Every layout that gen reads of real headers is the compiler's, on every kind of machine; STRUCTWIRE_TRUTH=all takes all headers on all of them.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { headerSets } from "../support/truth/headers.ts";
import { survey } from "../support/truth/survey.ts";
import { CLANG_TARGET, TRUTH_TARGETS } from "../support/truth/targets.ts";

const ALL = process.env["STRUCTWIRE_TRUTH"] === "all";

describe("the layout of real headers", function () {
  this.timeout(600_000);

  for (const target of [...TRUTH_TARGETS, CLANG_TARGET]) {
    // The kernel's headers differ little between machines, so the machine at hand stands for the rest.
    const sets = headerSets(target, ALL || target.name === "x86-64" ? "all" : "sample");
    for (const set of sets) {
      it(`is the truth of ${target.name}: ${set.name}`, () => {
        const found = survey(target, set);
        console.log(
          `      ${target.name}, ${set.name}: ${String(found.headers)} headers, ${String(found.structs)} structs, ` +
            `${String(found.fields)} fields, ${String(found.bitfields)} bitfields, ${String(found.enums)} enums, ` +
            `${String(found.checks)} checks, ${String(found.wrong.length)} wrong; not sent: ${String(found.refused)} structs; ` +
            `not compiled alone: ${found.left.join(" ") || "none"}`,
        );
        assert.deepEqual(found.wrong, []);
        assert.ok(found.headers >= set.least.headers, `only ${String(found.headers)} headers`);
        assert.ok(found.structs >= set.least.structs, `only ${String(found.structs)} structs`);
      });
    }
  }
});
