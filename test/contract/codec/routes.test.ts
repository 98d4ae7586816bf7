// SPDX-License-Identifier: MIT
// What the splitters of both codecs do besides cutting: ids, times, limits, merging, memory.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { batchTimes, readBatchHeader, readGap, recordType } from "../../../bridge/layout/record.ts";
import { CODECS, throwsCode, vector } from "../../support/codecs.ts";
import { batchRecord, doubles, gapRecord, join } from "../../support/records.ts";
import { runSplitter } from "../../support/splitting.ts";

for (const codec of CODECS) {
  describe(`a splitter of the ${codec.name} codec`, () => {
    it("writes the bridge's ids and adds the offset to every time", () => {
      const splitter = codec.splitter();
      splitter.route(3, { stream: 70, schema: 80, size: 8 });
      splitter.offset(-1_000n);
      const sent = batchRecord({ stream: 3, first: 5, time: 500n, samples: doubles(1, 2) });
      const [batch, gap] = runSplitter(splitter, [join(sent, gapRecord(3, 7n, 7, 8, 1))]);
      assert.ok(batch !== undefined && gap !== undefined);
      assert.deepEqual(readBatchHeader(batch), { ...readBatchHeader(sent), stream: 70, schema: 80 });
      assert.deepEqual([...batchTimes(batch)], [-500n, 999_500n]);
      assert.equal(readGap(gap).stream, 70);
    });

    it("lets a time beyond 64 bits wrap", () => {
      const splitter = codec.splitter();
      splitter.route(1, { stream: 1, schema: 1, size: 8 });
      splitter.offset(1n);
      const [batch] = runSplitter(splitter, [
        batchRecord({ stream: 1, first: 0, time: 2n ** 63n - 1n, samples: doubles(1) }),
      ]);
      assert.ok(batch !== undefined);
      assert.deepEqual([...batchTimes(batch)], [-(2n ** 63n)]);
    });

    it("takes only ids of 32 bits and offsets of 64", () => {
      const splitter = codec.splitter();
      for (const wrong of [-1, 0.5, 2 ** 32, NaN]) {
        throwsCode("invalid_argument", () => {
          splitter.route(wrong, { stream: 1, schema: 1, size: 8 });
        });
        throwsCode("invalid_argument", () => {
          splitter.route(1, { stream: wrong, schema: 1, size: 8 });
        });
      }
      throwsCode("invalid_argument", () => {
        splitter.offset(2n ** 63n);
      });
      splitter.route(2 ** 32 - 1, { stream: 0, schema: 0, size: 0 });
      splitter.offset(-(2n ** 63n));
    });

    it("refuses batches and gaps of streams that are not routed, or no more", () => {
      const batch = batchRecord({ stream: 3, first: 0, samples: doubles(1) });
      throwsCode("bad_record", () => runSplitter(codec.splitter(), [batch]));
      throwsCode("bad_record", () => runSplitter(codec.splitter(), [gapRecord(3, 7n, 0, 1, 1)]));
      const splitter = codec.splitter();
      splitter.route(3, { stream: 1, schema: 1, size: 8 });
      assert.equal(runSplitter(splitter, [batch]).length, 1);
      splitter.unroute(3);
      splitter.unroute(3);
      throwsCode("bad_record", () => runSplitter(splitter, [batch]));
    });

    it("refuses structs of another size, and payloads where structs were advertised", () => {
      const batch = batchRecord({ stream: 3, first: 0, samples: doubles(1) });
      const payload = batchRecord({ stream: 3, first: 0, samples: doubles(1), variable: true });
      for (const [size, record] of [
        [16, batch],
        [0, batch],
        [8, payload],
      ] as const) {
        const splitter = codec.splitter();
        splitter.route(3, { stream: 1, schema: 1, size });
        throwsCode("bad_record", () => runSplitter(splitter, [record]));
      }
    });

    it("refuses a record over its limit as soon as its length is known", () => {
      const splitter = codec.splitter();
      splitter.limit(64);
      const large = vector("good/batch.bin");
      assert.ok(large.length > 64);
      throwsCode("bad_record", () => runSplitter(splitter, [large.subarray(0, 8)]));
      throwsCode("invalid_argument", () => {
        codec.splitter().limit(16_777_217);
      });
      throwsCode("invalid_argument", () => {
        codec.splitter().limit(7.5);
      });
    });

    it("keeps the rest of a chunk when a reader stops early", () => {
      const splitter = codec.splitter();
      const hello = vector("good/hello.bin");
      const chunk = join(hello, vector("good/pong.bin"), vector("good/log.bin"));
      for (const record of splitter.push(chunk)) {
        assert.equal(recordType(record), 16);
        break;
      }
      chunk.fill(0);
      assert.deepEqual(runSplitter(splitter, [vector("good/end.bin")]).map(recordType), [27, 25, 29]);
    });

    it("does not keep the memory of a chunk", () => {
      const splitter = codec.splitter();
      const chunk = vector("good/pong.bin");
      const records = runSplitter(splitter, [chunk]);
      chunk.fill(0);
      assert.deepEqual(records, [vector("good/pong.bin")]);
    });

    it("merges what goes on in one chunk, but not across streams, gaps, epochs or jumps", () => {
      const splitter = codec.splitter();
      splitter.route(1, { stream: 1, schema: 1, size: 8 });
      splitter.route(2, { stream: 2, schema: 1, size: 8 });
      const batch = (stream: number, first: number, epoch = 7n, sequences?: readonly number[]): Uint8Array =>
        batchRecord({
          stream,
          first,
          epoch,
          samples: doubles(1, 2),
          ...(sequences === undefined ? {} : { sequences }),
        });
      const bytes = join(
        batch(1, 0),
        batch(1, 2),
        batch(1, 4),
        batch(2, 6),
        batch(1, 6),
        batch(1, 9),
        batch(1, 11, 8n),
        gapRecord(1, 8n, 13, 13, 1),
        batch(1, 14, 8n),
        batch(1, 16, 8n, [16, 20]),
        batch(1, 21, 8n),
      );
      const counts = runSplitter(splitter, [bytes]).map((record) =>
        recordType(record) === 1 ? readBatchHeader(record).count : 0,
      );
      assert.deepEqual(counts, [6, 2, 2, 2, 2, 0, 2, 2, 2]);
    });

    it("merges payloads of different lengths", () => {
      const splitter = codec.splitter();
      splitter.route(1, { stream: 1, schema: 0, size: 0 });
      const payload = (first: number, ...lengths: readonly number[]): Uint8Array =>
        batchRecord({ stream: 1, first, variable: true, samples: lengths.map((n) => new Uint8Array(n).fill(n)) });
      const [together, ...more] = runSplitter(splitter, [join(payload(0, 3), payload(1, 0, 5), payload(3, 8))]);
      const whole = batchRecord({
        stream: 1,
        first: 0,
        variable: true,
        samples: [3, 0, 5, 8].map((n) => new Uint8Array(n).fill(n)),
      });
      assert.equal(more.length, 0);
      assert.ok(together !== undefined);
      assert.deepEqual(together.subarray(72), whole.subarray(72));
      assert.deepEqual(together.subarray(0, 8), whole.subarray(0, 8));
    });

    it("takes at most 4096 routes", () => {
      const splitter = codec.splitter();
      const to = { stream: 1, schema: 1, size: 8 };
      for (let from = 4096; from > 0; from--) splitter.route(from, to);
      splitter.route(17, to);
      throwsCode("invalid_argument", () => {
        splitter.route(5000, to);
      });
      assert.equal(runSplitter(splitter, [batchRecord({ stream: 4096, first: 0, samples: doubles(1) })]).length, 1);
    });

    it("takes a record of 16 MiB in small pieces", () => {
      const splitter = codec.splitter();
      splitter.route(1, { stream: 1, schema: 0, size: 0 });
      const samples = Array.from({ length: 15 }, () => new Uint8Array(1_048_576));
      const record = batchRecord({ stream: 1, first: 0, variable: true, samples });
      const pieces = Array.from({ length: Math.ceil(record.length / 65_000) }, (_, i) =>
        record.subarray(i * 65_000, (i + 1) * 65_000),
      );
      const records = runSplitter(splitter, pieces);
      assert.equal(records.length, 1);
      assert.deepEqual(
        records.map(({ length }) => length),
        [record.length],
      );
    });
  });
}
