// SPDX-License-Identifier: MIT
// Batches are cut to what a reader does not have yet.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { recordFrom } from "../../../../bridge/client/flow/trim.ts";
import { payloadBatch, range, readingBatch } from "../../../support/batches.ts";

const head = { stream: 3, schema: 7, epoch: 9n };

describe("the rest of a batch", () => {
  it("is the batch that would have been made of the later samples", () => {
    const timeNs = 1_000_000_000n;
    const whole = readingBatch({ ...head, sequences: range(10, 19), timeNs });
    const rest = readingBatch({ ...head, sequences: range(14, 19), timeNs: timeNs + 4_000_000n });
    assert.deepEqual(recordFrom(whole, 14), rest);
  });

  it("keeps listed sequences that jump", () => {
    const timeNs = 1_000_000_000n;
    const whole = readingBatch({ ...head, sequences: [10, 12, 15, 19], timeNs });
    assert.deepEqual(
      recordFrom(whole, 13),
      readingBatch({ ...head, sequences: [15, 19], timeNs: timeNs + 2_000_000n }),
    );
  });

  it("keeps payloads of different length", () => {
    const timeNs = 1_000_000_000n;
    const whole = payloadBatch({ ...head, schema: 0, sequences: range(1, 3), timeNs }, ["1", "[22]", '"333"']);
    const rest = payloadBatch({ ...head, schema: 0, sequences: [2, 3], timeNs: timeNs + 1_000_000n }, [
      "[22]",
      '"333"',
    ]);
    assert.deepEqual(recordFrom(whole, 2), rest);
  });
});
