// SPDX-License-Identifier: MIT
// Hashes of layouts and blobs: what changes them and what does not.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "mocha";
import { layoutHash, schemaHash } from "../../../bridge/layout/hash.ts";
import { parseSchema } from "../../../bridge/layout/schema.ts";
import { vector, vectorJson } from "../../support/codecs.ts";

const features = parseSchema(vectorJson("structs/features-le.schema.json"));

/** Both hashes of a schema, and the text of the layout hash. */
interface Hashes {
  readonly schema: string;
  readonly schemaHash: string;
  readonly type: string;
  readonly layout: string;
  readonly layoutHash: string;
}

describe("hashes", () => {
  it("are the golden ones", () => {
    for (const golden of vectorJson("hashes.json") as Hashes[]) {
      assert.equal(layoutHash(parseSchema(vectorJson(golden.schema)), golden.type), golden.layoutHash);
      assert.equal(schemaHash(vector(golden.schema)), golden.schemaHash);
      assert.equal(createHash("sha256").update(golden.layout).digest("hex").slice(0, 16), golden.layoutHash);
    }
  });

  const json = vectorJson("structs/features-le.schema.json") as {
    types: { features: { f: { n: string; u?: string }[] } };
  };
  const changed = (change: (copy: typeof json) => void): string => {
    const copy = structuredClone(json);
    change(copy);
    return layoutHash(parseSchema(copy), "features");
  };
  const before = layoutHash(features, "features");

  it("of a layout stay with another unit, text or limit", () => {
    assert.equal(
      changed(({ types }) => (types.features.f = types.features.f.map((field) => ({ ...field, u: "m" })))),
      before,
    );
  });

  it("of a layout change with a name, the byte order or an offset", () => {
    assert.notEqual(
      changed(({ types }) => (types.features.f = types.features.f.map((field) => ({ ...field, n: `${field.n}_` })))),
      before,
    );
    assert.notEqual(
      changed((copy) => Object.assign(copy, { endian: "be" })),
      before,
    );
    assert.notEqual(
      changed((copy) => Object.assign(copy.types.features.f[0] ?? {}, { o: 77 })),
      before,
    );
  });

  it("of a layout are 16 hex digits, of a blob the SHA-256 of its bytes", () => {
    assert.match(before, /^[0-9a-f]{16}$/);
    const bytes = new TextEncoder().encode("blob");
    assert.equal(schemaHash(bytes), createHash("sha256").update(bytes).digest("hex"));
  });
});
