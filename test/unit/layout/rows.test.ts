// SPDX-License-Identifier: MIT
// Objects from columns: nested as the struct nests, with values as users see them.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { compileLayout } from "../../../bridge/layout/compile.ts";
import { rows } from "../../../bridge/layout/rows.ts";
import { parseSchema } from "../../../bridge/layout/schema.ts";
import { CODECS, layoutOf, vector, vectorJson } from "../../support/codecs.ts";
import { batchRecord } from "../../support/records.ts";

const layout = compileLayout(parseSchema(vectorJson("structs/features-be.schema.json")), "features");
const batch = vector("good/batch-features-be.bin");

for (const codec of CODECS) {
  describe(`objects of columns of the ${codec.name} codec`, () => {
    const list = rows(layout, codec.columns(layout, batch), 5);

    it("hold every field as users see it", () => {
      assert.deepEqual(list[0], {
        a: 1,
        b: -2,
        c: 3,
        d: -4,
        flag: true,
        letter: "k",
        e: 5,
        f: -6,
        ratio: Math.fround(0.1),
        mode: "SINE",
        g: 7n,
        h: -8n,
        angle: 1.5,
        label: "motor",
        digest: Uint8Array.of(1, 2, 3, 4),
        vector: [0.5, -0.25, Math.fround(1e-7)],
        small: "SMALL",
        x: 5,
        y: -3,
        z: true,
        wide: -9n,
        pid: { kp: 2, ki: Math.fround(0.1) },
        items: [
          { id: 10, at: [1, -1], tag: "up" },
          { id: 11, at: [2, -2], tag: "d" },
        ],
        matrix: [
          [0, 1, 2],
          [10, 11, 12],
        ],
        names: ["left", "right"],
        level: "ONE",
        whole: 0x3f800000,
        part: 1,
      });
    });

    it("hold numbers where an enum has no label", () => {
      const { mode, small, level } = list[2] as Readonly<Record<string, unknown>>;
      assert.deepEqual({ mode, small, level }, { mode: 77, small: 200, level: 2n ** 53n + 1n });
    });

    it("hold only what there are columns of", () => {
      const few = rows(layout, codec.columns(layout, batch, ["pid.ki", "items.tag"]), 2);
      assert.deepEqual(few[1], { pid: { ki: Math.fround(0.1) }, items: [{ tag: "up" }, { tag: "d" }] });
      assert.deepEqual(rows(layout, {}, 2), [{}, {}]);
    });

    it("do not change with the columns", () => {
      const columns = codec.columns(layout, batch, ["digest"]);
      const [row] = rows(layout, columns, 5);
      (columns["digest"] as Uint8Array).fill(0);
      assert.deepEqual(row, { digest: Uint8Array.of(1, 2, 3, 4) });
    });

    it("keep a field named __proto__ as a field", () => {
      const odd = layoutOf(1, [{ n: "__proto__", t: "u8", o: 0 }]);
      const [row] = rows(odd, codec.columns(odd, batchRecord({ stream: 1, first: 0, samples: [Uint8Array.of(5)] })), 1);
      assert.equal(JSON.stringify(row), '{"__proto__":5}');
      assert.equal(Object.getPrototypeOf(row), Object.prototype);
    });
  });
}
