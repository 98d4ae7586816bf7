// SPDX-License-Identifier: MIT
// Columns turned into one object for each sample.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { toObjects } from "../../../../bridge/client/capture/objects.ts";

const times = new Float64Array([1_700_000_000_000.25, 1_700_000_000_001.5]);

describe("columns as objects", () => {
  it("are one for each sample, with its time, its number and every field", () => {
    const objects = toObjects({
      count: 2,
      times,
      sequences: new Float64Array([7, 9]),
      columns: {
        "pid.kp": new Float64Array([0.5, 0.25]),
        name: ["one", "two"],
        wide: new Float32Array([1, 2, 3, 4]),
        count: new BigUint64Array([2n ** 63n, 1n]),
        seq: new Int16Array([-1, 1]),
      },
    });
    assert.deepEqual(objects, [
      { time: times[0], seq: 7, "pid.kp": 0.5, name: "one", wide: [1, 2], count: 2n ** 63n, seq_: -1 },
      { time: times[1], seq: 9, "pid.kp": 0.25, name: "two", wide: [3, 4], count: 1n, seq_: 1 },
    ]);
  });

  it("have the whole value of a channel without columns", () => {
    const source = { count: 2, times, columns: {}, values: () => [{ x: 1 }, "two"] };
    assert.deepEqual(toObjects(source), [
      { time: times[0], value: { x: 1 } },
      { time: times[1], value: "two" },
    ]);
  });

  it("are none of no samples", () => {
    assert.deepEqual(toObjects({ count: 0, times: new Float64Array(), columns: { x: new Float64Array() } }), []);
  });
});
