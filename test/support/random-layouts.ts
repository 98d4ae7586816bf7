// SPDX-License-Identifier: MIT
// Random schemas with every feature, and random bytes for structs of them.
import fc from "fast-check";
import type { ScalarType } from "../../bridge/model/schema.ts";

/** A schema as JSON whose struct is `message`, and that struct's size. */
export interface RandomSchema {
  readonly json: object;
  readonly size: number;
}

/** One field before it has its place. */
interface Plan {
  readonly field: Readonly<Record<string, unknown>>;
  readonly bytes: number;
  readonly gap: number;
}

interface Nested {
  readonly fields: readonly Plan[];
}

const BYTES: Readonly<Record<ScalarType, number>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  i8: 1,
  i16: 2,
  i32: 4,
  i64: 8,
  f32: 4,
  f64: 8,
  bool: 1,
  c8: 1,
};
const SCALARS = Object.keys(BYTES) as ScalarType[];
const INTEGERS = SCALARS.filter((type) => /^[ui]/.test(type));

const dims = fc.oneof(
  { weight: 3, arbitrary: fc.constant<number[]>([]) },
  { weight: 2, arbitrary: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }) },
);

/** With those of the structs around them fields may have 8 dimensions. */
const fewDims = dims.map((lengths) => lengths.slice(0, 2));

function sized(
  field: Readonly<Record<string, unknown>>,
  element: number,
  lengths: readonly number[],
  gap: number,
): Plan {
  const bytes = lengths.reduce((product, length) => product * length, element);
  return { field: lengths.length === 0 ? field : { ...field, d: lengths }, bytes, gap };
}

const scalar = fc
  .record({ t: fc.constantFrom(...SCALARS), lengths: dims, gap: fc.integer({ min: 0, max: 3 }) })
  .map(({ t, lengths, gap }) => sized({ t }, BYTES[t], lengths, gap));

const bytes = fc
  .record({
    t: fc.constantFrom("u8", "c8"),
    lengths: dims,
    last: fc.integer({ min: 1, max: 9 }),
    gap: fc.integer({ min: 0, max: 1 }),
  })
  .map(({ t, lengths, last, gap }) => sized({ t, tags: { bytes: "" } }, 1, [...lengths, last], gap));

const labelled = fc
  .record({ t: fc.constantFrom("small", "wide"), lengths: dims, gap: fc.integer({ min: 0, max: 1 }) })
  .map(({ t, lengths, gap }) => sized({ t }, t === "small" ? 1 : 8, lengths, gap));

/** Several bitfields in one load of 1 to 9 bytes, none over another. */
const bitfields = fc
  .record({
    load: fc.integer({ min: 1, max: 9 }),
    types: fc.array(fc.constantFrom(...INTEGERS, "bool" as const), { minLength: 1, maxLength: 4 }),
    widths: fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 4, maxLength: 4 }),
  })
  .map(({ load, types, widths }): Plan[] => {
    let shift = 0;
    return types.flatMap((t, i) => {
      const width = Math.min(widths[i] ?? 1, BYTES[t] * 8, load * 8 - shift);
      if (width < 1) return [];
      const field = { t, b: [load, shift, width] };
      shift += width;
      return [{ field, bytes: i === 0 ? load : 0, gap: 0 }];
    });
  });

const { struct } = fc.letrec<{ struct: Nested; field: Plan[] }>((tie) => ({
  struct: fc.record({ fields: fc.array(tie("field"), { minLength: 1, maxLength: 6 }).map((lists) => lists.flat()) }),
  field: fc.oneof(
    { maxDepth: 2, depthSize: "small" },
    scalar.map((plan) => [plan]),
    bytes.map((plan) => [plan]),
    labelled.map((plan) => [plan]),
    bitfields,
    fc
      .record({ inner: tie("struct"), lengths: fewDims, gap: fc.integer({ min: 0, max: 2 }) })
      .map(({ inner, lengths, gap }) => [sized({ t: inner }, place(inner).size, lengths, gap)]),
  ),
}));

/** Random schemas; their structs nest, and no field covers another. */
export const randomSchema: fc.Arbitrary<RandomSchema> = fc
  .record({ root: struct, endian: fc.constantFrom("le", "be") })
  .map(({ root, endian }) => {
    const types: Record<string, unknown> = {
      small: { k: "enum", t: "u8", v: { ZERO: 0, ONE: 1, MANY: 200 } },
      wide: { k: "enum", t: "i64", v: { MINUS: -1, ZERO: 0, HUGE: "4611686018427387904" } },
    };
    define(root, "message", types);
    return { json: { v: 1, endian, types }, size: place(root).size };
  });

/** Bytes in which special values turn up: all zeroes, all ones, NaNs, and anything. */
export function randomBytes(length: number): fc.Arbitrary<Uint8Array> {
  const byte = fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xc0, 0xf0, 0xff), fc.integer({ min: 0, max: 255 }));
  return fc.array(byte, { minLength: length, maxLength: length }).map((list) => Uint8Array.from(list));
}

function place({ fields }: Nested): { readonly offsets: readonly number[]; readonly size: number } {
  let at = 0;
  let start = 0;
  const offsets = fields.map(({ bytes: own, gap }) => {
    // A further bitfield of the same load has no bytes of its own.
    if (own > 0) start = at + gap;
    at = Math.max(at, start + own);
    return start;
  });
  return { offsets, size: at };
}

function define(nested: Nested, name: string, types: Record<string, unknown>): void {
  const { offsets, size } = place(nested);
  const fields = nested.fields.map(({ field }, i) => {
    const inner = field["t"];
    const n = `f${String(i)}`;
    if (typeof inner === "string") return { ...field, n, o: offsets[i] };
    const type = `${name}_${n}`;
    define(inner as Nested, type, types);
    return { ...field, n, o: offsets[i], t: type };
  });
  types[name] = { k: "struct", size, hash: "", f: fields };
}
