// SPDX-License-Identifier: MIT
// Records as the bridge and its clients read them: headers, times, sequences, payloads, gaps, messages of several records.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import {
  batchSequences,
  batchTimes,
  batchTimesMs,
  msFromNs,
  readBatchHeader,
  readGap,
  recordBytes,
  recordType,
  splitMessage,
  variablePayloads,
  writeGap,
} from "../../../bridge/layout/record.ts";
import { LOSS_REASONS } from "../../../bridge/model/values.ts";
import { outcome, throwsCode, vector, vectorJson } from "../../support/codecs.ts";
import { batchRecord, doubles, join } from "../../support/records.ts";

interface Entry {
  readonly file: string;
  readonly what: string;
  readonly type: number;
  readonly bytes: number;
}

const index = vectorJson("index.json") as Readonly<Record<"good" | "bad", readonly Entry[]>>;

describe("the prefix of a record", () => {
  for (const { file, type, bytes } of index.good) {
    it(`says the type and length of ${file}`, () => {
      assert.equal(recordType(vector(file)), type);
      assert.equal(recordBytes(vector(file)), bytes);
    });
  }

  it("is refused when it is cut", () => {
    throwsCode("bad_record", () => recordType(new Uint8Array(7)));
    throwsCode("bad_record", () => recordBytes(new Uint8Array(7)));
  });
});

describe("reading a batch or gap", () => {
  for (const { file, what, type } of index.bad) {
    it(`refuses ${file} (${what})`, () => {
      throwsCode("bad_record", () => (type === 2 ? readGap(vector(file)) : readBatchHeader(vector(file))));
    });
  }

  it("refuses a record of another type, and bytes beyond its end", () => {
    throwsCode("bad_record", () => readBatchHeader(vector("good/gap.bin")));
    throwsCode("bad_record", () => readGap(vector("good/batch.bin")));
    throwsCode("bad_record", () => readBatchHeader(join(vector("good/batch.bin"), new Uint8Array(8))));
    throwsCode("bad_record", () => readBatchHeader(vector("good/batch.bin").subarray(0, 80)));
  });

  it("gives the header of a batch", () => {
    assert.deepEqual(readBatchHeader(vector("good/batch-sequences.bin")), {
      stream: 3,
      schema: 2,
      epoch: 1_763_635_200_123_456_789n,
      first: 100,
      count: 3,
      size: 8,
      flags: 1,
    });
  });

  it("never throws anything but bad_record, whatever a byte is changed to", () => {
    for (const name of ["batch", "batch-sequences", "batch-json", "gap"]) {
      const good = vector(`good/${name}.bin`);
      fc.assert(
        fc.property(fc.nat({ max: good.length - 1 }), fc.integer({ min: 0, max: 255 }), (at, value) => {
          const bytes = good.slice();
          bytes[at] = value;
          for (const read of [
            readBatchHeader,
            batchTimes,
            batchTimesMs,
            batchSequences,
            variablePayloads,
            readGap,
            splitMessage,
          ]) {
            const end = outcome(() => read(bytes));
            if ("code" in end) assert.equal(end.code, "bad_record");
          }
        }),
      );
    }
  });
});

describe("the samples of a batch", () => {
  it("have their times, whatever the alignment of the record", () => {
    const record = batchRecord({ stream: 1, first: 0, time: -3n, samples: doubles(1, 2, 3) });
    for (let at = 0; at < 8; at++) {
      const memory = new Uint8Array(record.length + 8);
      memory.set(record, at);
      assert.deepEqual([...batchTimes(memory.subarray(at, at + record.length))], [-3n, 999_997n, 1_999_997n]);
    }
    const aligned = batchTimes(record);
    assert.equal(aligned.buffer, record.buffer);
  });

  it("have their times in milliseconds as near as a double comes", () => {
    const record = batchRecord({ stream: 1, first: 0, time: 1_763_635_212_345_678_901n, samples: doubles(1, 2) });
    assert.deepEqual([...batchTimesMs(record)], [1763635212345.679, 1763635212346.679]);
  });

  it("have sequences that are counted or listed", () => {
    assert.deepEqual([...batchSequences(vector("good/batch.bin"))], [100, 101, 102]);
    assert.deepEqual([...batchSequences(vector("good/batch-sequences.bin"))], [100, 103, 200]);
    assert.deepEqual([...batchSequences(vector("good/batch-last-sequence.bin"))], [Number.MAX_SAFE_INTEGER]);
  });

  it("have their payloads as views", () => {
    const record = vector("good/batch-bytes.bin");
    const payloads = variablePayloads(record);
    assert.deepEqual(payloads, [Uint8Array.of(0xff, 0xd8, 0, 0x7b), new Uint8Array(0)]);
    assert.ok(payloads.every(({ buffer }) => buffer === record.buffer));
    throwsCode("bad_record", () => variablePayloads(vector("good/batch.bin")));
  });
});

describe("nanoseconds as milliseconds", () => {
  it("are rounded once, before and after 1970", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (ns) => {
        const rest = ((ns % 1_000_000n) + 1_000_000n) % 1_000_000n;
        assert.equal(msFromNs(ns), Number((ns - rest) / 1_000_000n) + Number(rest) / 1e6);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a gap", () => {
  it("reads as it was written, for every reason", () => {
    for (const reason of LOSS_REASONS) {
      const loss = { epoch: 2n ** 64n - 1n, from: 5, to: Number.MAX_SAFE_INTEGER, count: 3, reason };
      assert.deepEqual(readGap(writeGap(9, loss)), { stream: 9, ...loss });
    }
  });

  it("has a reason that is not known as unknown", () => {
    assert.equal(readGap(vector("good/gap-unknown-reason.bin")).reason, "unknown");
  });

  it("is written as the golden one", () => {
    const loss = { epoch: 1_763_635_200_123_456_789n, from: 103, to: 112, count: 7, reason: "link_full" } as const;
    assert.deepEqual(writeGap(3, loss), vector("good/gap.bin"));
  });
});

describe("a message of several records", () => {
  const parts = ["batch", "gap", "batch-json"].map((name) => vector(`good/${name}.bin`));
  const message = join(...parts);

  it("is cut into them without a copy where it is aligned", () => {
    const records = splitMessage(message);
    assert.deepEqual(records, parts);
    assert.ok(records.every(({ buffer }) => buffer === message.buffer));
  });

  it("is copied once where it is not, so that every record is", () => {
    const memory = new Uint8Array(message.length + 8);
    memory.set(message, 3);
    const records = splitMessage(memory.subarray(3, 3 + message.length));
    assert.deepEqual(records, parts);
    assert.ok(records.every(({ byteOffset }) => byteOffset % 8 === 0));
  });

  it("gives plain Uint8Arrays of a Buffer too", () => {
    const [first] = splitMessage(Buffer.from(message));
    assert.equal(Object.getPrototypeOf(first), Uint8Array.prototype);
  });

  it("may be empty, but not cut", () => {
    assert.deepEqual(splitMessage(new Uint8Array(0)), []);
    for (const end of [message.length - 8, message.length - 1, 4]) {
      throwsCode("bad_record", () => splitMessage(message.subarray(0, end)));
    }
  });
});
