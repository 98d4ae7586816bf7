// SPDX-License-Identifier: MIT
// A struct with only some of its fields: the layout of the smaller struct, and how its bytes are made from the larger one's.
import { BridgeError } from "../../model/errors.ts";
import type { Layout, Member, Schema, SchemaEnum, SchemaField, SchemaStruct } from "../../model/schema.ts";
import { leafAt } from "../column.ts";
import { compileLayout } from "../compile.ts";
import { elementOffset } from "../element.ts";
import { layoutHash } from "../hash.ts";
import { SCALARS } from "../scalars.ts";
import { MAX_STRUCT_BYTES, parseSchema } from "../schema.ts";

const MAX_NAME_LENGTH = 255;

/** Fields of a layout as a layout of their own, compiled once; what {@link Codec.project} works from. */
export interface Projection {
  readonly source: Layout;
  /** Of the struct with just these fields: named, nested and ordered as in the source, each at its natural alignment. */
  readonly layout: Layout;
  /** The schema whose struct `layout.type` is the layout, and which holds nothing else: what a `schema` event carries. */
  readonly schema: Schema;
  /** Three numbers for each run of bytes that is copied: from, to, length. */
  readonly moves: Uint32Array;
  /** Three numbers for each element that is a bitfield and becomes an integer of its type: leaf and element of the source, to. */
  readonly widenings: Uint32Array;
}

/**
 * Makes the projection to `paths`: each names a field, or a nested struct with all of its fields. Arrays stay whole. A bitfield becomes a plain
 * integer of its type. Byte order, units, limits, labels and texts are kept. Throws `unknown_field`, `invalid_argument` for no path at
 * all, and `message_too_large` when the fields, each at its alignment, make more than 1 MiB.
 */
export function makeProjection(layout: Layout, paths: readonly string[]): Projection {
  if (paths.length === 0) throw new BridgeError("invalid_argument", "there are no fields to keep");
  const kept = select(layout, paths);
  const builder = new SchemaBuilder(layout, kept);
  const bare = parseSchema(builder.build());
  const types = Object.entries(bare.types).map(([name, type]): [string, SchemaStruct | SchemaEnum] =>
    type.k === "struct" ? [name, { ...type, hash: layoutHash(bare, name) }] : [name, type],
  );
  const schema: Schema = { ...bare, types: Object.fromEntries(types) };
  const target = compileLayout(schema, layout.type);
  return { source: layout, layout: target, schema, ...movesOf(layout, [...kept], target) };
}

/** Indices of the leaves at or under the paths, in the order of the struct. */
function select(layout: Layout, paths: readonly string[]): ReadonlySet<number> {
  const wanted = new Set(paths);
  const met = new Set<string>();
  const kept = new Set<number>();
  layout.leaves.forEach(({ path }, index) => {
    for (let end = path.length; end > 0; end = path.lastIndexOf(".", end - 1)) {
      const prefix = path.slice(0, end);
      if (!wanted.has(prefix)) continue;
      kept.add(index);
      met.add(prefix);
    }
  });
  const missing = paths.find((path) => !met.has(path));
  if (missing !== undefined) {
    throw new BridgeError("unknown_field", `${layout.type} has no field "${missing.slice(0, 200)}"`);
  }
  return kept;
}

/** Fields with their places, and what they come to. */
interface Placed {
  readonly fields: readonly SchemaField[];
  readonly size: number;
  readonly align: number;
}

/** Writes the types of the smaller struct. Equal types are written once, so that there are never more of them than the source has. */
class SchemaBuilder {
  readonly #layout: Layout;
  readonly #kept: ReadonlySet<number>;
  readonly #types = new Map<string, SchemaStruct | SchemaEnum>();
  readonly #known = new Map<string, string>();

  constructor(layout: Layout, kept: ReadonlySet<number>) {
    this.#layout = layout;
    this.#kept = kept;
  }

