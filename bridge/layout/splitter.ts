// SPDX-License-Identifier: MIT
// The splitter as users hold it, over the part that each codec does: bytes in, records one behind the other out.
import { MAX_RECORD_BYTES } from "../model/batch.ts";
import { BridgeError } from "../model/errors.ts";
import type { Route, SplitCounts, Splitter } from "./codec.ts";

/** Where a raw splitter keeps its numbers, so that reading them needs no call. */
export const SPLIT_STATE = {
  more: 0,
  chunks: 1,
  records: 2,
  batches: 3,
  samples: 4,
  ready: 5,
  kept: 6,
  left: 7,
  length: 8,
} as const;

/** What a codec does of a splitter. */
export interface RawSplitter {
  /**
   * Takes a chunk and gives the memory of the records it completes, or null: `lent` where they fit into it and the codec knows how to, else new memory. `state[ready]` is how
   * many bytes of it they are, `state[kept]` how many of the chunk wait for more. Sets `state[more]` to 1 when it stopped early, behind a record that may
   * change routes or before a bad one: then it is to be called again with no bytes. Throws `bad_record`, now and ever after.
   *
   * `maxLeft` above 0: the chunk's memory may be written and kept; it is what comes back where all records can stay there, and `state[left]` is how many bytes at the chunk's
   * end have to come again in front of the next one. Not every codec knows how to.
   */
  push(chunk: Uint8Array, lent?: ArrayBuffer, maxLeft?: number): ArrayBuffer | null;
  limit(maxRecordBytes: number): void;
  route(from: number, stream: number, schema: number, size: number): void;
  unroute(from: number): void;
  offset(ns: bigint): void;
  /** Numbers by {@link SPLIT_STATE}. */
  readonly state: Float64Array;
}

/** Makes a {@link Splitter} over the raw one. */
export function splitterOver(raw: RawSplitter): Splitter {
  return {
    push(chunk, lent, maxLeft = 0) {
      const memory = raw.push(chunk, lent, maxLeft);
      const records = recordsOf(memory, raw.state[SPLIT_STATE.ready]);
      return raw.state[SPLIT_STATE.more] === 0 ? records : goOn(raw, records);
    },
    get keptBytes() {
      return raw.state[SPLIT_STATE.kept] ?? 0;
    },
    get leftBytes() {
      return raw.state[SPLIT_STATE.left] ?? 0;
    },
    limit(maxRecordBytes) {
      if (!Number.isInteger(maxRecordBytes) || maxRecordBytes < 8 || maxRecordBytes > MAX_RECORD_BYTES) {
        throw new BridgeError("invalid_argument", `a record cannot be limited to ${String(maxRecordBytes)} bytes`);
      }
      raw.limit(maxRecordBytes);
    },
    route(from: number, to: Route) {
      for (const number of [from, to.stream, to.schema, to.size]) {
        if (!Number.isInteger(number) || number < 0 || number > 0xffffffff)
          throw new BridgeError("invalid_argument", `a route cannot have the number ${String(number)}`);
      }
      raw.route(from, to.stream, to.schema, to.size);
    },
    unroute(from) {
      raw.unroute(from);
    },
    offset(ns) {
      if (BigInt.asIntN(64, ns) !== ns)
        throw new BridgeError("invalid_argument", `an offset cannot be ${String(ns)} ns`);
      raw.offset(ns);
    },
    get counts(): SplitCounts {
      const count = (index: number): number => raw.state[index] ?? 0;
      return {
        chunks: count(SPLIT_STATE.chunks),
        records: count(SPLIT_STATE.records),
        batches: count(SPLIT_STATE.batches),
        samples: count(SPLIT_STATE.samples),
      };
    },
  };
}

const NOTHING = new Uint8Array(0);

/** Reads on only once the records before were taken: whoever takes them may change routes meanwhile. */
function* goOn(raw: RawSplitter, first: Uint8Array[]): Generator<Uint8Array, void, void> {
  yield* first;
  while (raw.state[SPLIT_STATE.more] !== 0) yield* recordsOf(raw.push(NOTHING));
}

/** The records that stand one behind the other in the first `end` bytes of `memory`, as views of it. */
export function recordsOf(memory: ArrayBuffer | null, end: number = memory?.byteLength ?? 0): Uint8Array[] {
  const records: Uint8Array[] = [];
  if (memory === null) return records;
  const view = new DataView(memory);
  for (let at = 0; at < end;) {
    const bytes = view.getUint32(at, true);
    records.push(new Uint8Array(memory, at, bytes));
    at += bytes;
  }
  return records;
}
