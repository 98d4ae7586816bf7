// SPDX-License-Identifier: MIT
// Filters of both codecs: exactly the samples that fulfil them, whole and in order; hostile filters are refused.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { makeFilter } from "../../../bridge/layout/select/filter.ts";
import { OPERATORS, type Filter, type Operator } from "../../../bridge/layout/select/filter-node.ts";
import { compileLayout } from "../../../bridge/layout/compile.ts";
import { elementOffset } from "../../../bridge/layout/element.ts";
import { parseSchema } from "../../../bridge/layout/schema.ts";
import type { Layout, Leaf } from "../../../bridge/model/schema.ts";
import { CODECS, layoutOf, throwsCode, vector } from "../../support/codecs.ts";
import { randomBytes, randomSchema } from "../../support/random-layouts.ts";
import { batchRecord, doubles } from "../../support/records.ts";
import { batchOf, samplesOf } from "../../support/samples.ts";

const [plain] = CODECS;
assert.ok(plain !== undefined);

/** Both byte orders: what a big-endian machine sends is compared as its numbers, not as its bytes. */
const LAYOUTS = (["le", "be"] as const).map((endian) =>
  layoutOf(
    32,
    [
      { n: "big", t: "u64", o: 0 },
      { n: "x", t: "f32", o: 8 },
      { n: "mode", t: "mode", o: 12 },
      { n: "on", t: "bool", o: 13 },
      { n: "name", t: "c8", o: 14, d: [4] },
      { n: "low", t: "i16", o: 18, d: [3] },
      { n: "bits", t: "i8", o: 24, b: [1, 2, 3] },
      { n: "key", t: "u8", o: 25, d: [3], tags: { bytes: "" } },
    ],
    { endian, types: { mode: { k: "enum", t: "u8", v: { OFF: 0, ON: 1 } } } },
  ),
);

/** Encodes values of a sample each and says which of them pass, by their place. */
function passing(layout: Layout, values: readonly Readonly<Record<string, unknown>>[], filter: unknown): number[][] {
  return CODECS.map((codec) => {
    const samples = values.map((each) => codec.encode(layout, each).value);
    const kept = codec.filter(makeFilter(layout, filter), batchRecord({ stream: 1, first: 0, samples }));
    return samplesOf(...kept).map(({ sequence }) => sequence);
  });
}

function passes(
  values: readonly Readonly<Record<string, unknown>>[],
  filter: unknown,
  expected: readonly number[],
): void {
  for (const layout of LAYOUTS) {
    for (const found of passing(layout, values, filter)) assert.deepEqual(found, expected, JSON.stringify(filter));
  }
}

const is = (field: string, op: Operator, value: unknown): Filter => ({ field, op, value });

/** One element of a struct as a filter names it. */
interface Named {
  readonly name: string;
  readonly leaf: Leaf;
  readonly element: number;
}

function elementsOf(layout: Layout, members = layout.members, prefix = "", around = 0): Named[] {
  return members.flatMap((member) => {
    let places = [{ name: prefix + member.name, at: around }];
    for (const { length } of member.dims) {
      places = places.flatMap(({ name, at }) =>
        Array.from({ length }, (_, i) => ({ name: `${name}[${String(i)}]`, at: at * length + i })),
      );
    }
    return places.flatMap(({ name, at }): Named[] => {
      if ("members" in member) return elementsOf(layout, member.members, `${name}.`, at);
      const leaf = layout.leaves[member.leaf];
      return leaf === undefined || leaf.kind === "bytes" ? [] : [{ name, leaf, element: at }];
    });
  });
}

function valueOf(layout: Layout, struct: Uint8Array, { leaf, element }: Named): number | bigint | string {
  const column = plain?.columns(layout, batchOf([{ sequence: 0, time: 0n, bytes: struct }]), [leaf.path])[leaf.path];
  return column?.[element] ?? 0;
}

/** Asks for a value that stands there, or one beside it. */
function asking(value: number | bigint | string, { leaf }: Named, beside: number): number | bigint | string {
  if (typeof value === "string") return value;
  if (typeof value === "bigint") return value + BigInt(beside);
  const near = value + beside / 2;
  return Number.isNaN(near) || (!leaf.type.startsWith("f") && !Number.isFinite(near)) ? 1 : near;
}

