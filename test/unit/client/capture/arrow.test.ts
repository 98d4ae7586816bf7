// SPDX-License-Identifier: MIT
// Taken samples as an Arrow table, read back by another implementation.
import assert from "node:assert/strict";
import { tableFromIPC } from "@uwdata/flechette";
import { describe, it } from "mocha";
import { toArrow } from "../../../../bridge/client/capture/arrow.ts";

describe("an Arrow table", () => {
  it("has the times, the sequences and every column in its own type", async () => {
    const bytes = await toArrow({
      count: 2,
      times: new Float64Array([1_700_000_000_000.25, 1_700_000_000_001.5]),
      timesNs: new BigInt64Array([1_700_000_000_000_250_001n, 1_700_000_000_001_500_000n]),
      sequences: new Float64Array([7, 9]),
      columns: {
        angle: new Float64Array([0.5, Number.NaN]),
        mode: new Uint8Array([1, 2]),
        name: ["one", "two"],
        wide: new Float32Array([1, 2, 3, 4]),
        count: new BigUint64Array([2n ** 63n, 1n]),
        seq: new Int16Array([-1, 1]),
      },
    });
    const table = tableFromIPC(bytes, { useBigInt: true });
    assert.deepEqual(table.names, ["time", "time_ns", "seq", "angle", "mode", "name", "wide", "count", "seq_"]);
    const columns = table.toColumns() as Record<string, ArrayLike<unknown>>;
    assert.deepEqual([...Array.from(columns["time"]!)], [1_700_000_000_000.25, 1_700_000_000_001.5]);
    assert.deepEqual(Array.from(columns["time_ns"]!), [1_700_000_000_000_250_001n, 1_700_000_000_001_500_000n]);
    assert.deepEqual(Array.from(columns["seq"]!), [7n, 9n]);
    assert.deepEqual(Array.from(columns["angle"]!), [0.5, Number.NaN]);
    assert.deepEqual(Array.from(columns["name"]!), ["one", "two"]);
    assert.deepEqual(
      Array.from(columns["wide"]!, (each) => Array.from(each as ArrayLike<number>)),
      [
        [1, 2],
        [3, 4],
      ],
    );
    assert.deepEqual(Array.from(columns["count"]!), [2n ** 63n, 1n]);
    assert.deepEqual(Array.from(columns["seq_"]!), [-1, 1]);
  });

  it("needs at least one sample", async () => {
    await assert.rejects(toArrow({ count: 0, times: new Float64Array(), columns: {} }), { code: "invalid_argument" });
  });
});
