// SPDX-License-Identifier: MIT
// What takes hostile bytes in TypeScript: the reader of object files, the schema validator, the encoder, the splitter and the addon's plans.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { readDriverRecord } from "../../../bridge/drivers/read-record.ts";
import { compileLayout } from "../../../bridge/layout/compile.ts";
import { describeFields } from "../../../bridge/layout/fields.ts";
import { layoutHash } from "../../../bridge/layout/hash.ts";
import { checkLimits } from "../../../bridge/layout/limits.ts";
import {
  readAck,
  readCall,
  readCancel,
  readReply,
  readSet,
  readStamp,
  readValue,
} from "../../../bridge/layout/link-records.ts";
import { readGap } from "../../../bridge/layout/record.ts";
import { parseSchema, parseSchemaText } from "../../../bridge/layout/schema.ts";
import { makeFilter } from "../../../bridge/layout/select/filter.ts";
import { BridgeError, type ErrorCode } from "../../../bridge/model/errors.ts";
import type { Layout, Schema } from "../../../bridge/model/schema.ts";
import { bits, CODECS, outcome, vector, vectorJson } from "../codecs.ts";
import { schemaOfObject } from "../gen-schemas.ts";
import { batchRecord } from "../records.ts";
import { runSplitter } from "../splitting.ts";
import type { FuzzTarget } from "./fuzz.ts";

const SEEDS = new URL("../../fuzz/seeds/", import.meta.url);
/** Structs of more elements are sound, but too slow to be tried often. */
const MAX_ELEMENTS = 10_000;

const OBJECT: FuzzTarget = {
  name: "the reader of object files",
  seeds: seedsOf("object"),
  words: [],
  maxBytes: 16_384,
  run: (bytes) => {
    expecting(["compiler_failed", "type_unsupported", "bad_schema"], () => schemaOfObject(bytes, () => undefined));
  },
};

const SCHEMA: FuzzTarget = {
  name: "the schema validator",
  seeds: [...seedsOf("schema"), vector("structs/features-le.schema.json"), vector("structs/features-be.schema.json")],
  words: [
    ...[
      '"v":',
      '"endian":"be"',
      '"types":{',
      '"k":"struct"',
      '"k":"enum"',
      '"size":',
      '"f":[',
      '"t":"u64"',
      '"t":"c8"',
    ],
    ...[
      '"n":"x"',
      '"o":0',
      '"d":[2,3]',
      '"b":[9,7,64]',
      '"alt":1',
      '"tags":{"bytes":""}',
      '"min":',
      '"max":',
      "{",
      "}",
    ],
    ...["[", "]", ",", '"', "null", "true", "__proto__", "constructor", "\\u0000", "\ud800"],
  ],
  maxBytes: 65_536,
  run: (bytes) => {
    const schema = expecting(["bad_schema"], () => parseSchemaText(bytes));
    if (schema !== undefined) for (const name of Object.keys(schema.types)) checkType(schema, name);
  },
};

const FEATURES = compileLayout(parseSchema(vectorJson("structs/features-le.schema.json")), "features");

const FEATURE_BATCH = vector("good/batch-features-le.bin");

const ENCODER: FuzzTarget = {
  name: "the encoder",
  seeds: [
    ...(vectorJson("structs/features-le.json") as { readonly json: readonly string[] }).json,
    '{"name":"a text that is far too long for it","mode":"NONE","a":1.5,"f":null}',
  ].map((text) => new TextEncoder().encode(text)),
  words: [
    ...FEATURES.leaves.map(({ path }) => `"${path}":`),
    "NaN",
    "1e999",
    "-0",
    "null",
    '"',
    "[",
    "]",
    "{",
    "}",
    ",",
  ],
  maxBytes: 4096,
  run: (bytes) => {
    const values = jsonObject(bytes);
    if (values === undefined) return;
    const [addon, twin] = CODECS.map((codec) => outcome(() => codec.encode(FEATURES, values)));
    assert.deepEqual(addon, twin);
    expecting(["bad_value", "unknown_field", "out_of_range"], () => {
      checkLimits(FEATURES, values);
    });
  },
};