/** A random struct, bytes of it, and a filter that asks for values that turn up there. */
const question = randomSchema
  .map(({ json, size }) => ({ layout: compileLayout(parseSchema(json), "message"), size }))
  .filter(({ layout }) => elementsOf(layout).length > 0)
  .chain(({ layout, size }) =>
    fc.record({
      layout: fc.constant(layout),
      structs: fc.array(randomBytes(size), { minLength: 1, maxLength: 8 }),
      asked: fc.array(
        fc.record({
          named: fc.constantFrom(...elementsOf(layout)),
          sample: fc.nat(),
          op: fc.nat(),
          beside: fc.integer({ min: -1, max: 1 }),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      how: fc.constantFrom("and" as const, "or" as const, "not" as const),
    }),
  )
  .map(({ layout, structs, asked, how }) => {
    const parts = asked.map(({ named, sample, op, beside }): Filter => {
      const value = asking(
        valueOf(layout, structs[sample % structs.length] ?? new Uint8Array(0), named),
        named,
        beside,
      );
      const ops = (named.leaf.kind === "text" ? ["=", "!=", "in"] : OPERATORS) as readonly Operator[];
      const operator = ops[op % ops.length] ?? "=";
      return is(named.name, operator, operator === "in" ? [value] : operator === "between" ? [value, value] : value);
    });
    const filter: Filter = how === "not" ? { not: { and: parts } } : how === "and" ? { and: parts } : { or: parts };
    return { layout, structs, filter };
  });

/** Whether a struct fulfils a filter, said in the plainest way. */
function said(layout: Layout, struct: Uint8Array, filter: Filter): boolean {
  if ("and" in filter) return filter.and.every((each) => said(layout, struct, each));
  if ("or" in filter) return filter.or.some((each) => said(layout, struct, each));
  if ("not" in filter) return !said(layout, struct, filter.not);
  const named = elementsOf(layout).find(({ name }) => name === filter.field);
  assert.ok(named !== undefined);
  const value = valueOf(layout, struct, named);
  const [asked] = (Array.isArray(filter.value) ? filter.value : [filter.value]) as (number | bigint | string)[];
  assert.ok(asked !== undefined);
  if (typeof asked === "string" || typeof value === "string") {
    const from = elementOffset(named.leaf, named.element);
    const bytes = Buffer.from(struct.slice(from, from + named.leaf.capacity));
    const text = bytes.subarray(0, bytes.includes(0) ? bytes.indexOf(0) : bytes.length);
    return (filter.op === "!=") !== text.equals(Buffer.from(String(asked)));
  }
  const to = named.leaf.type === "f32" ? Math.fround(Number(asked)) : asked;
  // Numbers and bigints compare by their values.
  if (filter.op === "<") return value < to;
  if (filter.op === "<=") return value <= to;
  if (filter.op === ">") return value > to;
  if (filter.op === ">=") return value >= to;
  return (filter.op === "!=") !== (value >= to && value <= to);
}

describe("filters", () => {
  it("compare 64-bit integers to the last digit", () => {
    const values = [{ big: 2n ** 63n - 1n }, { big: 2n ** 63n }, { big: 2n ** 64n - 1n }, { big: 0 }];
    passes(values, is("big", "=", "9223372036854775808"), [1]);
    passes(values, is("big", ">", "9223372036854775807"), [1, 2]);
    passes(values, is("big", "<", 2 ** 63), [0, 3]);
    passes(values, is("big", ">=", -1), [0, 1, 2, 3]);
    passes(values, is("big", "<", 0), []);
    passes(values, is("big", "in", [0, "18446744073709551615", -7]), [2, 3]);
  });

  it("compare integers with fractions as numbers", () => {
    const values = [{ low: [-2, 0, 0] }, { low: [-1, 0, 0] }, { low: [0, 0, 0] }, { low: [1, 0, 0] }];
    passes(values, is("low[0]", "<", -0.5), [0, 1]);
    passes(values, is("low[0]", ">", -1.5), [1, 2, 3]);
    passes(values, is("low[0]", "=", 0.5), []);
    passes(values, is("low[0]", "!=", 0.5), [0, 1, 2, 3]);
    passes(values, is("low[0]", "between", [-1.5, 0.5]), [1, 2]);
    passes(values, is("low[0]", "<=", 1e300), [0, 1, 2, 3]);
    passes(values, is("low[0]", "between", [1, -1]), []);
  });

  it("round to the type of a float, and pass a NaN only where it differs", () => {
    const values = [{ x: 0.1 }, { x: NaN }, { x: -0 }, { x: Infinity }];
    passes(values, is("x", "=", 0.1), [0]);
    passes(values, is("x", "<=", 0.1), [0, 2]);
    passes(values, is("x", "<", 0.1), [2]);
    passes(values, is("x", ">", 0.1), [3]);
    passes(values, is("x", "=", 0), [2]);
    passes(values, is("x", ">", 0), [0, 3]);
    passes(values, is("x", "!=", 0.1), [1, 2, 3]);
    passes(values, is("x", ">=", -Infinity), [0, 2, 3]);
    passes(values, { not: is("x", ">=", 0) }, [1]);
  });

  it("know labels, truth, texts, bitfields and single elements", () => {
    const values = [
      { mode: "ON", on: true, name: "ab", low: [1, 2, 3], bits: -4 },
      { mode: "OFF", on: false, name: "abcd", low: [4, 5, 6], bits: 3 },
      { mode: 7, on: false, name: "", low: [7, 8, 9], bits: 0 },
    ];
    passes(values, is("mode", "=", "ON"), [0]);
    passes(values, is("mode", "in", ["OFF", 7]), [1, 2]);
    passes(values, is("mode", ">", "OFF"), [0, 2]);
    passes(values, is("on", "=", true), [0]);
    passes(values, is("on", "!=", true), [1, 2]);
    passes(values, is("name", "=", "ab"), [0]);
    passes(values, is("name", "in", ["abcd", "abcde", ""]), [1, 2]);
    passes(values, is("name", "!=", "abcde"), [0, 1, 2]);
    passes(values, is("low[1]", ">=", 5), [1, 2]);
    passes(values, is("bits", "<", 0), [0]);
    passes(values, { or: [{ and: [is("on", "=", false), is("low[2]", "<", 7)] }, is("bits", "=", -4)] }, [0, 1]);
  });

  it("are refused when they are none, too large, too deep, or do not fit the struct", () => {
    const [layout] = LAYOUTS;
    assert.ok(layout !== undefined);
    const good = is("x", ">", 1);
    const nested = (depth: number): unknown =>
      Array.from({ length: depth }).reduce((inner: unknown) => ({ not: inner }), good);
    makeFilter(layout, nested(15));
    makeFilter(layout, { and: Array.from({ length: 255 }, () => good) });
    const bad: readonly unknown[] = [
      ...[
        undefined,
        null,
        1,
        "x > 1",
        [],
        [good],
        {},
        { and: [] },
        { or: good },
        { not: [good] },
        { and: [good], or: [good] },
      ],
      ...[{ ...good, more: 1 }, { field: "x", op: ">" }, { field: 1, op: ">", value: 1 }, is("x", "~" as Operator, 1)],
      ...[
        is("x", "in", 1),
        is("x", "in", []),
        is(
          "x",
          "in",
          Array.from({ length: 257 }, () => 1),
        ),
        is("x", "between", [1]),
        is("x", "=", [1]),
      ],
      ...[
        is("x", "=", "1"),
        is("x", "=", NaN),
        is("x", "=", null),
        is("x", "=", true),
        is("x", "=", 1n),
        is("x", "=", {}),
      ],
      ...[
        is("big", "=", "1.5"),
        is("big", "=", Infinity),
        is("big", "=", true),
        is("mode", "=", "NONE"),
        is("on", "=", "true"),
      ],
      ...[is("name", "<", "a"), is("name", "=", 1), is("name", "=", "a\0"), is("key", "=", "AAAA"), is("low", "=", 1)],
      ...[nested(16), { and: Array.from({ length: 256 }, () => good) }, JSON.parse('{"__proto__":[]}') as unknown],
      ...[nested(10_000), is("x".repeat(5000), "=", 1)],
    ];
    for (const filter of bad) throwsCode("bad_filter", () => makeFilter(layout, filter));
    for (const field of ["y", "x.y", "low[3]", "low[0][0]", "", "__proto__", "constructor"]) {
      throwsCode("unknown_field", () => makeFilter(layout, is(field, "=", 1)));
    }
  });

  for (const codec of CODECS) {
    it(`give back the ${codec.name} codec's batch as it is when all of it passes, and nothing when nothing does`, () => {
      const layout = layoutOf(8, [{ n: "x", t: "f64", o: 0 }]);
      const batch = batchRecord({ stream: 1, first: 3, samples: doubles(1, 2, 3) });
      assert.equal(codec.filter(makeFilter(layout, is("x", ">", 0)), batch)[0], batch);
      assert.deepEqual(codec.filter(makeFilter(layout, is("x", ">", 3)), batch), []);
      const wanted = batchRecord({ stream: 1, first: 4, time: 1_000_000n, samples: doubles(2) });
      assert.deepEqual(codec.filter(makeFilter(layout, is("x", "=", 2)), batch), [wanted]);
    });

    it(`want the ${codec.name} codec to be given structs of their layout`, () => {
      const filter = makeFilter(layoutOf(8, [{ n: "x", t: "f64", o: 0 }]), is("x", ">", 0));
      throwsCode("bad_record", () =>
        codec.filter(filter, batchRecord({ stream: 1, first: 0, samples: [new Uint8Array(4)] })),
      );
      throwsCode("bad_record", () => codec.filter(filter, vector("good/pong.bin")));
    });
  }

  it("pass what their words say, whatever the struct and its bytes", () => {
    fc.assert(
      fc.property(question, ({ layout, structs, filter }) => {
        const samples = structs.map((bytes, i) => ({ sequence: i * 2, time: BigInt(i), bytes }));
        const batch = batchOf(samples);
        const expected = samples.filter(({ bytes }) => said(layout, bytes, filter));
        const [a = [], b = []] = CODECS.map((codec) => codec.filter(makeFilter(layout, filter), batch));
        assert.deepEqual(samplesOf(...a), expected);
        assert.deepEqual(a, b);
      }),
      { numRuns: 300 },
    );
  });
});
