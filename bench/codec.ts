// SPDX-License-Identifier: MIT
// `npm run bench`: how fast the addon decodes, each against what it cannot be faster than or has to beat. With --json one object a line.
import { addonCodec } from "../bridge/layout/addon.ts";
import { javascriptCodec } from "../bridge/layout/javascript.ts";
import { batchSequences, batchTimes } from "../bridge/layout/record.ts";
import { rows } from "../bridge/layout/rows.ts";
import { compare, type Comparing } from "./support/rounds.ts";
import { motorBatch, motorLayout } from "./support/motor-batch.ts";

const COUNT = 8192;
// Together larger than the caches: samples that have just come from a socket are not in them either.
const BATCHES = 96;
const layout = motorLayout();
const batches = Array.from({ length: BATCHES }, () => motorBatch(layout, COUNT));
const copies = batches.map(({ length }) => new Uint8Array(length));
const batch = motorBatch(layout, COUNT);
const addon = addonCodec();
const twin = javascriptCodec();
const columns = addon.columns(layout, batch);
const samples = samplesOf();

/** Walks through the batches, and through as much memory to write to. */
const walk = { at: 0 };
function next(): { from: Uint8Array; to: Uint8Array } {
  walk.at = (walk.at + 1) % BATCHES;
  return { from: batches[walk.at] ?? batch, to: copies[walk.at] ?? batch };
}

/** Plain objects, as JSON.stringify takes them: it gets them for nothing, although somebody has to make them. */
function samplesOf(): object[] {
  const [times, sequences] = [batchTimes(batch), batchSequences(batch)];
  return rows(layout, columns, COUNT).map((value, at) => ({
    ...{ seq: sequences[at], time: Number(times[at]) / 1e6, value },
  }));
}

/** The batch in pieces, as a socket gives them. */
function split(): number {
  const { from } = next();
  const splitter = addon.splitter();
  splitter.route(1, { stream: 7, schema: 3, size: layout.size });
  let count = 0;
  for (let at = 0; at < from.length; at += 65_536) {
    for (const record of splitter.push(from.subarray(at, at + 65_536))) count += record.length;
  }
  return count;
}

const comparisons = [
  { name: "split a stream into records", against: "memcpy of its bytes", ours: split, theirs: copy },
  {
    name: "all columns",
    against: "memcpy of the same bytes",
    ours: () => addon.columns(layout, next().from),
    theirs: copy,
  },
  {
    ...{ name: "all columns into arrays that are there", against: "memcpy of the same bytes" },
    ...{ ours: () => addon.columns(layout, next().from, undefined, columns), theirs: copy },
  },
  {
    ...{ name: "all columns, addon", against: "its twin in JavaScript" },
    ...{ ours: () => addon.columns(layout, next().from), theirs: () => twin.columns(layout, next().from) },
  },
  {
    ...{ name: "JSON text", against: "JSON.stringify of objects that are there" },
    ...{ ours: () => addon.json(layout, batch), theirs: () => JSON.stringify(samples) },
  },
];

function copy(): Uint8Array {
  const { from, to } = next();
  to.set(from);
  return to;
}

const asJson = process.argv.includes("--json");
if (!asJson)
  console.log(`${String(COUNT)} samples of motor/state, ${String(layout.size)} bytes each; ${process.version}\n`);
for (const comparison of comparisons) {
  const result = compare({ ...comparison, bytes: batch.length });
  console.log(asJson ? JSON.stringify(result) : line(result));
}

function line({ name, against, ratio, bytesPerSecond }: Comparing): string {
  const speed = `${(bytesPerSecond / 1e9).toFixed(2)} GB/s`;
  const range = `${ratio.worseQuartile.toFixed(2)} … ${ratio.betterQuartile.toFixed(2)}`;
  return `${name.padEnd(40)} ${speed.padStart(10)}  ${ratio.median.toFixed(2).padStart(6)} × ${against} (${range})`;
}
