// SPDX-License-Identifier: MIT
// Reading a channel with patience: what came while the program was busy itself has not come too late.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { search, type BatchSource } from "../../../../bridge/client/capture/reading.ts";
import { readings, type Reading, type ReadingColumns } from "../../../support/captured.ts";

/** How long the reader waits for a batch. */
const PATIENCE_MS = 100;

/** The program is busy for far longer than that, and finds the second batch when it goes on. */
const busy: BatchSource<Reading, ReadingColumns> = {
  name: "rig/reading",
  async *batches({ signal }) {
    yield readings(0, 9);
    const end = performance.now() + 3 * PATIENCE_MS;
    while (performance.now() < end);
    await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted !== true) yield readings(10, 19);
  },
};

describe("reading a channel", () => {
  it("takes what came while the program itself was busy for longer than it waits", async () => {
    const found = await search<Reading, ReadingColumns, string>(busy, {
      what: "looking for 10",
      step: ({ first }) => (first === 10 ? "found" : undefined),
      patienceMs: () => PATIENCE_MS,
      late: () => "late",
    });
    assert.equal(found, "found");
  });
});
