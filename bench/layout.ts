// SPDX-License-Identifier: MIT
// `npm run bench -- layout`: how fast the addon splits, decodes, filters and encodes, each against what it cannot be faster than or has to beat.
import { addonCodec } from "../bridge/layout/addon.ts";
import { javascriptCodec } from "../bridge/layout/javascript.ts";
import { batchTimesMs } from "../bridge/layout/record.ts";
import { rows } from "../bridge/layout/rows.ts";
import { makeFilter } from "../bridge/layout/select/filter.ts";
import { columnLoop, koffiObjects, loadKoffi } from "./layout/foreign.ts";
import {
  generatedColumns,
  generatedEncode,
  generatedFilter,
  generatedStructs,
  generatedObjects,
} from "./layout/generated.ts";
import { realLayouts, subjectOf, syntheticLayout, type Subject } from "./layout/subjects.ts";
import type { Gate } from "./support/gate.ts";
import { compare } from "./support/in-process.ts";
import type { Bench, Run } from "./support/report.ts";

/** More than a second-level cache has, as after a socket: from and to memory that is not at hand. */
const BYTES = 6_400_000;
/** Of one message, for what makes new memory, text or objects. */
const MESSAGE_BYTES = 64_000;

/** In this process; needs the built addon and drivers, koffi and a C compiler for some rows. */
export const layout: Bench = {
  name: "layout",
  run: async (run) => {
    const [bytes, small] = run.tiny ? [6400, 6400] : [BYTES, MESSAGE_BYTES];
    const synthetic = subjectOf("synthetic", syntheticLayout(false), bytes);
    const arrays = subjectOf("arrays", syntheticLayout(true), bytes);
    const real = realLayouts().map((type) => subjectOf(type.type, type, bytes));
    await split(run, synthetic);
    await columns(run, "columns", synthetic, atLeast(0.6));
    const message = subjectOf("synthetic", synthetic.layout, small);
    await peers(run, synthetic, message);
    await columns(run, "arrays", arrays, atLeast(0.6));
    for (const subject of real) await columns(run, `columns-${subject.name}`, subject);
    await filters(run, message);
    await encode(run, subjectOf("synthetic", synthetic.layout, 10 * small));
    await json(run, "json", subjectOf("arrays", arrays.layout, small), atLeast(3.5));
    for (const { name, layout: type } of real) await json(run, `json-${name}`, subjectOf(name, type, small));
  },
};

const addon = addonCodec();
const twin = javascriptCodec();

/** The expression of a field in generated JavaScript. */
type Field = (path: string) => string;

function atLeast(bound: number): Gate {
  return { is: "at least", bound };
}

/** Copies as many bytes as the batch has to memory that is there. */
function memcpy({ batch }: Subject): () => unknown {
  const copy = new Uint8Array(batch.length);
  return () => {
    copy.set(batch);
    return copy;
  };
}

/** The batch in pieces, as a socket gives them. */
async function split(run: Run, subject: Subject): Promise<void> {
  const { batch, layout: type } = subject;
  const ours = (): number => {
    const splitter = addon.splitter();
    splitter.route(1, { stream: 7, schema: 3, size: type.size });
    let bytes = 0;
    for (let start = 0; start < batch.length; start += 65_536) {
      for (const record of splitter.push(batch.subarray(start, start + 65_536))) bytes += record.length;
    }
    return bytes;
  };
  const what = "split a stream into records, against memcpy of its bytes";
  await compare(run, { id: "split/memcpy", what, ours, theirs: memcpy(subject), bytes: batch.length });
}

async function columns(run: Run, id: string, subject: Subject, gate?: Gate): Promise<void> {
  const { layout: type, batch } = subject;
  const into = addon.columns(type, batch);
  await compare(run, {
    ...{ id: `${id}/memcpy`, bytes: batch.length },
    what: `columns of ${String(type.size)}-byte structs (${subject.name}) into arrays that are there, against memcpy of the same bytes`,
    ours: () => addon.columns(type, batch, undefined, into),
    theirs: memcpy(subject),
    ...(gate === undefined ? {} : { gate }),
  });
}

