// SPDX-License-Identifier: MIT
// Compiles a struct of a schema to a layout: nested structs flattened to leaves, arrays of structs to dimensions of their leaves.
import { BridgeError } from "../model/errors.ts";
import type { Dimension, Layout, Leaf, LeafKind, Member, ScalarType, Schema, SchemaField } from "../model/schema.ts";
import { layoutHash } from "./hash.ts";
import { SCALARS, isScalar } from "./scalars.ts";
import { findType } from "./schema.ts";

/** Where a nested struct stands: what its leaves add to their own path, offset and dimensions. */
interface Place {
  readonly path: string;
  readonly offset: number;
  readonly dims: readonly Dimension[];
  /** The path of the field that says how many elements of an array of structs are used. */
  readonly count?: string;
}

/**
 * Compiles the struct `type` of a schema that {@link parseSchema} checked. Codecs keep their plans by the identity of the layout, so
 * compile once per schema and type. Throws `bad_schema` when `type` names no struct.
 */
export function compileLayout(schema: Schema, type: string): Layout {
  const struct = findType(schema, type);
  if (struct?.k !== "struct") throw new BridgeError("bad_schema", `schema: "${type.slice(0, 80)}" names no struct`);
  const leaves: Leaf[] = [];
  const members = compileMembers(schema, struct.f, { path: "", offset: 0, dims: [] }, leaves);
  return {
    type,
    size: struct.size,
    endian: schema.endian,
    hash: layoutHash(schema, type),
    ...(struct.doc === undefined ? {} : { doc: struct.doc }),
    leaves,
    members,
  };
}

/** How a field that is no struct reads, as if it stood alone: its offset is that in its own struct. */
export function leafOf(schema: Schema, field: SchemaField): Leaf {
  return compileLeaf(schema, field, { path: "", offset: 0, dims: [] });
}

function compileMembers(
  schema: Schema,
  fields: readonly SchemaField[],
  place: Place,
  leaves: Leaf[],
): readonly Member[] {
  return fields.map((field): Member => {
    const nested = findType(schema, field.t);
    if (nested?.k !== "struct") {
      const leaf = compileLeaf(schema, field, place);
      leaves.push(leaf);
      return { name: field.n, dims: leaf.dims.slice(place.dims.length), leaf: leaves.length - 1 };
    }
    const dims = dimensions(field.d ?? [], nested.size);
    const inner: Place = {
      path: `${place.path}${field.n}.`,
      offset: place.offset + field.o,
      dims: [...place.dims, ...dims],
      ...countOf(field, place),
    };
    return { name: field.n, dims, members: compileMembers(schema, nested.f, inner, leaves) };
  });
}

function compileLeaf(schema: Schema, field: SchemaField, place: Place): Leaf {
  const { type, labels } = scalarOf(schema, field);
  const isBytes = (type === "u8" || type === "c8") && field.d !== undefined && Object.hasOwn(field.tags ?? {}, "bytes");
  const isText = type === "c8" && !isBytes;
  const own = field.d ?? [];
  const capacity = isText || isBytes ? (own[own.length - 1] ?? 1) : 0;
  const outer = capacity === 0 ? own : own.slice(0, -1);
  const dims = [...place.dims, ...dimensions(outer, capacity === 0 ? SCALARS[type].bytes : capacity)];
  const kind: LeafKind = isText ? "text" : isBytes ? "bytes" : labels === undefined ? scalarKind(type) : "enum";
  return {
    path: place.path + field.n,
    kind,
    type,
    offset: place.offset + field.o,
    dims,
    count: dims.reduce((product, { length }) => product * length, 1),
    capacity,
    ...(field.b === undefined ? {} : { bits: field.b }),
    ...(labels === undefined ? {} : { labels }),
    ...(field.u === undefined ? {} : { unit: field.u }),
    ...(field.min === undefined ? {} : { min: field.min }),
    ...(field.max === undefined ? {} : { max: field.max }),
    ...(field.step === undefined ? {} : { step: field.step }),
    ...(field.def === undefined ? {} : { def: field.def }),
    ...(field.doc === undefined ? {} : { doc: field.doc }),
    ...(field.alt === undefined ? {} : { alt: field.alt }),
    ...otherTags(field, place),
  };
}

function otherTags(field: SchemaField, place: Place): Pick<Leaf, "tags"> {
  const { count: _, ...own } = field.tags ?? {};
  const tags = Object.entries({ ...own, ...countOf(field, place) });
  const others = tags.filter(([tag]) => tag !== "enum" && tag !== "bytes");
  return others.length === 0 ? {} : { tags: Object.fromEntries(others) };
}

/** The name of a counting field is that in its own struct; seen from the message it is a path. */
function countOf({ tags = {} }: SchemaField, { path, count }: Place): { readonly count?: string } {
  if (Object.hasOwn(tags, "count")) return { count: `${path}${tags["count"] ?? ""}` };
  return count === undefined ? {} : { count };
}

/** The scalar that a field is stored as, and the labels of its enum: of its type, or of the tag `enum` of an integer. */
function scalarOf(schema: Schema, field: SchemaField): { type: ScalarType; labels?: ReadonlyMap<string, bigint> } {
  const type = findType(schema, field.t);
  if (type?.k === "enum") return { type: type.t, labels: labelsOf(type.v) };
  if (!isScalar(field.t)) throw new BridgeError("bad_schema", `schema: field "${field.n}" has an unknown type`);
  const tag = Object.hasOwn(field.tags ?? {}, "enum") ? field.tags?.["enum"] : undefined;
  const tagged = tag === undefined ? undefined : findType(schema, tag);
  if (tagged?.k === "enum" && SCALARS[field.t].integer) return { type: field.t, labels: labelsOf(tagged.v) };
  return { type: field.t };
}

function labelsOf(values: Readonly<Record<string, number | string>>): ReadonlyMap<string, bigint> {
  return new Map(Object.entries(values).map(([label, value]) => [label, BigInt(value)]));
}

function scalarKind(type: ScalarType): LeafKind {
  if (type === "bool") return "bool";
  return type === "u64" || type === "i64" ? "bigint" : "number";
}

/** Row-major dimensions of an array: the innermost elements are `elementBytes` apart. */
function dimensions(lengths: readonly number[], elementBytes: number): readonly Dimension[] {
  let stride = elementBytes;
  return [...lengths]
    .reverse()
    .map((length): Dimension => {
      const dimension = { length, stride };
      stride *= length;
      return dimension;
    })
    .reverse();
}
