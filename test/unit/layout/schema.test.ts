// SPDX-License-Identifier: MIT
// Schemas from peers: what is good comes through clean, everything else is refused with the place named.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { findType, parseSchema, parseSchemaText } from "../../../bridge/layout/schema.ts";
import { throwsCode, vectorJson } from "../../support/codecs.ts";

type Json = Readonly<Record<string, unknown>>;

const FIELD = { n: "x", t: "u8", o: 0 };
const STRUCT = { k: "struct", size: 16, hash: "0123456789abcdef", f: [FIELD] };
const ENUM = { k: "enum", t: "i8", v: { A: -128, B: 127 } };

function schemaOf(types: Json, more: Json = {}): Json {
  return { v: 1, endian: "le", types, messages: [], ...more };
}

function withField(more: Json, types: Json = {}): Json {
  return schemaOf({ ...types, s: { ...STRUCT, f: [{ ...FIELD, ...more }] } });
}

function withEnum(more: Json): Json {
  return schemaOf({ e: { ...ENUM, ...more } });
}

/** A chain of structs each inside the next. */
function chain(length: number): Json {
  const types: Record<string, unknown> = { s0: STRUCT };
  for (let i = 1; i < length; i++)
    types[`s${String(i)}`] = { ...STRUCT, f: [{ n: "x", t: `s${String(i - 1)}`, o: 0 }] };
  return schemaOf(types);
}

/** Structs that each hold `width` of the one below: width^depth fields when written out. */
function tree(width: number, depth: number): Json {
  const types: Record<string, unknown> = { s0: { ...STRUCT, size: 1 } };
  for (let i = 1; i <= depth; i++) {
    const f = Array.from({ length: width }, (_, k) => ({ n: `f${String(k)}`, t: `s${String(i - 1)}`, o: 0, alt: k }));
    types[`s${String(i)}`] = { k: "struct", size: 1, hash: "", f };
  }
  return schemaOf(types);
}

function texts(count: number): Json {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`L${String(i)}`, ""]));
}

const GOOD: Readonly<Record<string, unknown>> = {
  "no types at all": schemaOf({}),
  "no messages": { v: 1, endian: "be", types: {} },
  "unknown keys": { ...withField({ later: [1] }), later: true },
  "a struct without fields": schemaOf({ s: { ...STRUCT, f: [] } }),
  "a chain of 16": chain(16),
  "a field in every byte": schemaOf({
    s: { ...STRUCT, f: Array.from({ length: 16 }, (_, o) => ({ n: `f${String(o)}`, t: "u8", o })) },
  }),
  "names of objects' own properties": schemaOf({
    constructor: { ...STRUCT, f: [{ n: "toString", t: "__proto__", o: 0 }] },
    ["__proto__"]: ENUM,
  }),
  "limits as digits": withField({ t: "u64", max: "18446744073709551615", min: 0, step: 1, def: "-1" }),
  "a bitfield over nine bytes": withField({ t: "u64", b: [9, 7, 64] }),
  "four dimensions": withField({ d: [1, 2, 4, 2] }),
  "an enum's last value": withEnum({ t: "u64", v: { A: "18446744073709551615" } }),
  "messages of every role": schemaOf(
    { s: STRUCT },
    {
      messages: ["channel", "parameter", "request", "reply"].map((role) => ({
        name: role === "channel" ? "*" : "a/b",
        role,
        type: "s",
      })),
    },
  ),
};

