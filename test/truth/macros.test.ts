// SPDX-License-Identifier: MIT
// Random structs described by macros: the schema is that of gen, for every kind of machine, bitfields and big-endian ones too.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, it } from "mocha";
import { parseSchemaText } from "../../bridge/layout/schema.ts";
import type { Schema } from "../../bridge/model/schema.ts";
import { compileAndRun, withFolder } from "../support/compilers.ts";
import { schemaOfAll } from "../support/gen-schemas.ts";
import { headerOf, randomRecord } from "../support/random-structs.ts";
import { macroArguments, macroProgram } from "../support/truth/macro-program.ts";
import { TRUTH_TARGETS } from "../support/truth/targets.ts";

const STRUCTS = 100;

/** Without what only gen knows of unions: which fields belong to one alternative. CDR marks depend on that. */
function layouts({ types }: Schema): unknown {
  return Object.fromEntries(
    Object.entries(types).map(([name, type]) => {
      if (type.k === "enum") return [name, type];
      const { size, hash, pads, f } = type;
      return [name, { size, hash, pads, f: f.map(({ alt: _, ...field }) => field) }];
    }),
  );
}

describe("random structs described by macros", function () {
  this.timeout(300_000);

  for (const [at, { name, compiler, emulator }] of TRUTH_TARGETS.entries()) {
    it(`have the layouts that gen finds for ${name}`, () => {
      withFolder((folder) => {
        const [header, source, program] = ["all.h", "all.c", "all"].map((file) => join(folder, file));
        assert.ok(header !== undefined && source !== undefined && program !== undefined);
        writeFileSync(header, headerOf(fc.sample(randomRecord(2), { numRuns: STRUCTS, seed: 77 + at })));
        const built = schemaOfAll(compiler, header, [], true);
        writeFileSync(source, macroProgram(header, built));
        const text = compileAndRun(compiler, [...macroArguments(source), "-w", "-O0"], program, emulator);
        const made = parseSchemaText(new TextEncoder().encode(text));
        assert.equal(made.endian, built.schema.endian);
        assert.deepEqual(layouts(made), layouts(built.schema));
        assert.ok(built.records.size > STRUCTS / 2);
      });
    });
  }
});
