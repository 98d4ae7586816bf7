// SPDX-License-Identifier: MIT
// Whatever is published by whom, and however badly it is read: a session gets all of the others and nothing of its own, or is told what it lost.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { writePublication } from "../../../bridge/layout/publication.ts";
import { batchSequences, readBatchHeader, readGap, recordType } from "../../../bridge/layout/record.ts";
import { RECORD_BATCH, RECORD_GAP } from "../../../bridge/model/batch.ts";
import type { LedgerEntry } from "../../../bridge/session/messages.ts";
import { SessionBench, type Client } from "../../support/session.ts";

interface Publish {
  readonly is: "publish";
  readonly by: number;
  readonly count: number;
  readonly bytes: number;
}

type Step = Publish | { readonly is: "tick" } | { readonly is: "stall" } | { readonly is: "drain" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      is: fc.constant("publish" as const),
      by: fc.nat(2),
      count: fc.integer({ min: 1, max: 4 }),
      bytes: fc.constantFrom(10, 1000, 100_000),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ is: "tick" as const }) },
  { weight: 2, arbitrary: fc.constant({ is: "stall" as const }) },
  { weight: 1, arbitrary: fc.constant({ is: "drain" as const }) },
);

/** What the first of three programs that publish and read got in the end. */
function play(steps: readonly Step[]): void {
  const bench = new SessionBench();
  const programs = [0, 1, 2].map(() => bench.enter(undefined, 300_000));
  const [reader] = programs;
  assert.ok(reader !== undefined);
  const handles = programs.map((program) =>
    program.result({ op: "open", channel: "data", kind: "bytes", contentType: "a/b" }),
  );
  reader.ask({ op: "subscribe", channels: ["data"] });
  const own = handles[0]?.["sender"];
  const published = [0, 0, 0];
  for (const each of steps) {
    if (each.is === "publish") publish(each, programs, handles, published);
    else if (each.is === "tick") bench.clock.advance(10);
    else if (each.is === "stall") reader.connection.reads = false;
    else read(reader);
  }
  read(reader);
  bench.clock.advance(10);
  read(reader);
  const records = reader.connection.sent.flatMap((sent) => ("records" in sent ? sent.records : []));
  let [delivered, lost, last] = [0, 0, -1];
  for (const record of records) {
    if (recordType(record) === RECORD_GAP) {
      const gap = readGap(record);
      assert.ok(gap.from > last);
      lost += gap.count;
      last = gap.to;
    } else if (recordType(record) === RECORD_BATCH) {
      assert.notEqual(readBatchHeader(record).schema, own);
      for (const sequence of batchSequences(record)) {
        assert.ok(sequence > last);
        last = sequence;
        delivered += 1;
      }
    }
  }
  const mine = published[0] ?? 0;
  const total = published.reduce((sum, count) => sum + count, 0);
  assert.equal(delivered + lost, total - mine);
  reader.connection.texts();
  const [entry] = reader.result({ op: "ledger" })["streams"] as LedgerEntry[];
  assert.deepEqual(
    [entry?.due, entry?.delivered, entry?.waiting, entry?.skipped, entry?.lost.slow_reader ?? 0],
    [total, delivered, 0, mine, lost],
  );
  bench.hub.stop();
}

function publish(
  { by, count, bytes }: Publish,
  programs: readonly Client[],
  handles: readonly Record<string, unknown>[],
  published: number[],
): void {
  const samples = Array.from({ length: count }, () => ({ payload: new Uint8Array(bytes) }));
  programs[by]?.session.binary(writePublication(handles[by]?.["handle"] as number, published[by] ?? 0, samples));
  published[by] = (published[by] ?? 0) + count;
}

/** It reads all that waits for it, and goes on reading. */
function read({ connection }: Client): void {
  connection.reads = true;
  connection.drain();
}

describe("a session that publishes in a channel which it reads", () => {
  it("gets all of the others and nothing of its own, or is told what it lost", () => {
    fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 80, size: "max" }), play), { numRuns: 150 });
  }).timeout(300_000);
});