const BAD: Readonly<Record<string, unknown>> = {
  "no object": 5,
  null: null,
  "a list": [],
  "another version": { ...schemaOf({}), v: 2 },
  "no version": { endian: "le", types: {} },
  "a version of the prototype": Object.setPrototypeOf({}, { v: 1, endian: "le", types: {} }) as unknown,
  "another byte order": { ...schemaOf({}), endian: "pdp" },
  "types as a list": { ...schemaOf({}), types: [] },
  "too many types": schemaOf(Object.fromEntries(Array.from({ length: 4097 }, (_, i) => [`t${String(i)}`, ENUM]))),
  "a type without a name": schemaOf({ "": ENUM }),
  "a type whose name is too long": schemaOf({ ["n".repeat(256)]: ENUM }),
  "a type with a newline in its name": schemaOf({ "a\nb": ENUM }),
  "a type of another kind": schemaOf({ s: { ...STRUCT, k: "union" } }),
  "a type that is null": schemaOf({ s: null }),
  "a struct of no size": schemaOf({ s: { ...STRUCT, size: 0, f: [] } }),
  "a struct over 1 MiB": schemaOf({ s: { ...STRUCT, size: 1_048_577 } }),
  "a size that is no whole number": schemaOf({ s: { ...STRUCT, size: 16.5 } }),
  "a size that is a text": schemaOf({ s: { ...STRUCT, size: "16" } }),
  "no fields": schemaOf({ s: { k: "struct", size: 1, hash: "" } }),
  "too many fields": schemaOf({
    s: { ...STRUCT, f: Array.from({ length: 4097 }, (_, i) => ({ ...FIELD, n: `f${String(i)}` })) },
  }),
  "two fields of one name": schemaOf({ s: { ...STRUCT, f: [FIELD, FIELD] } }),
  "a hash that is a number": schemaOf({ s: { ...STRUCT, hash: 5 } }),
  "a doc that is too long": schemaOf({ s: { ...STRUCT, doc: "d".repeat(16_385) } }),
  "pads outside": schemaOf({ s: { ...STRUCT, pads: [[10, 7]] } }),
  "pads that are no pairs": schemaOf({ s: { ...STRUCT, pads: [[1]] } }),
  "pads of CDR without a type": schemaOf({ s: { ...STRUCT, cdrPads: [[1, 2]] } }),
  "more pads of CDR than anybody writes": schemaOf({
    s: { ...STRUCT, cdrPads: Array.from({ length: 257 }, () => ["s", 0, 1]) },
  }),
  "a field that is null": schemaOf({ s: { ...STRUCT, f: [null] } }),
  "a field without a name": withField({ n: undefined }),
  "a field whose name is no identifier": withField({ n: "a.b" }),
  "a field whose name begins with a digit": withField({ n: "1a" }),
  "a field with quotes in its name": withField({ n: 'a"b' }),
  "a field whose name is too long": withField({ n: "n".repeat(256) }),
  "a field of an unknown type": withField({ t: "u128" }),
  "a field of a type of the prototype": withField({ t: "constructor" }),
  "a negative offset": withField({ o: -1 }),
  "a field that begins outside": withField({ o: 16 }),
  "a field that ends outside": withField({ t: "u32", o: 13 }),
  "an array that ends outside": withField({ t: "u32", d: [2, 3] }),
  "an array whose length overflows": withField({ d: [1_048_576, 1_048_576, 1_048_576, 1_048_576] }),
  "nine dimensions": withField({ d: [1, 1, 1, 1, 1, 1, 1, 1, 1] }),
  "an empty dimension": withField({ d: [0] }),
  "a dimension over the limit": withField({ d: [1_048_577] }),
  "dimensions that are no list": withField({ d: 3 }),
  "bits that are no list": withField({ b: 3 }),
  "bits of ten bytes": withField({ t: "u64", b: [10, 0, 1] }),
  "bits outside their bytes": withField({ t: "u32", b: [1, 4, 5] }),
  "no bits": withField({ b: [1, 0, 0] }),
  "more than 64 bits": withField({ t: "u64", b: [9, 0, 65] }),
  "more bits than the type has": withField({ t: "u8", b: [2, 0, 9] }),
  "bits of a float": withField({ t: "f32", b: [4, 0, 3] }),
  "bits of a character": withField({ t: "c8", b: [1, 0, 3] }),
  "bits of a struct": withField({ t: "r", b: [1, 0, 3] }, { r: STRUCT }),
  "an array of bitfields": withField({ b: [1, 0, 3], d: [2] }),
  "bits that end outside": withField({ t: "u32", o: 13, b: [4, 0, 3] }),
  "a unit that is a number": withField({ u: 5 }),
  "a minimum that is no number": withField({ min: "much" }),
  "a maximum that is null": withField({ max: null }),
  "a minimum that is infinite": withField({ min: Infinity }),
  "tags that are no texts": withField({ tags: { bytes: true } }),
  "too many tags": withField({ tags: texts(65) }),
  "an alternative that is negative": withField({ alt: -1 }),
  "a struct inside itself": withField({ t: "s" }),
  "two structs inside each other": schemaOf({
    a: { ...STRUCT, f: [{ n: "x", t: "b", o: 0 }] },
    b: { ...STRUCT, f: [{ n: "x", t: "a", o: 0 }] },
  }),
  "a chain of 17": chain(17),
  "a chain of 17, told from the inside out": {
    ...chain(17),
    types: Object.fromEntries(Object.entries(chain(17)["types"] as Json).reverse()),
  },
  "more than 65 536 fields when written out": tree(16, 5),
  "more than 4 Mi elements when written out": withField(
    { t: "r", d: [5] },
    {
      r: {
        k: "struct",
        size: 1,
        hash: "",
        f: Array.from({ length: 10 }, (_, i) => ({ n: `f${String(i)}`, t: "u8", o: 0 })),
      },
      big: { k: "struct", size: 1_048_576, hash: "", f: [{ n: "x", t: "r", o: 0, d: [1_048_576] }] },
    },
  ),
  "more than 8 dimensions when written out": withField(
    { t: "a", d: [1, 1, 1] },
    {
      a: { ...STRUCT, size: 1, f: [{ n: "x", t: "b", o: 0, d: [1, 1, 1] }] },
      b: { ...STRUCT, size: 1, f: [{ ...FIELD, d: [1, 1, 1] }] },
    },
  ),
  "an enum of a float": withEnum({ t: "f32" }),
  "an enum of another enum": withEnum({ t: "e" }),
  "an enum without labels": withEnum({ v: undefined }),
  "too many labels": withEnum({
    t: "u32",
    v: Object.fromEntries(Object.keys(texts(4097)).map((label, i) => [label, i])),
  }),
  "a label that is a number": withEnum({ v: { "5": 1 } }),
  "a value that does not fit": withEnum({ v: { A: 128 } }),
  "a value that is no whole number": withEnum({ v: { A: 1.5 } }),
  "a value beyond 64 bits": withEnum({ t: "u64", v: { A: "18446744073709551616" } }),
  "a value beyond 2^53 that is no text": withEnum({ t: "u64", v: { A: 2 ** 60 } }),
  "texts of labels that are no texts": withEnum({ vdoc: { A: 5 } }),
  "too many texts of labels": withEnum({ vdoc: texts(4097) }),
  "messages that are no list": schemaOf({}, { messages: {} }),
  "too many messages": schemaOf(
    { s: STRUCT },
    { messages: Array.from({ length: 16_385 }, () => ({ name: "a", role: "channel", type: "s" })) },
  ),
  "a message of an unknown type": schemaOf({}, { messages: [{ name: "a", role: "channel", type: "s" }] }),
  "a message of an enum": schemaOf({ e: ENUM }, { messages: [{ name: "a", role: "channel", type: "e" }] }),
  "a message of another role": schemaOf({ s: STRUCT }, { messages: [{ name: "a", role: "knob", type: "s" }] }),
  "a message whose name is none": schemaOf({ s: STRUCT }, { messages: [{ name: "a b", role: "channel", type: "s" }] }),
};

