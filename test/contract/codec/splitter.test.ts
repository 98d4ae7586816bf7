// SPDX-License-Identifier: MIT
// The splitter of both codecs: the same records whatever the chunks are, and nothing past a bad one.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Codec, Splitter } from "../../../bridge/layout/codec.ts";
import { readBatchHeader, recordType } from "../../../bridge/layout/record.ts";
import { join } from "../../support/records.ts";
import { runSplitter } from "../../support/splitting.ts";
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
        const records = runSplitter(splitter, [bytes]);
        assert.deepEqual(records.map(recordType), stream.types);
        const { records: count, batches, samples } = stream;
        assert.deepEqual(splitter.counts, { chunks: 1, records: count, batches, samples });
        assert.ok(records.every((record) => record.byteOffset % 8 === 0));
      });

      it(`cuts ${stream.file} the same byte by byte`, () => {
        const whole = merged(codec, runSplitter(codec.splitter(), [bytes]));
        const single = cut(bytes, ...Array.from({ length: bytes.length - 1 }, (_, i) => i + 1));
        const splitter = codec.splitter();
        assert.deepEqual(merged(codec, runSplitter(splitter, single)), whole);
        assert.equal(splitter.counts.chunks, bytes.length);
        assert.equal(splitter.counts.samples, stream.samples);
      });

      it(`cuts ${stream.file} the same into memory that is lent, at every split`, () => {
        const whole = merged(codec, runSplitter(codec.splitter(), [bytes]));
        for (let at = 1; at < bytes.length; at += 7) {
          const lent = (size: number): ArrayBuffer => new Uint8Array(size).fill(0xff).buffer;
          assert.deepEqual(merged(codec, runSplitter(codec.splitter(), cut(bytes, at), lent)), whole);
          const small = new ArrayBuffer(8);
          const records = runSplitter(codec.splitter(), cut(bytes, at), () => small);
          assert.ok(records.every(({ buffer, length }) => length <= 8 || buffer !== small));
          assert.deepEqual(merged(codec, records), whole);
        }
      });

      it(`cuts ${stream.file} the same where records may stay in the memory they were read into, at every split`, () => {
        const whole = merged(codec, runSplitter(codec.splitter(), [bytes]));
        for (let at = 1; at < bytes.length; at += 3) {
          for (const maxLeft of [8, 100, 65_536]) {
            const splitter = codec.splitter();
            const records = runSplitter(splitter, cut(bytes, at), () => undefined, maxLeft);
            assert.deepEqual(merged(codec, records), whole);
            assert.equal(splitter.leftBytes, 0);
          }
        }
      });

      it(`cuts ${stream.file} the same at every split`, () => {
        const whole = merged(codec, runSplitter(codec.splitter(), [bytes]));
        for (let at = 1; at < bytes.length; at++) {
          assert.deepEqual(
            merged(codec, runSplitter(codec.splitter(), cut(bytes, at))),
            whole,
            `split at ${String(at)}`,
          );
        }
      });
    }

    for (const { file, what } of index.good) {
      it(`gives out ${file} as it is (${what})`, () => {
        const record = vector(file);
        const splitter = routed(codec, record);
        const [only, ...more] = runSplitter(splitter, [record]);
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
  });
}
