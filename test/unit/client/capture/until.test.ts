// SPDX-License-Identifier: MIT
// Waiting for the first sample of which something is true.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { until } from "../../../../bridge/client/capture/until.ts";
import { channelOf, readings, START_MS } from "../../../support/captured.ts";

describe("waiting for a sample", () => {
  it("gives the first one of which the condition is true", async () => {
    const sample = await until(channelOf([readings(0, 9), readings(10, 19)]), ({ value }) => value > 11, {
      timeoutMs: 1000,
    });
    assert.deepEqual(sample, { seq: 12, time: START_MS + 12, value: { value: 12, count: -12n } });
  });

  it("rejects with timeout, saying how many came that were not", async () => {
    await assert.rejects(
      until(channelOf([readings(0, 9)]), () => false, { timeoutMs: 30 }),
      { code: "timeout", message: /30 ms; 10 others did/ },
    );
  });

  it("rejects with what the condition throws, and can be given up", async () => {
    const failing = until(
      channelOf([readings(0, 9)]),
      () => {
        throw new RangeError("no");
      },
      { timeoutMs: 1000 },
    );
    await assert.rejects(failing, RangeError);
    const signal = AbortSignal.abort();
    await assert.rejects(
      until(channelOf([]), () => true, { timeoutMs: 1000, signal }),
      { code: "cancelled" },
    );
  });
});
