// SPDX-License-Identifier: MIT
// Batches for readers that know no layouts, of both codecs: every sample as JSON text or as it is, or told as lost.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { compileLayout } from "../../../bridge/layout/compile.ts";
import { readGap } from "../../../bridge/layout/record.ts";
import { parseSchema } from "../../../bridge/layout/schema.ts";
import { CODECS, layoutOf, throwsCode } from "../../support/codecs.ts";
import { randomBytes, randomSchema } from "../../support/random-layouts.ts";
import { utf8 } from "../../support/records.ts";
import { batchOf, samplesOf } from "../../support/samples.ts";

const MAX = 1_048_576 + 64;
const json = { stream: 9, maxBytes: 2_097_152, kind: "json" } as const;

const structs = randomSchema
  .chain(({ json: schema, size }) =>
    fc.record({
      layout: fc.constant(compileLayout(parseSchema(schema), "message")),
      samples: fc.array(randomBytes(size), { minLength: 1, maxLength: 5 }),
      jump: fc.constantFrom(1, 3),
    }),
  )
  .map(({ layout, samples, jump }) => {
    const listed = samples.map((bytes, i) => ({ sequence: 100 + i * jump, time: BigInt(i) - 2n, bytes }));
    return { layout, listed, batch: batchOf(listed) };
  });

function payload(text: string, sequence: number): { sequence: number; time: bigint; bytes: Uint8Array } {
  return { sequence, time: BigInt(sequence), bytes: utf8(text) };
}

describe("payloads", () => {
  for (const codec of CODECS) {
    describe(`of the codec ${codec.name}`, () => {
      it("are the JSON text of each struct", () => {
        fc.assert(
          fc.property(structs, ({ layout, listed, batch }) => {
            const records = codec.payloads(layout, batch, json);
            for (const record of records) {
              const view = new DataView(record.buffer, record.byteOffset);
              assert.deepEqual([view.getUint32(8, true), view.getUint32(12, true)], [9, 0]);
              assert.equal(view.getBigUint64(16, true), 7n);
            }
            const wanted = listed.map((sample) => ({ ...sample, bytes: utf8(codec.valueJson(layout, sample.bytes)) }));
            assert.deepEqual(samplesOf(...records), wanted);
          }),
          { numRuns: 100 },
        );
      });

      it("are JSON and bytes as they were, with their sender", () => {
        const listed = [payload("{}", 4), payload("[1]", 5), payload("\u0000", 7)];
        const batch = batchOf(listed, { variable: true, schema: 3 });
        const [record = batch, ...others] = codec.payloads(null, batch, { ...json, kind: "bytes" });
        assert.equal(others.length, 0);
        assert.deepEqual(samplesOf(record), listed);
        assert.equal(new DataView(record.buffer, record.byteOffset).getUint32(12, true), 3);
      });

      it("leave out what is no JSON, and say so in its place", () => {
        const listed = ["1", "{", "", "[]", "nul"].map((text, i) => payload(text, 10 + 2 * i));
        const records = codec.payloads(null, batchOf(listed, { variable: true }), json);
        assert.deepEqual(
          records.map((record) => record[4]),
          [1, 2, 1, 2],
        );
        const [first, gap, second, last] = records;
        assert.ok(first !== undefined && gap !== undefined && second !== undefined && last !== undefined);
        assert.deepEqual(samplesOf(first, second), [listed[0], listed[3]]);
        assert.deepEqual(readGap(gap), { stream: 9, epoch: 7n, from: 12, to: 14, count: 2, reason: "unknown" });
        assert.deepEqual(readGap(last), { stream: 9, epoch: 7n, from: 18, to: 18, count: 1, reason: "unknown" });
      });

      it("come in records of at most the size that is wanted", () => {
        const bytes = new Uint8Array(400_000).fill(0x20);
        bytes[0] = 0x30;
        const listed = [0, 1, 2, 3, 4].map((sequence) => ({ sequence, time: 0n, bytes }));
        const records = codec.payloads(null, batchOf(listed, { variable: true }), { ...json, maxBytes: MAX });
        assert.deepEqual(
          records.map((record) => samplesOf(record).length),
          [2, 2, 1],
        );
        assert.deepEqual(samplesOf(...records), listed);
        const large = batchOf([{ sequence: 0, time: 0n, bytes: new Uint8Array(1_048_576) }], { variable: true });
        assert.equal(codec.payloads(null, large, { stream: 1, maxBytes: MAX, kind: "bytes" }).length, 1);
      });

      it("leave out a text of more than 1 MiB", () => {
        const layout = layoutOf(400_000, [{ n: "a", t: "u8", o: 0, d: [400_000] }]);
        const listed = [255, 1].map((byte, sequence) => ({
          ...{ sequence, time: 0n },
          bytes: new Uint8Array(400_000).fill(byte),
        }));
        const records = codec.payloads(layout, batchOf(listed), json);
        assert.deepEqual(
          records.map((record) => record[4]),
          [2, 1],
        );
      });

      it("refuse what is no such batch", () => {
        const batch = batchOf([payload("1", 0)]);
        throwsCode("bad_record", () => codec.payloads(null, batch, json));
        throwsCode("bad_record", () => codec.payloads(layoutOf(8, [{ n: "x", t: "f64", o: 0 }]), batch, json));
        throwsCode("bad_record", () => codec.payloads(null, batch.subarray(0, 40), json));
      });
    });
  }
});
