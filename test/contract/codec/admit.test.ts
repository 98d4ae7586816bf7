// SPDX-License-Identifier: MIT
// What programs publish is checked alike by both codecs, and its sender comes through whatever is done to the batch.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { MAX_JSON_DEPTH, type Codec } from "../../../bridge/layout/codec.ts";
import { writePublication } from "../../../bridge/layout/publication.ts";
import { variablePayloads } from "../../../bridge/layout/record.ts";
import { CODECS, outcome, throwsCode, vector } from "../../support/codecs.ts";
import { batchRecord, utf8 } from "../../support/records.ts";

const NOW_MS = 1_763_635_212_345.5;
const NOW_NS = 1_763_635_212_345_500_000n;

function published(...texts: readonly string[]): Uint8Array {
  return writePublication(
    3,
    0,
    texts.map((text) => ({ payload: utf8(text) })),
  );
}

/** The bytes that a codec makes of a batch, or the code of its refusal, with the bytes as they are then. */
function admitted(codec: Codec, batch: Uint8Array, kind: "json" | "bytes"): unknown {
  const copy = batch.slice();
  const came = outcome(() => {
    codec.admit(copy, kind, NOW_MS);
  });
  return { came, bytes: Buffer.from(copy).toString("hex") };
}

for (const codec of CODECS) {
  describe(`what programs publish, by the ${codec.name} codec`, () => {
    it("is taken when it is JSON of at most 64 levels", () => {
      for (const text of ["null", "0", '"x"', " [1, {} ] ", `${"[".repeat(64)}${"]".repeat(64)}`]) {
        codec.admit(published("1", text), "json", NOW_MS);
      }
    });

    it("is refused when it is no JSON or nested deeper", () => {
      for (const text of ["", "{", "nul", "1 2", "[1,]", '"\\ud8"', `${"[".repeat(65)}${"]".repeat(65)}`]) {
        throwsCode("bad_value", () => {
          codec.admit(published("1", text), "json", NOW_MS);
        });
      }
      const deep = `${'{"a":'.repeat(MAX_JSON_DEPTH + 1)}1${"}".repeat(MAX_JSON_DEPTH + 1)}`;
      throwsCode("bad_value", () => {
        codec.admit(published(deep), "json", NOW_MS);
      });
      codec.admit(published(JSON.stringify(deep)), "json", NOW_MS);
    });

    it("may be anything when it is bytes", () => {
      codec.admit(published("{", "", "\0"), "bytes", NOW_MS);
    });

    it("gets the time of its taking where it has none", () => {
      const batch = writePublication(3, 0, [{ payload: utf8("1") }, { payload: utf8("2"), timeNs: 5n }]);
      codec.admit(batch, "json", NOW_MS);
      const view = new DataView(batch.buffer);
      assert.equal(view.getBigInt64(40, true), NOW_NS);
      assert.equal(view.getBigInt64(48, true), 5n);
    });

    it("is refused when a payload is larger than 1 MiB, or the batch is none", () => {
      const large = batchRecord({ stream: 1, first: 0, samples: [new Uint8Array(1_048_577)], variable: true });
      const code = (batch: Uint8Array, wanted: "message_too_large" | "bad_record"): void => {
        throwsCode(wanted, () => {
          codec.admit(batch, "bytes", NOW_MS);
        });
      };
      code(large, "message_too_large");
      code(vector("good/batch.bin"), "bad_record");
      code(new Uint8Array(8), "bad_record");
      const cut = published("1").slice();
      new DataView(cut.buffer).setUint32(32, 2, true);
      code(cut, "bad_record");
    });

    it("names its sender beside each value in JSON, and nobody where a driver publishes", () => {
      const { length } = variablePayloads(vector("good/batch-sender.bin"));
      const samples = JSON.parse(codec.json(null, vector("good/batch-sender.bin"))) as Record<string, unknown>[];
      assert.deepEqual(
        samples.map(({ sender }) => sender),
        Array.from({ length }, () => 17),
      );
      assert.ok(!codec.json(null, vector("good/batch-json.bin")).includes("sender"));
      const bytes = codec.json(null, vector("good/batch-sender.bin"), "bytes");
      assert.ok(bytes.startsWith('[{"seq":100,"time":1763635212345.679,"sender":17,"value":"'));
    });

    it("is merged with what the same sender published before, and with nobody else's", () => {
      const of = (sender: number, first: number): Uint8Array =>
        batchRecord({ stream: 9, schema: sender, first, samples: [utf8("1")], variable: true });
      assert.equal(variablePayloads(codec.merge([of(17, 0), of(17, 1)])).length, 2);
      throwsCode("invalid_argument", () => codec.merge([of(17, 0), of(18, 1)]));
    });

    it("keeps its sender when it is thinned", () => {
      const of = (sender: number, first: number): Uint8Array =>
        batchRecord({
          ...{ stream: 9, schema: sender, first, time: BigInt(first) * 1_000_000n, variable: true },
          samples: [utf8("1"), utf8("2"), utf8("3")],
        });
      const thinner = codec.thinner({ kind: "rate", periodNs: 2_000_000 });
      const kept = [of(17, 0), of(18, 3), of(17, 6)].flatMap((batch) => [...thinner.push(batch)]);
      assert.deepEqual(
        kept.map((batch) => new DataView(batch.buffer, batch.byteOffset).getUint32(12, true)),
        [17, 18, 17],
      );
    });
  });
}

describe("both codecs on what programs publish", () => {
  const [addon, javascript] = CODECS;
  assert.ok(addon !== undefined && javascript !== undefined);
  const text = fc.oneof(
    fc.json({ maxDepth: 5 }),
    fc.string({ maxLength: 12 }),
    fc
      .array(fc.constantFrom("[", "]", "{", "}", '"', "\\", ":", ",", "1", "e", "-", "null", " ", "\u0001", "é"), {
        maxLength: 40,
      })
      .map((list) => list.join("")),
    fc.integer({ min: 60, max: 70 }).map((depth) => `${"[".repeat(depth)}${"]".repeat(depth)}`),
  );
  const texts = fc.array(text, { minLength: 1, maxLength: 4 });
  const kind = fc.constantFrom<"json" | "bytes">("json", "bytes");

  it("agree on every text", () => {
    fc.assert(
      fc.property(texts, kind, (list, as) => {
        const batch = published(...list);
        assert.deepEqual(admitted(addon, batch, as), admitted(javascript, batch, as));
      }),
      { numRuns: 2000 },
    );
  });

  it("agree on every change of a batch's bytes", () => {
    const change = fc.record({ at: fc.nat(200), byte: fc.nat(255) });
    fc.assert(
      fc.property(texts, kind, fc.array(change, { minLength: 1, maxLength: 3 }), (list, as, changes) => {
        const batch = published(...list);
        for (const { at, byte } of changes) batch[at % batch.length] = byte;
        assert.deepEqual(admitted(addon, batch, as), admitted(javascript, batch, as));
      }),
      { numRuns: 2000 },
    );
  });

  it("encode alike what they took", () => {
    fc.assert(
      fc.property(texts, fc.nat(4_294_967_295), (list, sender) => {
        const batch = published(...list);
        new DataView(batch.buffer).setUint32(12, sender, true);
        const json = (codec: Codec): unknown => outcome(() => codec.json(null, batch));
        assert.deepEqual(json(addon), json(javascript));
        assert.deepEqual(addon.json(null, batch, "bytes"), javascript.json(null, batch, "bytes"));
      }),
      { numRuns: 500 },
    );
  });
});
