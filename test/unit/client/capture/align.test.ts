// SPDX-License-Identifier: MIT
// Channels of different rates on the same times.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { align, type AlignInput } from "../../../../bridge/client/capture/align.ts";

/** Samples of one field `v` at these times. */
function input(name: string, times: readonly number[], values: readonly number[]): AlignInput {
  const columns = { v: Float64Array.from(values), text: times.map(String), wide: new Float64Array(times.length * 2) };
  const taken = {
    count: times.length,
    epoch: 1n,
    columns,
    times: Float64Array.from(times),
    timesNs: BigInt64Array.from(times, (ms) => BigInt(ms) * 1_000_000n),
    sequences: Float64Array.from(times, (_, i) => i),
    lost: [],
    values: () => [],
  };
  return { name, taken };
}

describe("aligning", () => {
  const fast = input("fast", [0, 10, 20, 30, 40], [0, 1, 2, 3, 4]);
  const slow = input("slow", [5, 25, 45], [50, 250, 450]);

  it("puts the others on the times of the first, on straight lines", () => {
    const { times, columns } = align([fast, slow]);
    assert.deepEqual([...times], [0, 10, 20, 30, 40]);
    assert.deepEqual([...columns["fast.v"]!], [0, 1, 2, 3, 4]);
    assert.deepEqual([...columns["slow.v"]!], [Number.NaN, 100, 200, 300, 400]);
  });

  it("keeps what was, where it holds until the next sample", () => {
    const { columns } = align([fast, slow], { method: "previous" });
    assert.deepEqual([...columns["slow.v"]!], [Number.NaN, 50, 50, 250, 250]);
  });

  it("makes times of its own between the latest beginning and the earliest end", () => {
    const { times, columns, count } = align([fast, slow], { onto: { hz: 100 } });
    assert.deepEqual([...times], [5, 15, 25, 35]);
    assert.equal(count, 4);
    assert.deepEqual([...columns["fast.v"]!], [0.5, 1.5, 2.5, 3.5]);
  });

  it("draws no line over a hole that is too wide", () => {
    assert.deepEqual([...align([fast, slow], { maxGapMs: 15 }).columns["slow.v"]!], Array(5).fill(Number.NaN));
  });

  it("leaves out texts and lists", () => {
    assert.deepEqual(Object.keys(align([fast, slow]).columns), ["fast.v", "slow.v"]);
  });

  it("refuses channels without a time in common, and an input that is not there", () => {
    const late = input("late", [100, 110], [1, 2]);
    assert.throws(() => align([fast, late], { onto: { hz: 10 } }), {
      code: "invalid_argument",
      message: /no time in common/,
    });
    assert.throws(() => align([fast], { onto: 3 }), { code: "invalid_argument" });
    assert.throws(() => align([fast], { onto: { hz: 0 } }), { code: "invalid_argument" });
  });

  it("gives at a sample's own time that sample, however dense the times are", () => {
    const rising = fc
      .uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 50 })
      .map((times) => times.sort((a, b) => a - b));
    fc.assert(
      fc.property(rising, rising, fc.constantFrom("linear" as const, "previous" as const), (times, others, method) => {
        const values = times.map((time) => time * 3);
        const onto = Float64Array.from([...times, ...others].sort((a, b) => a - b));
        const column = align([input("a", times, values)], { onto, method }).columns["a.v"]!;
        for (const [i, time] of onto.entries()) {
          const inside = time >= times[0]! && (time <= times.at(-1)! || method === "previous");
          const before = times.filter((each) => each <= time).at(-1);
          const expected = !inside ? Number.NaN : method === "linear" ? time * 3 : before! * 3;
          assert.ok(
            Object.is(column[i], expected) || Math.abs(column[i]! - expected) < 1e-9,
            `${String(time)}: ${String(column[i])}, not ${String(expected)}`,
          );
        }
      }),
    );
  });
});
