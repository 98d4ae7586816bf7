// SPDX-License-Identifier: MIT
// The splitter of both codecs: the same records whatever the chunks are, and nothing past a bad one.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Codec, Splitter } from "../../../bridge/layout/codec.ts";
import { batchTimes, readBatchHeader, readGap, recordType } from "../../../bridge/layout/record.ts";
import { batchRecord, doubles, gapRecord, join } from "../../support/records.ts";
import { CODECS, throwsCode, vector, vectorJson } from "../../support/codecs.ts";

interface Entry {
  readonly file: string;
  readonly what: string;
  readonly type: number;
}

interface Stream {
  readonly file: string;
  readonly records: number;
  readonly batches: number;
  readonly samples: number;
  readonly types: readonly number[];
}

const index = vectorJson("index.json") as Readonly<Record<"good" | "bad" | "foreign", readonly Entry[]>> & {
  readonly streams: readonly Stream[];
};

/** Pushes all chunks; an ADVERTISE routes its stream to ten times its id, a WITHDRAW ends that. */
function run(splitter: Splitter, chunks: readonly Uint8Array[]): Uint8Array[] {
  const records: Uint8Array[] = [];
  for (const chunk of chunks) {
    for (const record of splitter.push(chunk)) {
      const view = new DataView(record.buffer, record.byteOffset);
      const stream = view.getUint32(8, true);
      if (recordType(record) === 18)
        splitter.route(stream, { stream: stream * 10, schema: 9, size: view.getUint32(16, true) });
      if (recordType(record) === 19) splitter.unroute(stream);
      records.push(record);
    }
  }
  return records;
}

/** Records with consecutive batches taken together, so that chunking makes no difference. */
function merged(codec: Codec, records: readonly Uint8Array[]): string[] {
  const list: Uint8Array[] = [];
  for (const record of records) {
    const last = list[list.length - 1];
    if (last !== undefined && follows(last, record)) list[list.length - 1] = codec.merge([last, record]);
    else list.push(record);
  }
  return list.map((record) => Buffer.from(record).toString("hex"));
}

function follows(a: Uint8Array, b: Uint8Array): boolean {
  if (recordType(a) !== 1 || recordType(b) !== 1) return false;
  const [x, y] = [readBatchHeader(a), readBatchHeader(b)];
  return x.stream === y.stream && y.first === x.first + x.count;
}

function cut(bytes: Uint8Array, ...at: readonly number[]): Uint8Array[] {
  return [0, ...at].map((from, i) => bytes.subarray(from, at[i] ?? bytes.length));
}

/** A splitter for vectors of streams 1, 3 and 4, which are structs of the size that the record itself says. */
function routed(codec: Codec, record: Uint8Array): Splitter {
  const splitter = codec.splitter();
  const size = record.length < 40 ? 8 : new DataView(record.buffer, record.byteOffset).getUint32(36, true);
  for (const from of [1, 3]) splitter.route(from, { stream: from, schema: 2, size });
  return splitter;
}

