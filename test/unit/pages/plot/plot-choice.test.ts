// SPDX-License-Identifier: MIT
// What the address of /plot asks for.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { choiceOf, isWanted, queryOf } from "../../../../bridge/pages/plot/plot-choice.ts";

const choice = (query: string): ReturnType<typeof choiceOf> => choiceOf(new URLSearchParams(query));

describe("the address of /plot", () => {
  it("names channels, fields and the window", () => {
    assert.deepEqual(choice("channel=data&channel=motor/state,data&fields=x,y, z&window=30"), {
      channels: ["data", "motor/state"],
      fields: ["x", "y", "z"],
      windowS: 30,
    });
    assert.deepEqual(choice(""), { channels: [], fields: [], windowS: 10 });
    assert.deepEqual(choice("channel=a b&channel=..%2f*&window=-1"), { channels: [], fields: [], windowS: 10 });
  });

  it("is written as it is read", () => {
    for (const query of ["", "channel=data&fields=x,pose.y[0]&window=30", "channel=motor/state&channel=data"]) {
      assert.equal(queryOf(choice(query)), query);
    }
  });

  it("plots everything but clocks when it names no field", () => {
    const wanted = (label: string, query: string): boolean => isWanted({ path: label, label }, choice(query));
    assert.deepEqual(
      ["t", "x", "seq"].map((label) => wanted(label, "channel=data")),
      [false, true, false],
    );
    assert.deepEqual(
      ["t", "x"].map((label) => wanted(label, "fields=t")),
      [true, false],
    );
    assert.equal(isWanted({ path: "winding", label: "winding[2]" }, choice("fields=winding")), true);
  });
});
