// SPDX-License-Identifier: MIT
// `npm run bench -- layout`: how fast the addon splits, decodes and encodes, each against what it cannot be faster than or has to beat.
import { addonCodec } from "../bridge/layout/addon.ts";
import { javascriptCodec } from "../bridge/layout/javascript.ts";
import { batchSequences, batchTimes } from "../bridge/layout/record.ts";
import { rows } from "../bridge/layout/rows.ts";
import { type Comparison, compare } from "./support/in-process.ts";
import { motorBatch, motorLayout } from "./support/motor-batch.ts";
import type { Bench, Run } from "./support/report.ts";

const COUNT = 8192;
// Together larger than the caches: samples that have just come from a socket are not in them either.
const BATCHES = 96;

/** In this process; needs the built addon and drivers. */
export const layout: Bench = {
  name: "layout",
  run: async (run) => {
    for (const comparison of comparisons(run)) await compare(run, comparison);
  },
};

function comparisons({ tiny }: Run): readonly Comparison[] {
  const count = tiny ? 64 : COUNT;
  const type = motorLayout();
  const batches = Array.from({ length: tiny ? 2 : BATCHES }, () => motorBatch(type, count));
  const copies = batches.map(({ length }) => new Uint8Array(length));
  const batch = motorBatch(type, count);
  const addon = addonCodec();
  const twin = javascriptCodec();
  const columns = addon.columns(type, batch);
  // Plain objects, as JSON.stringify takes them: it gets them for nothing, although somebody has to make them.
  const [times, sequences] = [batchTimes(batch), batchSequences(batch)];
  const samples = rows(type, columns, count).map((value, at) => ({
    ...{ seq: sequences[at], time: Number(times[at]) / 1e6, value },
  }));

  let at = 0;
  /** Walks through the batches, and through as much memory to write to. */
  const next = (): { from: Uint8Array; to: Uint8Array } => {
    at = (at + 1) % batches.length;
    return { from: batches[at] ?? batch, to: copies[at] ?? batch };
  };
  const copy = (): Uint8Array => {
    const { from, to } = next();
    to.set(from);
    return to;
  };
  /** The batch in pieces, as a socket gives them. */
  const split = (): number => {
    const { from } = next();
    const splitter = addon.splitter();
    splitter.route(1, { stream: 7, schema: 3, size: type.size });
    let bytes = 0;
    for (let start = 0; start < from.length; start += 65_536) {
      for (const record of splitter.push(from.subarray(start, start + 65_536))) bytes += record.length;
    }
    return bytes;
  };

  const bytes = batch.length;
  return [
    {
      id: "split/memcpy",
      what: "split a stream into records, against memcpy of its bytes",
      ours: split,
      theirs: copy,
      bytes,
    },
    {
      ...{
        id: "columns/memcpy",
        what: "all columns into arrays that are there, against memcpy of the same bytes",
        bytes,
      },
      ...{ ours: () => addon.columns(type, next().from, undefined, columns), theirs: copy },
      gate: { is: "at least", bound: 0.6 },
    },
    {
      ...{ id: "columns-new/memcpy", what: "all columns into new arrays, against memcpy of the same bytes", bytes },
      ...{ ours: () => addon.columns(type, next().from), theirs: copy },
    },
    {
      ...{ id: "columns/twin", what: "all columns into new arrays, against the codec in JavaScript", bytes },
      ...{ ours: () => addon.columns(type, next().from), theirs: () => twin.columns(type, next().from) },
    },
    {
      ...{ id: "json/stringify", what: "JSON text, against JSON.stringify of objects that are there", bytes },
      ...{ ours: () => addon.json(type, batch), theirs: () => JSON.stringify(samples) },
      gate: { is: "at least", bound: 3.5 },
    },
  ];
}
