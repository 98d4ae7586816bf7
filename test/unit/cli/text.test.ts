// SPDX-License-Identifier: MIT
// Numbers, values and tables as people read them.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { fieldLines, formatNumber, forTerminal, formatRate, formatValue, table } from "../../../bridge/cli/text.ts";

describe("values for people", () => {
  it("have as many digits as mean something", () => {
    assert.deepEqual([0.1 + 0.2, 1 / 3, 1000, 1e20, -0.000123456789, NaN].map(formatNumber), [
      "0.3",
      "0.333333",
      "1000",
      "100000000000000000000",
      "-0.000123457",
      "NaN",
    ]);
  });

  it("are short for long lists and bytes", () => {
    assert.equal(formatValue(Array.from({ length: 200 }, (_, i) => i)), "[0, 1, 2, 3, 4, 5, 6, 7, … 200]");
    assert.equal(formatValue(new Uint8Array(5)), "5 bytes");
  });

  it("are quoted where a text would not be told apart", () => {
    assert.deepEqual(["SINE", "a b", "", "eth0:1"].map(formatValue), ["SINE", '"a b"', '""', "eth0:1"]);
  });

  it("stand in columns with their units, nested structs opened", () => {
    const fields = [
      { name: "pid.kp", type: "f64", unit: "V/rad" },
      { name: "total", type: "u64" },
    ];
    assert.deepEqual(fieldLines({ pid: { kp: 4 }, total: 12n }, fields), ["  pid.kp  4   V/rad", "  total   12"]);
  });

  it("make tables without trailing blanks", () => {
    assert.deepEqual(
      table([
        ["a", "b"],
        ["long", ""],
      ]),
      ["a     b", "long"],
    );
  });

  it("bring nothing to a terminal that it would obey, but styles", () => {
    const hostile = "\u001b]0;title\u0007 \u009b2J \r\u001b[1mbold\u001b[22m\n\tnext";
    const shown = "\\u001b]0;title\\u0007 \\u009b2J \\u000d\u001b[1mbold\u001b[22m\n\tnext";
    assert.equal(forTerminal(hostile), shown);
    assert.deepEqual(table([["a\n\u001b[2J", "b"]]), ["a\\u000a\\u001b[2J  b"]);
  });

  it("show rates in Hz", () => {
    assert.deepEqual([0, 0.25, 1, 9.96, 1000.2].map(formatRate), ["-", "0.25 Hz", "1 Hz", "10 Hz", "1000 Hz"]);
  });
});
