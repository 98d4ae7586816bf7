// SPDX-License-Identifier: MIT
// Merging of both codecs: one batch with the samples of all, or a refusal.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { batchRecord, doubles, type BatchSpec } from "../../support/records.ts";
import { CODECS, throwsCode, vector } from "../../support/codecs.ts";

function batch(first: number, values: readonly number[], more: Partial<BatchSpec> = {}): Uint8Array {
  return batchRecord({
    stream: 1,
    schema: 2,
    first,
    time: BigInt(first) * 1_000_000n,
    samples: doubles(...values),
    ...more,
  });
}

function payloads(first: number, samples: readonly Uint8Array[], more: Partial<BatchSpec> = {}): Uint8Array {
  return batch(first, [], { samples, variable: true, ...more });
}

for (const codec of CODECS) {
  describe(`merging by the ${codec.name} codec`, () => {
    it("puts batches that go on from each other into one", () => {
      const merged = codec.merge([batch(5, [1, 2]), batch(7, [3]), batch(8, [4, 5])]);
      assert.deepEqual(merged, batch(5, [1, 2, 3, 4, 5]));
    });

    it("lists the sequences where they jump", () => {
      const merged = codec.merge([batch(5, [1, 2]), batch(9, [3])]);
      const times = batch(5, [1, 2, 3], { sequences: [5, 6, 9] });
      new DataView(times.buffer).setBigInt64(56, 9_000_000n, true);
      assert.deepEqual(merged, times);
    });

    it("keeps sequences that were listed", () => {
      const merged = codec.merge([batch(5, [1, 2], { sequences: [5, 7] }), batch(8, [3])]);
      const expected = batch(5, [1, 2, 3], { sequences: [5, 7, 8] });
      new DataView(expected.buffer).setBigInt64(56, 8_000_000n, true);
      assert.deepEqual(merged, expected);
    });

    it("puts payloads of any lengths one behind the other", () => {
      for (const counts of [
        [1, 2],
        [2, 1],
        [1, 1],
        [3, 4],
      ]) {
        const samples = Array.from({ length: (counts[0] ?? 0) + (counts[1] ?? 0) }, (_, i) =>
          new Uint8Array(i * 3).fill(i + 1),
        );
        const [a, b] = [samples.slice(0, counts[0]), samples.slice(counts[0])];
        assert.deepEqual(codec.merge([payloads(0, a), payloads(a.length, b)]), payloads(0, samples));
      }
    });

    it("returns a single batch as it is", () => {
      const only = batch(5, [1]);
      assert.equal(codec.merge([only]), only);
    });

    it("refuses batches that do not belong together", () => {
      const first = batch(5, [1]);
      const strangers = [
        { stream: 2 },
        { schema: 3 },
        { epoch: 8n },
        { samples: [new Uint8Array(4)] },
        { variable: true },
      ];
      for (const other of strangers) throwsCode("invalid_argument", () => codec.merge([first, batch(6, [2], other)]));
      throwsCode("invalid_argument", () => codec.merge([]));
      throwsCode("invalid_argument", () => codec.merge([first, first]));
      throwsCode("invalid_argument", () => codec.merge([batch(6, [1]), batch(5, [1])]));
      throwsCode("invalid_argument", () => codec.merge([batch(5, [1, 2], { sequences: [5, 9] }), batch(8, [1])]));
    });

    it("refuses what is no batch", () => {
      throwsCode("bad_record", () => codec.merge([vector("good/pong.bin")]));
      throwsCode("bad_record", () => codec.merge([batch(5, [1]), vector("good/gap.bin")]));
      throwsCode("bad_record", () => codec.merge([batch(5, [1]).subarray(0, 48)]));
      throwsCode("bad_record", () => codec.merge([batch(5, [1]), new Uint8Array(0)]));
    });

    it("refuses to make more than a record may have", () => {
      const large = Array.from({ length: 9 }, () => new Uint8Array(1_048_576));
      throwsCode("message_too_large", () => codec.merge([payloads(0, large), payloads(9, large)]));
      const many = Array.from({ length: 600_000 }, () => new Uint8Array(0));
      throwsCode("message_too_large", () => codec.merge([payloads(0, many), payloads(600_000, many)]));
    });
  });
}
