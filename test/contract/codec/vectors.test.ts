// SPDX-License-Identifier: MIT
// The golden structs decode to the golden columns and texts, with both codecs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { compileLayout } from "../../../bridge/layout/compile.ts";
import { parseSchema } from "../../../bridge/layout/schema.ts";
import { bits, CODECS, vector, vectorJson } from "../../support/codecs.ts";
import type { ExpectedColumn } from "../../vectors/generator/features-expected.ts";
import { vectorFiles } from "../../vectors/generate.ts";

interface Expected {
  readonly type: string;
  readonly hash: string;
  readonly columns: Readonly<Record<string, ExpectedColumn>>;
  readonly json: readonly string[];
}

describe("the golden files", () => {
  it("are what their generator writes", () => {
    for (const [path, content] of vectorFiles()) {
      const file = readFileSync(new URL(`../../vectors/${path}`, import.meta.url));
      assert.ok(Buffer.from(content).equals(file), `${path} differs: run npx tsx test/vectors/generate.ts`);
    }
  });
});

for (const endian of ["le", "be"]) {
  const schema = parseSchema(vectorJson(`structs/features-${endian}.schema.json`));
  const expected = vectorJson(`structs/features-${endian}.json`) as Expected;
  const layout = compileLayout(schema, expected.type);
  const batch = vector(`good/batch-features-${endian}.bin`);

  it(`the layout hash of the struct with every feature (${endian}) is that of its text`, () => {
    assert.equal(layout.hash, expected.hash);
  });

  for (const codec of CODECS) {
    describe(`the ${codec.name} codec on structs with every feature (${endian})`, () => {
      it("makes the golden columns", () => {
        const columns = codec.columns(layout, batch);
        assert.deepEqual(Object.keys(columns), Object.keys(expected.columns));
        for (const [path, column] of Object.entries(expected.columns)) {
          assert.deepEqual(bits(columns[path]), "texts" in column ? column.texts : [column.array, column.hex], path);
        }
      });

      it("makes the golden JSON text of each struct", () => {
        const structs = batch.subarray(40 + 8 * expected.json.length);
        const texts = expected.json.map((_, i) => {
          return codec.valueJson(layout, structs.subarray(i * layout.size, (i + 1) * layout.size));
        });
        assert.deepEqual(texts, expected.json);
      });

      it("makes the golden JSON text of the batch", () => {
        const times = ["1763635212345.679", "1763635212346.679", "1763635212347.679", "1763635212348.679"];
        const samples = expected.json.map((value, i) => {
          return `{"seq":${String(41 + i)},"time":${times[i] ?? "1763635212349.679"},"value":${value}}`;
        });
        assert.equal(codec.json(layout, batch), `[${samples.join(",")}]`);
      });
    });
  }
}