describe("reading a schema", () => {
  for (const [what, json] of Object.entries(GOOD)) {
    it(`takes ${what}`, () => {
      parseSchema(JSON.parse(JSON.stringify(json)));
    });
  }

  for (const [what, json] of Object.entries(BAD)) {
    it(`refuses ${what}`, () => {
      throwsCode("bad_schema", () => parseSchema(json));
    });
  }

  it("names the place of what it refuses", () => {
    assert.throws(() => parseSchema(withField({ o: -1 })), /types\.s\.f\[0\] \(x\)\.o is not a whole number/);
    assert.throws(() => parseSchema(withField({ t: "u32", o: 13 })), /types\.s\.x ends outside its struct/);
  });

  it("keeps all that the format knows and nothing else", () => {
    const json = vectorJson("structs/features-le.schema.json");
    assert.deepEqual(parseSchema(json), json);
    const extra = parseSchema({ ...withField({ later: 1 }), later: 1 });
    assert.deepEqual(JSON.parse(JSON.stringify(extra)), withField({}));
  });

  it("writes enum values beyond 2^53 as digits and others as numbers", () => {
    const schema = parseSchema(withEnum({ t: "i64", v: { A: "5", B: "9007199254740993" } }));
    assert.deepEqual(findType(schema, "e"), { k: "enum", t: "i64", v: { A: 5, B: "9007199254740993" } });
  });

  it("does not take names of the prototype for types", () => {
    assert.equal(findType(parseSchema(schemaOf({})), "constructor"), undefined);
  });

  it("stays quick on a schema made to be slow", () => {
    const started = process.cpuUsage();
    throwsCode("bad_schema", () => parseSchema(tree(4000, 15)));
    const { user, system } = process.cpuUsage(started);
    assert.ok(user + system < 2_000_000, "took more than 2 s of the processor");
  });
});

describe("reading the text of a schema", () => {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

  it("takes JSON in UTF-8", () => {
    assert.deepEqual(parseSchemaText(encode(JSON.stringify(schemaOf({})))), schemaOf({}));
  });

  for (const [what, bytes] of [
    ["nothing", new Uint8Array(0)],
    ["half a JSON text", encode('{"v":1,')],
    ["bytes that are not UTF-8", Uint8Array.of(0x22, 0xff, 0x22)],
    ["a byte order mark", encode(`\ufeff${JSON.stringify(schemaOf({}))}`)],
    ["more than 4 MiB", encode(`${JSON.stringify(schemaOf({}))}${" ".repeat(4_194_304)}`)],
    ["a text nested a million deep", encode("[".repeat(1_000_000))],
  ] as const) {
    it(`refuses ${what}`, () => {
      throwsCode("bad_schema", () => parseSchemaText(bytes));
    });
  }
});