async function peers(run: Run, subject: Subject, message: Subject): Promise<void> {
  const { layout: type, batch } = subject;
  const into = addon.columns(type, batch);
  const ours = (): unknown => addon.columns(type, batch, undefined, into);
  const bytes = batch.length;
  await compare(run, {
    ...{ id: "columns-new/memcpy", bytes, theirs: memcpy(subject) },
    what: "columns into new arrays, against memcpy of the same bytes to memory that is there",
    ours: () => addon.columns(type, batch),
  });
  await compare(run, {
    ...{ id: "columns/generated", bytes, ours, theirs: generatedColumns(subject, into), gate: atLeast(10) },
    what: "columns, against JavaScript generated for the struct",
  });
  await compare(run, {
    ...{ id: "columns/twin", bytes, ours, theirs: () => twin.columns(type, batch, undefined, into) },
    what: "columns, against the codec in JavaScript for browsers",
  });
  const koffi = await loadKoffi();
  if (typeof koffi === "string") {
    run.missing("columns/loop", koffi);
    run.missing("columns/koffi", koffi);
    return;
  }
  await compare(run, {
    ...{ id: "columns/loop", bytes, ours, theirs: columnLoop(koffi, subject, into), gate: atLeast(3.5) },
    what: "columns, against a loop over the structs for each field, in C with -O2",
  });
  const few = addon.columns(message.layout, message.batch);
  await compare(run, {
    ...{ id: "columns/koffi", bytes: message.batch.length, gate: atLeast(300) },
    what: `columns of ${String(message.count)} structs, against koffi.decode of them all`,
    ours: () => addon.columns(message.layout, message.batch, undefined, few),
    theirs: koffiObjects(koffi, message),
  });
}

/** A filter that lets every other sample pass, in no order that a processor could guess, and one that lets through one in a hundred. */
async function filters(run: Run, subject: Subject): Promise<void> {
  const { layout: type, batch } = subject;
  const some = {
    or: [
      { field: "a0", op: ">", value: 0 },
      { field: "seq", op: "<", value: 10 },
    ],
  };
  const few = {
    and: [
      { field: "a1", op: ">", value: 0.99 },
      { field: "fl", op: ">=", value: 0 },
    ],
  };
  const both = [
    { id: "filter", what: "half", filter: some, js: (f: Field) => `${f("a0")} > 0 || ${f("seq")} < 10` },
    { id: "filter-rare", what: "few", filter: few, js: (f: Field) => `${f("a1")} > 0.99 && ${f("fl")} >= 0` },
  ];
  for (const { id, what, filter, js } of both) {
    const compiled = makeFilter(type, filter);
    const ours = (): unknown => addon.filter(compiled, batch);
    await compare(run, {
      ...{ id: `${id}/memcpy`, bytes: batch.length, ours, theirs: memcpy(subject) },
      what: `a filter of two comparisons that ${what} of the samples pass, their batch made too, against memcpy of the bytes it looks at`,
    });
    await compare(run, {
      ...{ id: `${id}/generated`, bytes: batch.length, ours, theirs: generatedFilter(subject, js) },
      what: `the same, against JavaScript generated for the struct that lists the samples but makes no batch`,
    });
  }
}

/** Structs from columns, many at once; and one struct from values by name, as a set is made. */
async function encode(run: Run, subject: Subject): Promise<void> {
  const { layout: type, batch, count } = subject;
  const from = addon.columns(type, batch);
  const into = addon.structs(type, from, count);
  await compare(run, {
    ...{ id: "encode/generated", bytes: batch.length, gate: atLeast(4) },
    what: `${String(count)} structs of ${String(type.size)} bytes from columns into memory that is there, against JavaScript generated for the struct`,
    ours: () => addon.structs(type, from, count, into),
    theirs: generatedStructs(subject, from, into),
  });
  const [values = {}] = rows(type, from, 1);
  const given = values as Readonly<Record<string, unknown>>;
  await compare(run, {
    ...{ id: "encode-one/generated", bytes: type.size },
    what: "one struct and its mask from values by name, as a set needs it, against JavaScript generated for the struct that checks nothing",
    ours: () => addon.encode(type, given),
    theirs: generatedEncode(subject, given),
  });
}

async function json(run: Run, id: string, subject: Subject, gate?: Gate): Promise<void> {
  const { layout: type, batch, count } = subject;
  const times = batchTimesMs(batch);
  const numbers = (value: unknown): unknown => (typeof value === "bigint" ? Number(value) : value);
  const plain = JSON.parse(
    JSON.stringify(rows(type, addon.columns(type, batch), count), (_, value: unknown) => numbers(value)),
  ) as unknown[];
  const samples = plain.map((value, seq) => ({ seq, time: times[seq], value }));
  const ours = (): unknown => addon.json(type, batch);
  const make = generatedObjects(subject, times);
  const about = `JSON text of ${String(type.size)}-byte structs (${subject.name}), against JSON.stringify of objects`;
  await compare(run, {
    ...{ id: `${id}/stringify`, what: `${about} that are there`, bytes: batch.length },
    ...{ ours, theirs: () => JSON.stringify(samples), ...(gate === undefined ? {} : { gate }) },
  });
  await compare(run, {
    ...{ id: `${id}/made-and-stringify`, what: `${about} that generated JavaScript makes first`, bytes: batch.length },
    ...{ ours, theirs: () => JSON.stringify(make()) },
  });
}
