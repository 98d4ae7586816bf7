// SPDX-License-Identifier: MIT
// Chooses a value for every field of a struct, as a user gives it and as C writes it; of alternatives that overlap only one has a value.
import { integerRange, SCALARS } from "../../../bridge/layout/scalars.ts";
import { findType } from "../../../bridge/layout/schema.ts";
import type { BuiltSchema } from "../../../bridge/generate/schema/schema.ts";
import type { ScalarType, Schema, SchemaField } from "../../../bridge/model/schema.ts";

/** Values of the fields, and C that writes them into `v` and fills the same fields of `ones` with ones. */
export interface ChosenValues {
  readonly values: Readonly<Record<string, unknown>>;
  readonly c: readonly string[];
}

/** Whole numbers from 0 up to and without `below`. */
export type Random = (below: number) => number;

/** The same numbers for the same seed. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    // Marsaglia's xorshift with a step between, so that near seeds do not give near numbers.
    state = (state + 0x9e3779b9) >>> 0;
    let bits = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
    return ((bits ^ (bits >>> 15)) >>> 0) % below;
  };
}

/** A field of a struct type; some bitfields are plain fields to the schema, but not to C. */
export interface OwnedField {
  readonly field: SchemaField;
  readonly isBitfield: boolean;
}

/** The fields of a struct type by its name. */
export function fieldsOf({ schema, bitfields }: BuiltSchema, name: string): readonly OwnedField[] {
  const type = findType(schema, name);
  if (type?.k !== "struct") throw new Error(`${name} is no struct`);
  return type.f.map((field) => ({ field, isBitfield: bitfields.has(`${name}.${field.n}`) }));
}

/** Chooses values for a struct of the schema; `c` writes below `path`, a member access like `.m1[0]` or nothing. */
export function chooseValues(built: BuiltSchema, name: string, path: string, random: Random): ChosenValues {
  const { schema } = built;
  const taken = new Set<number>();
  const c: string[] = [];
  const values: Record<string, unknown> = {};
  for (const owned of fieldsOf(built, name)) {
    const { field } = owned;
    const bits = bitsOf(schema, field);
    if (bits.some((bit) => taken.has(bit))) continue;
    for (const bit of bits) taken.add(bit);
    values[field.n] = chooseField(built, owned, `${path}.${field.n}`, random, c);
  }
  return { values, c };
}

/** What a text's dimensions are beside its capacity. */
export function outerDimensions(field: SchemaField): readonly number[] {
  return field.t === "c8" ? (field.d ?? []).slice(0, -1) : (field.d ?? []);
}

/** The integer, float, bool or character that a field is made of. */
export function scalarOf(schema: Schema, { t }: SchemaField): ScalarType {
  const type = findType(schema, t);
  return type?.k === "enum" ? type.t : (t as ScalarType);
}

function chooseField(built: BuiltSchema, owned: OwnedField, path: string, random: Random, c: string[]): unknown {
  const element = (at: string): unknown => {
    const type = findType(built.schema, owned.field.t);
    if (type?.k !== "struct") return chooseLeaf(built.schema, owned, at, random, c);
    const inner = chooseValues(built, owned.field.t, at, random);
    c.push(...inner.c);
    return inner.values;
  };
  const array = (dims: readonly number[], at: string): unknown => {
    const [length, ...rest] = dims;
    if (length === undefined) return element(at);
    return Array.from({ length }, (_, i) => array(rest, `${at}[${String(i)}]`));
  };
  return array(outerDimensions(owned.field), path);
}

