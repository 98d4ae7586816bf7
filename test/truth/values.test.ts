// SPDX-License-Identifier: MIT
// Random structs with random values: C, the addon, its twin in JavaScript and numpy agree on every byte and on the JSON, for every kind of machine.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, it } from "mocha";
import { emitPython } from "../../bridge/generate/emit/python.ts";
import type { Codec } from "../../bridge/layout/codec.ts";
import { compileLayout } from "../../bridge/layout/compile.ts";
import type { Layout, Schema } from "../../bridge/model/schema.ts";
import { bits, CODECS } from "../support/codecs.ts";
import { compileAndRun, withFolder } from "../support/compilers.ts";
import { schemaOfAll } from "../support/gen-schemas.ts";
import { readWithNumpy, type Seen } from "../support/numpy.ts";
import { headerOf, randomRecord } from "../support/random-structs.ts";
import { batchRecord } from "../support/records.ts";
import { chooseValues, type ChosenValues, seededRandom } from "../support/truth/random-values.ts";
import { TRUTH_TARGETS, type TruthTarget } from "../support/truth/targets.ts";
import { type FilledBytes, readValues, valueProgram } from "../support/truth/value-program.ts";

const ALL = process.env["STRUCTWIRE_TRUTH"] === "all";
const STRUCTS = ALL ? 1000 : 200;
const STRUCTS_PER_PROGRAM = 100;

/** One struct, what was put into it, and what C made of it. */
interface Sample {
  readonly name: string;
  readonly schema: Schema;
  readonly layout: Layout;
  readonly chosen: ChosenValues;
  readonly c: FilledBytes;
}

describe("random structs with random values", function () {
  this.timeout(600_000);

  for (const [at, target] of TRUTH_TARGETS.entries()) {
    // The long run looks elsewhere each time; the short one looks at the same structs on every change.
    const seed = ALL ? (Date.now() % 1_000_000) * 1000 + 1_000_000_000 * at : 10_000 * at;
    it(`are the same to C on ${target.name}, to the addon, to its twin and to numpy`, () => {
      let count = 0;
      for (let first = 0; first < STRUCTS; first += STRUCTS_PER_PROGRAM) {
        const samples = samplesOf(target, seed + first);
        const seen = readBack(samples);
        for (const [i, sample] of samples.entries()) {
          const where = `seed ${String(seed + first)} ${sample.name}`;
          for (const codec of CODECS) checkCodec(codec, sample, `${codec.name}, ${where}`);
          checkEquality(sample, where);
          checkNumpy(sample, seen[i], `numpy, ${where}`);
          count++;
        }
      }
      console.log(`      ${target.name}: ${String(count)} structs from seed ${String(seed)}`);
      assert.ok(count > STRUCTS / 2, "too few structs could be messages");
    });
  }
});

function samplesOf(target: TruthTarget, seed: number): readonly Sample[] {
  return withFolder((folder) => {
    const header = join(folder, "random.h");
    writeFileSync(header, headerOf(fc.sample(randomRecord(2), { numRuns: STRUCTS_PER_PROGRAM, seed })));
    const built = schemaOfAll(target.compiler, header, []);
    const random = seededRandom(seed);
    const structs = [...built.records].map(([name, { spelling = "" }]) => {
      return { name, spelling, chosen: chooseValues(built, name, "", random) };
    });
    const source = join(folder, "values.c");
    const filled = structs.map(({ name, spelling, chosen }) => ({ type: name, spelling, fill: chosen.c }));
    writeFileSync(source, valueProgram(header, built, filled));
    const output = compileAndRun(target.compiler, ["-w", "-O0", source], join(folder, "values"), target.emulator);
    const read = readValues(output);
    assert.equal(read.length, structs.length);
    return structs.flatMap(({ name, chosen }, i) => {
      const c = read[i];
      return c === undefined
        ? []
        : [{ name, schema: built.schema, layout: compileLayout(built.schema, name), chosen, c }];
    });
  });
}

/** Writing gives C's bytes and nothing else; reading them gives what C reads. */
function checkCodec(codec: Codec, { layout, chosen, c }: Sample, where: string): void {
  const { value, mask } = codec.encode(layout, chosen.values);
  assert.equal(hex(value), hex(c.bytes), `written by ${where}`);
  assert.equal(hex(mask), hex(c.ones), `mask of ${where}`);
  const text = codec.valueJson(layout, c.bytes);
  assert.deepEqual(JSON.parse(text), c.value, `read by ${where}`);
  const batch = batchRecord({ stream: 1, first: 5, samples: [c.bytes, c.ones, c.bytes] });
  const [first, , last] = JSON.parse(codec.json(layout, batch)) as readonly { readonly value: unknown }[];
  assert.deepEqual([first?.value, last?.value], [c.value, c.value], `batch read by ${where}`);
}

/** Both codecs read all ones and the chosen bytes alike, to the letter and to the bit. */
function checkEquality({ layout, c }: Sample, where: string): void {
  const batch = batchRecord({ stream: 1, first: 5, samples: [c.bytes, c.ones] });
  const [texts, columns] = [
    CODECS.map((codec) => codec.json(layout, batch)),
    CODECS.map((codec) => {
      const made = codec.columns(layout, batch);
      return Object.fromEntries(Object.keys(made).map((path) => [path, bits(made[path])]));
    }),
  ];
  assert.equal(texts[0], texts[1], where);
  assert.deepEqual(columns[0], columns[1], where);
}

/** Has Python read all of them with the module that gen writes, two structs each: the chosen bytes and ones. */
function readBack(samples: readonly Sample[]): readonly Seen[] {
  const [first] = samples;
  if (first === undefined) return [];
  return withFolder((folder) => {
    const [module, schema, bytes] = ["random.py", "schema.json", "bytes"].map((name) => join(folder, name));
    if (module === undefined || schema === undefined || bytes === undefined) return [];
    writeFileSync(module, emitPython("random.h", first.schema));
    writeFileSync(schema, JSON.stringify(first.schema));
    writeFileSync(bytes, Buffer.concat(samples.flatMap(({ c }) => [c.bytes, c.ones])));
    let offset = 0;
    const readings = samples.map(({ name, c }) => {
      const reading = { module, schema, struct: name, bytes, offset, count: 2 };
      offset += 2 * c.bytes.length;
      return reading;
    });
    return readWithNumpy(readings);
  });
}

/** Numpy sees what the addon sees, and writes what C wrote; its modules do not write bitfields. */
function checkNumpy({ layout, c }: Sample, seen: Seen | undefined, where: string): void {
  const [codec] = CODECS;
  const batch = batchRecord({ stream: 1, first: 0, samples: [c.bytes, c.ones] });
  const columns = Object.entries(codec?.columns(layout, batch) ?? {}).map(([path, column]) => {
    const seenAs = ArrayBuffer.isView(column)
      ? { hex: hex(new Uint8Array(column.buffer, column.byteOffset, column.byteLength)) }
      : { texts: column };
    return [path, seenAs] as const;
  });
  assert.deepEqual(seen?.columns, Object.fromEntries(columns), `read by ${where}`);
  // Of fields that lie over each other the last one written stays.
  if (layout.leaves.some(({ bits: place, alt }) => place !== undefined || alt !== undefined)) return;
  assert.equal(seen.written.slice(0, 2 * c.bytes.length), hex(c.bytes), `written by ${where}`);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
