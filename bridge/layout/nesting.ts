// SPDX-License-Identifier: MIT
// Checks of a schema that need all of its types: names that resolve, no cycles, bounded nesting and size, fields inside their struct.
import type { SchemaEnum, SchemaField, SchemaStruct } from "../model/schema.ts";
import { refuse } from "./check.ts";
import { isScalar, SCALARS } from "./scalars.ts";

export const MAX_NESTING = 16;
/** Fields of a struct when every nested struct is written out once. */
export const MAX_WRITTEN_FIELDS = 65_536;
/** Elements of a struct when every array is written out too; overlapping alternatives count each. */
export const MAX_WRITTEN_ELEMENTS = 4_194_304;
/** Dimensions of a field with those of the arrays of structs around it. */
export const MAX_WRITTEN_DIMENSIONS = 8;

type Types = ReadonlyMap<string, SchemaStruct | SchemaEnum>;

/** What a struct comes to when it is written out. */
interface Extent {
  readonly height: number;
  readonly fields: number;
  readonly elements: number;
  readonly dimensions: number;
}

/** Throws `bad_schema` unless every struct of `types` stays within the bounds. */
export function checkNesting(types: Types): void {
  const known = new Map<string, Extent>();
  for (const [name, type] of types) if (type.k === "struct") measure(name, type, [], types, known);
}

/** `inside` are the structs around, outermost first: its length bounds the recursion. */
function measure(
  name: string,
  struct: SchemaStruct,
  inside: readonly string[],
  types: Types,
  known: Map<string, Extent>,
): Extent {
  if (inside.includes(name)) refuse(`types.${name}`, "contains itself");
  if (inside.length >= MAX_NESTING) refuse(`types.${name}`, `is nested more than ${String(MAX_NESTING)} deep`);
  const before = known.get(name);
  if (before !== undefined) {
    if (inside.length + before.height > MAX_NESTING)
      refuse(`types.${name}`, `nests more than ${String(MAX_NESTING)} deep`);
    return before;
  }
  const around = [...inside, name];
  let [height, fields, elements, dimensions] = [1, 0, 0, 0];
  for (const field of struct.f) {
    const where = `types.${name}.${field.n}`;
    const nested = types.get(field.t);
    const length = (field.d ?? []).reduce((product, each) => product * each, 1);
    checkExtent(field, length * elementBytes(field, nested, where), struct.size, where);
    const inner =
      nested?.k === "struct"
        ? measure(field.t, nested, around, types, known)
        : { height: 0, fields: 0, elements: 1, dimensions: 0 };
    height = Math.max(height, inner.height + 1);
    fields += inner.fields + 1;
    elements += inner.elements * length;
    dimensions = Math.max(dimensions, inner.dimensions + (field.d?.length ?? 0));
    if (fields > MAX_WRITTEN_FIELDS) refuse(where, `makes more than ${String(MAX_WRITTEN_FIELDS)} fields`);
    if (elements > MAX_WRITTEN_ELEMENTS) refuse(where, `makes more than ${String(MAX_WRITTEN_ELEMENTS)} elements`);
    if (dimensions > MAX_WRITTEN_DIMENSIONS)
      refuse(where, `has more than ${String(MAX_WRITTEN_DIMENSIONS)} dimensions`);
  }
  const extent = { height, fields, elements, dimensions };
  known.set(name, extent);
  return extent;
}

function elementBytes(field: SchemaField, type: SchemaStruct | SchemaEnum | undefined, where: string): number {
  if (type?.k === "struct") {
    if (field.b !== undefined) refuse(where, "is a struct and a bitfield");
    return type.size;
  }
  const scalar = type?.k === "enum" ? type.t : field.t;
  if (!isScalar(scalar)) return refuse(where, `has an unknown type "${scalar.slice(0, 80)}"`);
  if (field.b === undefined) return SCALARS[scalar].bytes;
  const { integer, bytes } = SCALARS[scalar];
  if (!integer && scalar !== "bool") refuse(where, "is a bitfield of a type that cannot be one");
  if (field.b[2] > bytes * 8) refuse(where, `is a bitfield wider than ${scalar}`);
  return field.b[0];
}

function checkExtent(field: SchemaField, bytes: number, size: number, where: string): void {
  if (field.o + bytes > size) refuse(where, "ends outside its struct");
}