function chooseLeaf(schema: Schema, owned: OwnedField, path: string, random: Random, c: string[]): unknown {
  const { field, isBitfield } = owned;
  const scalar = scalarOf(schema, field);
  if (!isBitfield) c.push(`memset(&ones${path}, 0xff, sizeof ones${path});`);
  else c.push(`ones${path} = ${scalar === "bool" ? "1" : "-1"};`);
  if (scalar === "c8") return chooseText(owned, path, random, c);
  if (SCALARS[scalar].float) return chooseFloat(scalar, path, random, c);
  if (scalar === "bool") {
    const value = random(2) === 1;
    c.push(`v${path} = ${value ? "1" : "0"};`);
    return value;
  }
  const { signed, bytes } = SCALARS[scalar];
  const { least, greatest } = integerRange(signed, field.b?.[2] ?? bytes * 8);
  const type = findType(schema, field.t);
  const labels = type?.k === "enum" ? Object.entries(type.v) : [];
  const [label, labelled] = labels[random(labels.length + 1)] ?? [];
  if (label !== undefined && labelled !== undefined && BigInt(labelled) >= least && BigInt(labelled) <= greatest) {
    c.push(`v${path} = ${label};`);
    return label;
  }
  const value = chooseInteger(least, greatest, random);
  c.push(`v${path} = ${value < 0n ? `(long long)${String(value + 1n)}LL - 1` : `${String(value)}ULL`};`);
  return bytes === 8 ? value : Number(value);
}

function chooseInteger(least: bigint, greatest: bigint, random: Random): bigint {
  const any = least + (((BigInt(random(2 ** 32)) << 32n) | BigInt(random(2 ** 32))) % (greatest - least + 1n));
  return [least, greatest, 0n, any, any][random(5)] ?? any;
}

function chooseFloat(scalar: ScalarType, path: string, random: Random, c: string[]): number {
  const view = new DataView(new ArrayBuffer(8));
  const special = [0, -0, 0.1, 1e-40, -1e300, Infinity, NaN, 3e38][random(16)];
  view.setUint32(0, random(2 ** 32));
  view.setUint32(4, random(2 ** 32));
  const isSingle = scalar === "f32";
  const any = isSingle ? view.getFloat32(0) : view.getFloat64(0);
  const chosen = special ?? (Number.isNaN(any) ? 1.5 : any);
  const value = isSingle && Number.isFinite(chosen) && !Number.isFinite(Math.fround(chosen)) ? 2 : chosen;
  // As bits: some machines change a NaN that they load as a number.
  if (isSingle) view.setFloat32(0, value);
  else view.setFloat64(0, value);
  const bits = isSingle
    ? `unsigned bits = ${String(view.getUint32(0))}u`
    : `unsigned long long bits = ${String(view.getBigUint64(0))}ull`;
  c.push(`{ ${bits}; memcpy(&v${path}, &bits, sizeof bits); }`);
  return value;
}

function chooseText({ field, isBitfield }: OwnedField, path: string, random: Random, c: string[]): string {
  const capacity = field.d?.at(-1) ?? 1;
  const codes = Array.from({ length: random(capacity + 1) }, () => 1 + random(127));
  const bytes = [...codes, 0].slice(0, capacity).join(", ");
  if (isBitfield) c.push(`v${path} = ${bytes};`);
  else c.push(`{ const char text[${String(capacity)}] = {${bytes}}; memcpy(&v${path}, text, sizeof text); }`);
  return String.fromCharCode(...codes);
}

/** The bits of the struct that a field covers, as numbers of byte × 8 + bit. */
function bitsOf(schema: Schema, field: SchemaField): number[] {
  if (field.b !== undefined) {
    const [bytes, shift, width] = field.b;
    return Array.from({ length: width }, (_, i) => {
      const at = Math.floor((shift + i) / 8);
      return (field.o + (schema.endian === "le" ? at : bytes - 1 - at)) * 8 + ((shift + i) % 8);
    });
  }
  const type = findType(schema, field.t);
  const element = type?.k === "struct" ? type.size : SCALARS[scalarOf(schema, field)].bytes;
  const bytes = (field.d ?? []).reduce((product, length) => product * length, element);
  return Array.from({ length: bytes * 8 }, (_, i) => field.o * 8 + i);
}
