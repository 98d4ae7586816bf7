// SPDX-License-Identifier: MIT
// Thinning of both codecs: what is promised to be kept is kept, nothing else, whole and in order, however the stream is cut.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import type { Codec } from "../../../bridge/layout/codec.ts";
import type { Thinning } from "../../../bridge/layout/select/thin.ts";
import { CODECS, layoutOf, throwsCode, vector } from "../../support/codecs.ts";
import { batchRecord, doubles, utf8 } from "../../support/records.ts";
import { batchOf, pieces, samplesOf, type Sample } from "../../support/samples.ts";

const MS = 1_000_000;

/** Every kind of number, two of them as elements of an array of structs. */
const LAYOUTS = (["le", "be"] as const).map((endian) =>
  layoutOf(
    48,
    [
      { n: "wide", t: "i64", o: 0 },
      { n: "x", t: "f64", o: 8 },
      { n: "pair", t: "f32", o: 16, d: [2] },
      { n: "bits", t: "i16", o: 24, b: [2, 3, 5] },
      { n: "flag", t: "bool", o: 26 },
      { n: "name", t: "c8", o: 27, d: [5] },
      { n: "n", t: "u64", o: 32 },
      { n: "small", t: "u8", o: 40 },
      { n: "low", t: "i32", o: 44 },
    ],
    { endian },
  ),
);

const times = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.integer({ min: 0, max: 3 * MS }), { minLength: 1, maxLength: 40 }) },
  { weight: 1, arbitrary: fc.array(fc.integer({ min: -9 * MS, max: 9 * MS }), { minLength: 1, maxLength: 40 }) },
);
/** Bytes whose doubles are often small, equal, infinite or not a number. */
const struct = fc
  .record({
    byte: fc.constantFrom(0, 0, 1, 255),
    x: fc.oneof(fc.constantFrom(NaN, -0, 0, 1, Infinity, -Infinity), fc.double()),
    wide: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  })
  .map(({ byte, x, wide }) => ({ byte, x, wide }));

/** A stream that runs at any pace, in any pieces, with jumps of its sequences. */
const stream = fc
  .record({
    layout: fc.constantFrom(...LAYOUTS),
    steps: times,
    start: fc.constantFrom(-5 * MS, 0, 1_700_000_000_000_000_000),
    jumps: fc.array(fc.constantFrom(1, 1, 1, 2, 1000), { minLength: 40, maxLength: 40 }),
    structs: fc.array(struct, { minLength: 40, maxLength: 40 }),
    cuts: fc.array(fc.nat({ max: 40 }), { maxLength: 5 }),
  })
  .map(({ layout, steps, start, jumps, structs, cuts }) => {
    let [time, sequence] = [BigInt(start), 0];
    const samples = steps.map((step, i): Sample => {
      time += BigInt(step);
      sequence += jumps[i] ?? 1;
      const { byte = 0, x = 0, wide = 0n } = structs[i] ?? {};
      const bytes = new Uint8Array(layout.size).fill(byte);
      const view = new DataView(bytes.buffer);
      const little = layout.endian === "le";
      view.setBigInt64(0, wide, little);
      view.setFloat64(8, x, little);
      view.setFloat32(20, x, little);
      view.setBigInt64(32, wide, little);
      view.setUint16(24, Number(wide & 0xffffn), little);
      return { sequence, time, bytes };
    });
    return { layout, samples, cuts };
  });

function run(codec: Codec, thinning: Thinning, batches: readonly Uint8Array[]): Uint8Array[] {
  const thinner = codec.thinner(thinning);
  return [...batches.flatMap((batch) => [...thinner.push(batch)]), ...thinner.flush()];
}

/** What a plot needs, looked for in the plainest way: the sequences that are to be kept. */
function wanted(
  codec: Codec,
  { layout, samples }: { layout: (typeof LAYOUTS)[number]; samples: Sample[] },
  columnNs: bigint,
  paths: readonly string[],
): number[] {
  const keep = new Set<number>();
  const columnOf = ({ time }: Sample): bigint => (time >= 0n ? time / columnNs : -((-time + columnNs - 1n) / columnNs));
  for (let from = 0, to = 0; from < samples.length; from = to) {
    const column = samples.slice(from).findIndex((each) => columnOf(each) !== columnOf(samples[from] ?? each));
    to = column < 0 ? samples.length : from + column;
    const inside = samples.slice(from, to);
    keep.add(inside[0]?.sequence ?? -1).add(inside[inside.length - 1]?.sequence ?? -1);
    const columns = codec.columns(layout, batchOf(inside), paths);
    for (const values of Object.values(columns)) {
      if (!ArrayBuffer.isView(values)) continue;
      const width = values.length / inside.length;
      for (let element = 0; element < width; element++) {
        const own = inside.map((_, i) => values[i * width + element] ?? NaN);
        const numbers = own.filter((value) => !Number.isNaN(value));
        for (const sign of [1, -1]) {
          const best = numbers.reduce<number | bigint | undefined>(
            (a, b) => (a === undefined || (sign > 0 ? b < a : b > a) ? b : a),
            undefined,
          );
          const at = own.findIndex((value) => value === best);
          if (best !== undefined) keep.add(inside[at]?.sequence ?? -1);
        }
      }
    }
  }
  return [...keep].sort((a, b) => a - b);
}