const SPLITTER: FuzzTarget = {
  name: "the splitter",
  seeds: ["streams", "good", "bad"].flatMap(vectorsOf),
  words: [],
  maxBytes: 8192,
  run: (bytes) => {
    // The first byte says how long the chunks are.
    const piece = 1 + (bytes[0] ?? 0);
    const chunks = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, i) =>
      bytes.slice(1 + i * piece, 1 + (i + 1) * piece),
    );
    const [addon, twin] = CODECS.map((codec) => outcome(() => runSplitter(codec.splitter(), chunks)));
    assert.deepEqual(addon, twin);
    if (addon !== undefined && "code" in addon) assert.equal(addon.code, "bad_record");
  },
};

const FILTERS: FuzzTarget = {
  name: "filters",
  seeds: [
    '{"field":"a","op":">=","value":3}',
    '{"and":[{"field":"name","op":"=","value":"k"},{"not":{"field":"b","op":"between","value":[-1.5,1e3]}}]}',
    '{"or":[{"field":"h","op":"in","value":["9007199254740993",1]},{"field":"flag","op":"!=","value":true}]}',
  ].map((text) => new TextEncoder().encode(text)),
  words: [
    ...FEATURES.leaves.flatMap(({ path, dims }) => [
      `"field":"${path}"`,
      `"field":"${path}${"[0]".repeat(dims.length)}"`,
    ]),
    ...[
      '"op":"="',
      '"op":"<"',
      '"op":"in"',
      '"op":"between"',
      '"value":',
      '{"and":[',
      '{"not":',
      '"NONE"',
      "[",
      "]",
      "}",
    ],
  ],
  maxBytes: 4096,
  run: (bytes) => {
    const json = jsonObject(bytes);
    const filter = expecting(["bad_filter", "unknown_field"], () => json && makeFilter(FEATURES, json));
    if (filter === undefined) return;
    const [addon, twin] = CODECS.map((codec) => codec.filter(filter, FEATURE_BATCH));
    assert.deepEqual(addon, twin);
  },
};

const READERS = [readDriverRecord, readSet, readCall, readCancel, readValue, readReply, readStamp, readAck, readGap];

const RECORDS: FuzzTarget = {
  name: "the readers of records",
  seeds: ["good", "bad"].flatMap(vectorsOf).map((bytes) => bytes.slice(1)),
  words: [],
  maxBytes: 4096,
  run: (bytes) => {
    for (const read of READERS) {
      try {
        read(bytes);
      } catch (thrown) {
        assert.ok(thrown instanceof BridgeError && thrown.code !== "internal", String(thrown));
      }
    }
  },
};

/** All of them. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [OBJECT, SCHEMA, ENCODER, FILTERS, SPLITTER, RECORDS];

function vectorsOf(folder: string): readonly Uint8Array[] {
  const names = readdirSync(new URL(`../../vectors/${folder}/`, import.meta.url)).sort();
  // With how long the chunks are.
  return names.filter((name) => name.endsWith(".bin")).map((name) => Uint8Array.of(63, ...vector(`${folder}/${name}`)));
}

function seedsOf(folder: string): readonly Uint8Array[] {
  const url = new URL(`${folder}/`, SEEDS);
  return readdirSync(url)
    .sort()
    .map((name) => new Uint8Array(readFileSync(new URL(name, url))));
}

/** What a call gives, or undefined when it throws one of these codes; anything else that it throws goes on. */
function expecting<T>(codes: readonly ErrorCode[], call: () => T): T | undefined {
  try {
    return call();
  } catch (thrown) {
    if (thrown instanceof BridgeError && codes.includes(thrown.code)) return undefined;
    throw thrown;
  }
}

function jsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

/** A type of a schema that was taken works everywhere, and alike in both codecs. */
function checkType(schema: Schema, name: string): void {
  if (schema.types[name]?.k !== "struct") return;
  assert.match(layoutHash(schema, name), /^[0-9a-f]{16}$/);
  const layout = compileLayout(schema, name);
  describeFields(layout);
  if (elementsOf(layout) > MAX_ELEMENTS || layout.size > MAX_ELEMENTS) return;
  const struct = Uint8Array.from({ length: layout.size }, (_, at) => at * 37 + 11);
  const batch = batchRecord({ stream: 1, first: 0, samples: [struct, struct] });
  const [addon, twin] = CODECS.map((codec) => {
    const columns = codec.columns(layout, batch);
    return [codec.json(layout, batch), ...Object.keys(columns).map((path) => [path, bits(columns[path])])];
  });
  assert.deepEqual(addon, twin);
}

function elementsOf({ leaves }: Layout): number {
  return leaves.reduce((sum, { dims }) => sum + dims.reduce((product, { length }) => product * length, 1), 0);
}