for (const codec of CODECS) {
  describe(`the splitter of the ${codec.name} codec`, () => {
    for (const stream of index.streams) {
      const bytes = vector(stream.file);

      it(`cuts ${stream.file} into its records, whole`, () => {
        const splitter = codec.splitter();
        const records = run(splitter, [bytes]);
        assert.deepEqual(records.map(recordType), stream.types);
        const { records: count, batches, samples } = stream;
        assert.deepEqual(splitter.counts, { chunks: 1, records: count, batches, samples });
        assert.ok(records.every((record) => record.byteOffset % 8 === 0));
      });

      it(`cuts ${stream.file} the same byte by byte`, () => {
        const whole = merged(codec, run(codec.splitter(), [bytes]));
        const single = cut(bytes, ...Array.from({ length: bytes.length - 1 }, (_, i) => i + 1));
        const splitter = codec.splitter();
        assert.deepEqual(merged(codec, run(splitter, single)), whole);
        assert.equal(splitter.counts.chunks, bytes.length);
        assert.equal(splitter.counts.samples, stream.samples);
      });

      it(`cuts ${stream.file} the same at every split`, () => {
        const whole = merged(codec, run(codec.splitter(), [bytes]));
        for (let at = 1; at < bytes.length; at++) {
          assert.deepEqual(merged(codec, run(codec.splitter(), cut(bytes, at))), whole, `split at ${String(at)}`);
        }
      });
    }

    for (const { file, what } of index.good) {
      it(`gives out ${file} as it is (${what})`, () => {
        const record = vector(file);
        const splitter = routed(codec, record);
        const [only, ...more] = run(splitter, [record]);
        assert.equal(more.length, 0);
        assert.ok(only !== undefined);
        if (recordType(record) !== 1) assert.deepEqual(only, record);
        else assert.deepEqual(only.subarray(16), record.subarray(16));
      });
    }

    for (const { file, what } of [...index.bad, ...index.foreign]) {
      it(`refuses ${file} (${what}) behind a good record, for ever, at every split`, () => {
        const bad = vector(file);
        const good = vector("good/pong.bin");
        const bytes = join(good, bad);
        for (let at = 1; at <= bytes.length; at++) {
          const splitter = routed(codec, bad);
          const records: Uint8Array[] = [];
          throwsCode("bad_record", () => {
            for (const chunk of cut(bytes, at)) for (const record of splitter.push(chunk)) records.push(record);
            // A record that is cut off is not bad yet: more bytes show it.
            for (const record of splitter.push(new Uint8Array(64))) records.push(record);
          });
          assert.deepEqual(records, [good]);
          throwsCode("bad_record", () => [...splitter.push(good)]);
        }
      });
    }

    it("writes the bridge's ids and adds the offset to every time", () => {
      const splitter = codec.splitter();
      splitter.route(3, { stream: 70, schema: 80, size: 8 });
      splitter.offset(-1_000n);
      const sent = batchRecord({ stream: 3, first: 5, time: 500n, samples: doubles(1, 2) });
      const [batch, gap] = run(splitter, [join(sent, gapRecord(3, 7n, 7, 8, 1))]);
      assert.ok(batch !== undefined && gap !== undefined);
      assert.deepEqual(readBatchHeader(batch), { ...readBatchHeader(sent), stream: 70, schema: 80 });
      assert.deepEqual([...batchTimes(batch)], [-500n, 999_500n]);
      assert.equal(readGap(gap).stream, 70);
    });

    it("lets a time beyond 64 bits wrap", () => {
      const splitter = codec.splitter();
      splitter.route(1, { stream: 1, schema: 1, size: 8 });
      splitter.offset(1n);
      const [batch] = run(splitter, [batchRecord({ stream: 1, first: 0, time: 2n ** 63n - 1n, samples: doubles(1) })]);
      assert.ok(batch !== undefined);
      assert.deepEqual([...batchTimes(batch)], [-(2n ** 63n)]);
    });

    it("refuses batches and gaps of streams that are not routed, or no more", () => {
      const batch = batchRecord({ stream: 3, first: 0, samples: doubles(1) });
      throwsCode("bad_record", () => run(codec.splitter(), [batch]));
      throwsCode("bad_record", () => run(codec.splitter(), [gapRecord(3, 7n, 0, 1, 1)]));
      const splitter = codec.splitter();
      splitter.route(3, { stream: 1, schema: 1, size: 8 });
      assert.equal(run(splitter, [batch]).length, 1);
      splitter.unroute(3);
      splitter.unroute(3);
      throwsCode("bad_record", () => run(splitter, [batch]));
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
        throwsCode("bad_record", () => run(splitter, [record]));
      }
    });

    it("refuses a record over its limit as soon as its length is known", () => {
      const splitter = codec.splitter();
      splitter.limit(64);
      const large = vector("good/batch.bin");
      assert.ok(large.length > 64);
      throwsCode("bad_record", () => run(splitter, [large.subarray(0, 8)]));
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
      assert.deepEqual(run(splitter, [vector("good/end.bin")]).map(recordType), [27, 25, 29]);
    });

    it("does not keep the memory of a chunk", () => {
      const splitter = codec.splitter();
      const chunk = vector("good/pong.bin");
      const records = run(splitter, [chunk]);
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
      const counts = run(splitter, [bytes]).map((record) =>
        recordType(record) === 1 ? readBatchHeader(record).count : 0,
      );
      assert.deepEqual(counts, [6, 2, 2, 2, 2, 0, 2, 2, 2]);
    });

    it("merges payloads of different lengths", () => {
      const splitter = codec.splitter();
      splitter.route(1, { stream: 1, schema: 0, size: 0 });
      const payload = (first: number, ...lengths: readonly number[]): Uint8Array =>
        batchRecord({ stream: 1, first, variable: true, samples: lengths.map((n) => new Uint8Array(n).fill(n)) });
      const [together, ...more] = run(splitter, [join(payload(0, 3), payload(1, 0, 5), payload(3, 8))]);
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
      assert.equal(run(splitter, [batchRecord({ stream: 4096, first: 0, samples: doubles(1) })]).length, 1);
    });

    it("takes a record of 16 MiB in small pieces", () => {
      const splitter = codec.splitter();
      splitter.route(1, { stream: 1, schema: 0, size: 0 });
      const samples = Array.from({ length: 15 }, () => new Uint8Array(1_048_576));
      const record = batchRecord({ stream: 1, first: 0, variable: true, samples });
      const pieces = Array.from({ length: Math.ceil(record.length / 65_000) }, (_, i) =>
        record.subarray(i * 65_000, (i + 1) * 65_000),
      );
      const records = run(splitter, pieces);
      assert.equal(records.length, 1);
      assert.deepEqual(
        records.map(({ length }) => length),
        [record.length],
      );
    });
  });
}
