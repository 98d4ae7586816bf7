// SPDX-License-Identifier: MIT
// Whatever bytes come in whatever chunks: both splitters give out the same records and fail at the same place.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import type { Codec } from "../../../bridge/layout/codec.ts";
import { recordType } from "../../../bridge/layout/record.ts";
import { CODECS } from "../../support/codecs.ts";
import { batchRecord, doubles, gapRecord, join } from "../../support/records.ts";
import { record } from "../../vectors/generator/bytes.ts";

const [addon, javascript] = CODECS;
assert.ok(addon !== undefined && javascript !== undefined);

const batch = fc
  .record({
    stream: fc.integer({ min: 1, max: 3 }),
    first: fc.integer({ min: 0, max: 6 }),
    count: fc.integer({ min: 1, max: 3 }),
    jump: fc.boolean(),
  })
  .map(({ stream, first, count, jump }) => {
    const variable = stream === 3;
    const samples = variable
      ? Array.from({ length: count }, (_, i) => new Uint8Array(i * 5))
      : doubles(...Array.from({ length: count }, (_, i) => i));
    const sequences = jump ? { sequences: samples.map((_, i) => first + i * 2) } : {};
    return batchRecord({ stream, first, samples, variable, ...sequences });
  });

const anyRecord = fc.oneof(
  { weight: 5, arbitrary: batch },
  fc.integer({ min: 1, max: 4 }).map((stream) => gapRecord(stream, 7n, 1, 2, 0)),
  fc
    .record({ type: fc.integer({ min: 16, max: 34 }), stream: fc.integer({ min: 1, max: 3 }) })
    .map(({ type, stream }) =>
      record(type, [
        ["u32", stream],
        ["u32", 1],
      ]),
    ),
);

/** A stream that is mostly good: now and then a byte is another. */
const stream = fc
  .record({
    records: fc.array(anyRecord, { minLength: 1, maxLength: 12 }),
    changes: fc.oneof(
      fc.constant([]),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 2 }),
    ),
    cuts: fc.array(fc.nat(), { maxLength: 8 }),
  })
  .map(({ records, changes, cuts }) => {
    const bytes = join(...records);
    for (const [at, value] of changes) bytes[at % bytes.length] = value;
    return { bytes, cuts: cuts.map((at) => at % bytes.length).sort((a, b) => a - b) };
  });

/** What comes out of the chunks, and the code with which it ended. WITHDRAW takes the route, ADVERTISE gives it back. */
function run(codec: Codec, bytes: Uint8Array, cuts: readonly number[]): readonly unknown[] {
  const splitter = codec.splitter();
  const route = (from: number): void => {
    splitter.route(from, { stream: from + 10, schema: 5, size: from === 3 ? 0 : 8 });
  };
  for (const from of [1, 2, 3]) route(from);
  splitter.offset(17n);
  const out: unknown[] = [];
  try {
    [0, ...cuts].forEach((from, i) => {
      for (const each of splitter.push(bytes.subarray(from, cuts[i] ?? bytes.length))) {
        out.push(Buffer.from(each).toString("hex"));
        if (recordType(each) === 19) splitter.unroute(each[8] ?? 0);
        if (recordType(each) === 18 && each[8] === 1) route(1);
      }
    });
  } catch (thrown) {
    out.push(thrown instanceof Error && "code" in thrown ? thrown.code : thrown);
  }
  return [...out, splitter.counts];
}

describe("the splitters of both codecs", () => {
  it("give out the same of mostly good streams, chunk by chunk", () => {
    fc.assert(
      fc.property(stream, ({ bytes, cuts }) => {
        assert.deepEqual(run(addon, bytes, cuts), run(javascript, bytes, cuts));
      }),
      { numRuns: 1000 },
    );
  });

  it("give out the same of any bytes, and never fail otherwise than by bad_record", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.array(fc.nat({ max: 199 }), { maxLength: 5 }),
        (bytes, cuts) => {
          const sorted = cuts.filter((at) => at < bytes.length).sort((a, b) => a - b);
          const out = run(addon, bytes, sorted);
          assert.deepEqual(out, run(javascript, bytes, sorted));
          for (const each of out.slice(0, -1)) assert.equal(typeof each, "string");
        },
      ),
      { numRuns: 1000 },
    );
  });
});
