// SPDX-License-Identifier: MIT
// The gate of the benchmarks: when a ratio counts as broken, and what their command line takes.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { judge, quartiles } from "../../../bench/support/gate.ts";
import { readFlags } from "../../../bench/support/flags.ts";
import { folded, interleave, ratios } from "../../../bench/support/rounds.ts";

describe("a gate of the benchmarks", () => {
  const nine = quartiles([1, 2, 3, 4, 5, 6, 7, 8, 9]);

  it("holds when the worse quartile holds, whichever side it is on", () => {
    assert.deepEqual(nine, { ratio: 5, q1: 3, q3: 7 });
    assert.equal(judge(nine, { is: "at least", bound: 3 }), "holds");
    assert.equal(judge(nine, { is: "at most", bound: 7 }), "holds");
  });

  it("is not shown when only the median holds, and missed when that does not", () => {
    assert.equal(judge(nine, { is: "at least", bound: 4 }), "not shown");
    assert.equal(judge(nine, { is: "at most", bound: 6 }), "not shown");
    assert.equal(judge(nine, { is: "at least", bound: 5.5 }), "missed");
    assert.equal(judge(nine, { is: "at most", bound: 4.5 }), "missed");
  });

  it("does not hold when nothing was measured", () => {
    assert.equal(judge(quartiles([]), { is: "at most", bound: 1 }), "missed");
  });
});

describe("rounds", () => {
  it("measure everybody once a round, and let another begin each time", async () => {
    const order: string[] = [];
    const contender = (name: string, value: number): { name: string; measure: (round: number) => number } => ({
      name,
      measure: (round) => {
        order.push(`${name}${String(round)}`);
        return value;
      },
    });
    const say = (): void => undefined;
    const measured = await interleave({ rounds: 2, say, tiny: true }, "x", [contender("a", 6), contender("b", 2)]);
    assert.deepEqual(order, ["a0", "b0", "b1", "a1"]);
    assert.deepEqual(
      ratios(measured, "a", "b", (value) => value),
      [3, 3],
    );
    assert.deepEqual(
      ratios(measured, "a", "c", (value) => value),
      [],
    );
  });
});

describe("slices of rounds", () => {
  it("become rounds again, in their order", () => {
    const sum = (slices: readonly number[]): number => slices.reduce((all, slice) => all + slice, 0);
    const measured = new Map([
      ["a", [1, 2, 3, 4]],
      ["b", [10, 20, 30, 40]],
    ]);
    assert.deepEqual(
      [...folded(measured, 2, sum)],
      [
        ["a", [3, 7]],
        ["b", [30, 70]],
      ],
    );
  });
});

describe("the command line of the benchmarks", () => {
  it("runs all of them in nine rounds unless told otherwise", () => {
    assert.deepEqual(readFlags([], ["a", "b"]), {
      names: ["a", "b"],
      json: false,
      tiny: false,
      write: false,
      rounds: 9,
    });
    assert.deepEqual(readFlags(["b", "--rounds", "11"], ["a", "b"]).names, ["b"]);
  });

  it("refuses what it does not know", () => {
    assert.throws(() => readFlags(["c"], ["a", "b"]), /no such benchmark: c; there are a, b/);
    assert.throws(() => readFlags(["--rounds", "0"], ["a"]), RangeError);
    assert.throws(() => readFlags(["--colour"], ["a"]), TypeError);
  });
});