  build(): Schema {
    const { type, doc, endian, members } = this.#layout;
    const { fields, size } = this.#place(members, `${type}.`);
    if (size > MAX_STRUCT_BYTES) {
      throw new BridgeError(
        "message_too_large",
        `these fields of ${type} make ${String(size)} bytes, 1 MiB is the most`,
      );
    }
    this.#types.set(type, { k: "struct", size, hash: "", f: fields, ...(doc === undefined ? {} : { doc }) });
    return { v: 1, endian, types: Object.fromEntries(this.#types), messages: [] };
  }

  #place(members: readonly Member[], path: string): Placed {
    const fields: SchemaField[] = [];
    let [end, align] = [0, 1];
    for (const member of members) {
      const found = "members" in member ? this.#struct(member, path) : this.#leaf(member.leaf, member);
      if (found === undefined) continue;
      const offset = Math.ceil(end / found.align) * found.align;
      fields.push({ ...found.field, o: offset });
      end = offset + found.bytes * member.dims.reduce((product, { length }) => product * length, 1);
      align = Math.max(align, found.align);
    }
    return { fields, size: Math.ceil(end / align) * align, align };
  }

  #struct(
    member: Member & { members: readonly Member[] },
    path: string,
  ): { field: SchemaField; bytes: number; align: number } | undefined {
    const { name, dims, members } = member;
    const { fields, size, align } = this.#place(members, `${path}${name}.`);
    if (fields.length === 0) return undefined;
    const t = this.#type(`${path}${name}`, { k: "struct", size, hash: "", f: fields });
    return { field: { n: name, t, o: 0, ...lengths(dims.map(({ length }) => length)) }, bytes: size, align };
  }

  #leaf(index: number, { name, dims }: Member): { field: SchemaField; bytes: number; align: number } | undefined {
    if (!this.#kept.has(index)) return undefined;
    const { path, type, kind, capacity, labels, unit, min, max, step, def, doc, alt } = leafAt(this.#layout, index);
    const v = [...(labels ?? [])].map(([label, value]): [string, string] => [label, value.toString()]);
    const t =
      labels === undefined
        ? type
        : this.#type(`${this.#layout.type}.${path}`, { k: "enum", t: type, v: Object.fromEntries(v) });
    const field: SchemaField = {
      n: name,
      t,
      o: 0,
      ...lengths([...dims.map(({ length }) => length), ...(capacity === 0 ? [] : [capacity])]),
      ...(unit === undefined ? {} : { u: unit }),
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      ...(step === undefined ? {} : { step }),
      ...(def === undefined ? {} : { def }),
      ...(doc === undefined ? {} : { doc }),
      ...(alt === undefined ? {} : { alt }),
      ...(kind === "bytes" ? { tags: { bytes: "" } } : {}),
    };
    const { bytes } = SCALARS[type];
    return { field, bytes: capacity === 0 ? bytes : capacity, align: bytes };
  }

  /** The name of a type: that of an equal one where there is one. */
  #type(name: string, type: SchemaStruct | SchemaEnum): string {
    const text = JSON.stringify(type);
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    // Paths make readable names; one that is too long gets a number, in front of which stands what the struct's own name has not.
    const mark = this.#layout.type.startsWith("#") ? "$" : "#";
    const own = name.length > MAX_NAME_LENGTH ? mark + String(this.#known.size) : name;
    this.#known.set(text, own);
    this.#types.set(own, type);
    return own;
  }
}

function lengths(d: readonly number[]): { d?: readonly number[] } {
  return d.length === 0 ? {} : { d };
}

function movesOf(source: Layout, kept: readonly number[], target: Layout): Pick<Projection, "moves" | "widenings"> {
  const moves: number[] = [];
  const widenings: number[] = [];
  kept.forEach((index, i) => {
    const [from, to] = [leafAt(source, index), leafAt(target, i)];
    const bytes = from.capacity === 0 ? SCALARS[from.type].bytes : from.capacity;
    for (let element = 0; element < from.count; element++) {
      const place = elementOffset(to, element);
      if (from.bits === undefined) addMove(moves, elementOffset(from, element), place, bytes);
      else widenings.push(index, element, place);
    }
  });
  return { moves: Uint32Array.from(moves), widenings: Uint32Array.from(widenings) };
}

/** Goes on with the move before where both sides do. */
function addMove(moves: number[], from: number, to: number, bytes: number): void {
  const last = moves.length - 3;
  const [lastFrom = -1, lastTo = -1, lastBytes = 0] = last < 0 ? [] : moves.slice(last);
  if (lastFrom + lastBytes === from && lastTo + lastBytes === to) moves[last + 2] = lastBytes + bytes;
  else moves.push(from, to, bytes);
}
