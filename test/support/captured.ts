// SPDX-License-Identifier: MIT
// A channel of real batches for what reads channels: those that a test gives it, then it waits until it is given up.
import { Batch } from "../../bridge/client/batch.ts";
import type { BatchSource } from "../../bridge/client/capture/reading.ts";
import { compileLayout } from "../../bridge/layout/compile.ts";
import { javascriptCodec } from "../../bridge/layout/javascript.ts";
import { readBatchHeader } from "../../bridge/layout/record.ts";
import type { Loss } from "../../bridge/model/values.ts";
import { range, READING_SCHEMA, readingBatch } from "./batches.ts";

export interface Reading {
  readonly value: number;
  readonly count: bigint;
}
export interface ReadingColumns {
  readonly value: Float64Array;
  readonly count: BigInt64Array;
}
export type ReadingBatch = Batch<Reading, ReadingColumns>;

const START_NS = 1_700_000_000_000_000_000n;
/** ms since 1970 of the sample with sequence 0; the others follow a millisecond apart. */
export const START_MS = 1_700_000_000_000;

/** What stands before a batch, and its life. */
export interface ReadingContext {
  readonly epoch?: bigint;
  readonly restarted?: boolean;
  readonly lostBefore?: readonly Loss[];
}

/** Samples `from` to `to`, each with the value that `valueOf` makes of its sequence, a millisecond apart. */
export function readings(
  from: number,
  to: number,
  valueOf?: (sequence: number) => number,
  { epoch = 1n, restarted = false, lostBefore = [] }: ReadingContext = {},
): ReadingBatch {
  const timeNs = START_NS + BigInt(from) * 1_000_000n;
  const record = readingBatch({ stream: 1, schema: 1, epoch, sequences: range(from, to), timeNs }, valueOf);
  return new Batch<Reading, ReadingColumns>({
    channel: "rig/reading",
    kind: "struct",
    contentType: null,
    header: readBatchHeader(record),
    record,
    layout: compileLayout(READING_SCHEMA, "reading"),
    schema: READING_SCHEMA,
    codec: javascriptCodec,
  }).after({ lostBefore, restarted });
}

/** Gives these batches to whoever reads, then nothing more until the reader gives up. */
export function channelOf(batches: readonly ReadingBatch[]): BatchSource<Reading, ReadingColumns> {
  return {
    name: "rig/reading",
    async *batches({ signal }) {
      yield* batches;
      if (signal?.aborted === false)
        await new Promise((resolve) => {
          signal.addEventListener("abort", resolve);
        });
    },
  };
}