for (const codec of CODECS) {
  describe(`thinning by the ${codec.name} codec`, () => {
    const rate = (periodNs: number): Thinning => ({ kind: "rate", periodNs });
    const plain = layoutOf(8, [{ n: "x", t: "f64", o: 0 }]);
    const extremes = (columnNs: number, paths = ["x"]): Thinning => ({
      kind: "extremes",
      layout: plain,
      paths,
      columnNs,
    });
    const batch = (first: number, ...values: number[]): Uint8Array =>
      batchRecord({ stream: 1, schema: 2, first, time: BigInt(first * MS), samples: doubles(...values) });

    it("keeps at most one sample in each period, and those whole", () => {
      const thinner = codec.thinner(rate(3 * MS));
      assert.deepEqual(samplesOf(...thinner.push(batch(0, 5, 6, 7, 8))), [
        samplesOf(batch(0, 5))[0],
        samplesOf(batch(3, 8))[0],
      ]);
      assert.deepEqual(thinner.push(batch(4, 9, 10)), []);
      assert.deepEqual(thinner.push(batch(6, 11)), [batch(6, 11)]);
      assert.deepEqual(thinner.flush(), []);
    });

    it("gives a batch back as it is when all of it is kept", () => {
      const whole = batch(0, 1, 2, 3);
      assert.equal(codec.thinner(rate(MS)).push(whole)[0], whole);
    });

    it("thins JSON and bytes by rate too", () => {
      const whole = batchRecord({ stream: 1, first: 4, variable: true, samples: ["{}", "[1,2]", "", "345"].map(utf8) });
      const kept = codec.thinner(rate(2 * MS)).push(whole);
      assert.deepEqual(
        samplesOf(...kept).map(({ bytes }) => Buffer.from(bytes).toString()),
        ["{}", ""],
      );
    });

    it("goes on at once when the clock jumps back by more than a period", () => {
      const thinner = codec.thinner(rate(3 * MS));
      thinner.push(batch(100, 1));
      const back = batchRecord({ stream: 1, schema: 2, first: 101, time: -7n, samples: doubles(1, 2, 3, 4) });
      assert.deepEqual(
        samplesOf(...thinner.push(back)).map(({ sequence }) => sequence),
        [101, 104],
      );
    });

    it("keeps least, greatest, first and last of a column, and gives it with the next one", () => {
      const thinner = codec.thinner(extremes(10 * MS));
      assert.deepEqual(thinner.push(batch(0, 5, 5, 9, 5)), []);
      assert.deepEqual(thinner.push(batch(4, 5, -1, 9, 5)), []);
      const [column, ...more] = thinner.push(batch(8, 5, 5, 5, 5));
      assert.ok(column !== undefined && more.length === 0);
      assert.deepEqual(
        samplesOf(column).map(({ sequence }) => sequence),
        [0, 2, 5, 9],
      );
      assert.deepEqual(
        samplesOf(...thinner.flush()).map(({ sequence }) => sequence),
        [10, 11],
      );
      assert.deepEqual(thinner.flush(), []);
    });

    it("never takes NaN for an extreme, and keeps the ends of a column that has nothing else", () => {
      const thinner = codec.thinner(extremes(5 * MS));
      thinner.push(batch(0, NaN, 3, NaN, 2, NaN));
      const kept = [...thinner.push(batch(5, NaN, NaN, NaN)), ...thinner.flush()];
      assert.deepEqual(
        samplesOf(...kept).map(({ sequence }) => sequence),
        [0, 1, 3, 4, 5, 7],
      );
    });

    it("wants what is held to be fetched before another epoch, stream or layout begins", () => {
      const thinner = codec.thinner(extremes(10 * MS));
      thinner.push(batch(3, 1, 2));
      for (const other of [{ epoch: 9n }, { stream: 3 }, { schema: 5 }]) {
        const stranger = batchRecord({ stream: 1, schema: 2, first: 9, samples: doubles(1), ...other });
        throwsCode("invalid_argument", () => thinner.push(stranger));
      }
      throwsCode("invalid_argument", () => thinner.push(batch(4, 1)));
      assert.deepEqual(thinner.flush(), [batch(3, 1, 2)]);
      const next = batchRecord({ stream: 1, schema: 2, epoch: 9n, first: 0, samples: doubles(1) });
      assert.deepEqual([...thinner.push(next), ...thinner.flush()], [next]);
    });

    it("refuses what is no thinning, and what is no batch of its structs", () => {
      for (const ns of [0, -1, NaN, 0.5, Infinity, 2 ** 60]) {
        throwsCode("invalid_argument", () => codec.thinner(rate(ns)));
        throwsCode("invalid_argument", () => codec.thinner(extremes(ns)));
      }
      throwsCode("unknown_field", () => codec.thinner(extremes(MS, ["y"])));
      throwsCode("bad_record", () => codec.thinner(extremes(MS)).push(vector("good/pong.bin")));
      throwsCode("bad_record", () => codec.thinner(rate(MS)).push(vector("good/gap.bin")));
      throwsCode("bad_record", () =>
        codec.thinner(extremes(MS)).push(batchRecord({ stream: 1, first: 0, samples: [new Uint8Array(4)] })),
      );
      const large = layoutOf(1_048_576, [{ n: "list", t: "f64", o: 0, d: [1024] }]);
      throwsCode("message_too_large", () =>
        codec.thinner({ kind: "extremes", layout: large, paths: ["list"], columnNs: MS }),
      );
    });

    it("makes two batches of what would be too large for one", () => {
      const samples = Array.from({ length: 4088 }, () => new Uint8Array(4096));
      const kept = codec.thinner(rate(MS)).push(batchRecord({ stream: 1, first: 0, samples }));
      assert.deepEqual(
        kept.map((each) => samplesOf(each).length),
        [4088],
      );
      const early = batchRecord({ stream: 1, first: 0, samples });
      // The second one comes too early: without it the sequences are to be listed, and then not all fit.
      new DataView(early.buffer).setBigInt64(48, 1n, true);
      const rest = codec.thinner(rate(MS)).push(early);
      assert.deepEqual(
        rest.map((each) => samplesOf(each).length),
        [4080, 7],
      );
      assert.equal(samplesOf(...rest)[4086]?.sequence, 4087);
    });

    it("keeps by rate exactly what is a period away from the one kept last", () => {
      fc.assert(
        fc.property(stream, fc.integer({ min: 1, max: 5 * MS }), ({ samples, cuts }, periodNs) => {
          const kept = run(
            codec,
            rate(periodNs),
            pieces(samples, cuts).map((piece) => batchOf(piece)),
          );
          let last: bigint | undefined;
          const expected = samples.filter(({ time }) => {
            const far = last === undefined || time - last >= BigInt(periodNs) || last - time >= BigInt(periodNs);
            if (far) last = time;
            return far;
          });
          assert.deepEqual(samplesOf(...kept), expected);
        }),
        { numRuns: 200 },
      );
    });

    it("keeps every extreme, the ends of each column and nothing else, however the stream is cut", () => {
      fc.assert(
        fc.property(
          stream,
          fc.integer({ min: 1, max: 9 * MS }),
          fc.subarray(LAYOUTS[0]?.leaves.map(({ path }) => path) ?? []),
          ({ layout, samples, cuts }, columnNs, paths) => {
            const batches = pieces(samples, cuts).map((piece) => batchOf(piece));
            const kept = run(codec, { kind: "extremes", layout, paths, columnNs }, batches);
            const keep = new Set(wanted(codec, { layout, samples }, BigInt(columnNs), paths));
            assert.deepEqual(
              samplesOf(...kept),
              samples.filter(({ sequence }) => keep.has(sequence)),
            );
          },
        ),
        { numRuns: 200 },
      );
    });
  });
}

describe("the thinners of both codecs", () => {
  it("give the same bytes, batch for batch", () => {
    fc.assert(
      fc.property(
        stream,
        fc.integer({ min: 1, max: 9 * MS }),
        fc.boolean(),
        ({ layout, samples, cuts }, ns, byRate) => {
          const paths = layout.leaves.map(({ path }) => path);
          const thinning: Thinning = byRate
            ? { kind: "rate", periodNs: ns }
            : { kind: "extremes", layout, paths, columnNs: ns };
          const [ours, twins] = CODECS.map((codec) => codec.thinner(thinning));
          for (const piece of pieces(samples, cuts))
            assert.deepEqual(ours?.push(batchOf(piece)), twins?.push(batchOf(piece)));
          assert.deepEqual(ours?.flush(), twins?.flush());
        },
      ),
      { numRuns: 200 },
    );
  });
});
