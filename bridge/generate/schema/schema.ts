// SPDX-License-Identifier: MIT
// Builds the schema (docs/schema.md) of the chosen messages from C types and their annotations.
import { layoutHash } from "../../layout/hash.ts";
import { parseSchema } from "../../layout/schema.ts";
import { isScalar, SCALARS } from "../../layout/scalars.ts";
import { BridgeError } from "../../model/errors.ts";
import type { Schema, SchemaEnum, SchemaField, SchemaStruct } from "../../model/schema.ts";
import type { Role } from "../notes/annotations.ts";
import type { Catalog, CEnum, CMember, CRecord } from "../types/ctypes.ts";
import { isCdr } from "./cdr.ts";
import { cdrPads } from "./cdr-pads.ts";
import { FieldReader, MAX_NESTING } from "./fields.ts";
import { jsonInteger } from "./literals.ts";
import type { Notes, Warn } from "../notes/notes.ts";
import { schemaName } from "../types/names.ts";
import { uncovered } from "./pads.ts";
import { unsupported } from "./refusals.ts";

/** A struct that is to be a message. */
export interface MessageChoice {
  readonly record: CRecord;
  readonly role: Role;
}

/** The C member that is a bitfield. */
export interface BitfieldPlace {
  readonly record: CRecord;
  readonly member: CMember;
}

/** The schema, and for each of its message types the C type that it stands for. */
export interface BuiltSchema {
  readonly schema: Schema;
  readonly records: ReadonlyMap<string, CRecord>;
  /** Fields that are bitfields in C and so have neither size nor offset there: `type.field`. */
  readonly bitfields: ReadonlyMap<string, BitfieldPlace>;
  /** How C++ gets at the first element of each dimension of a field, where that is not `[0]`: by `type.field`. */
  readonly elements: ReadonlyMap<string, readonly string[]>;
  readonly catalog: Catalog;
}

/** What stands behind a field's name for the first element of its outer `rank` dimensions; of all of them when left out. */
export function firstElement(
  { elements }: BuiltSchema,
  type: string,
  field: SchemaField,
  rank: number = field.d?.length ?? 0,
): string {
  const steps = elements.get(`${type}.${field.n}`);
  return steps === undefined ? "[0]".repeat(rank) : steps.slice(0, rank).join("");
}

export const MAX_STRUCT_BYTES = 1_048_576;

/**
 * Builds and checks the schema. Throws `type_unsupported`, with the member and its place, when a message holds what cannot be
 * sent, and `bad_schema` when it breaks another bound of the format.
 */
export function buildSchema(
  choices: readonly MessageChoice[],
  catalog: Catalog,
  notes: Notes,
  warn: Warn,
): BuiltSchema {
  const builder = new SchemaBuilder(catalog, notes, warn);
  const records = new Map<string, CRecord>();
  const messages = choices.map(({ record, role }) => {
    const type = builder.struct(record, record.name ?? "message", []);
    records.set(type, record);
    return { ...role, type };
  });
  const open: Schema = { v: 1, endian: catalog.endian, types: builder.types(), messages };
  const types = Object.fromEntries(
    Object.entries(open.types).map(([name, type]) => [name, type.k === "enum" ? type : withHash(open, name, type)]),
  );
  return {
    schema: parseSchema({ ...open, types }),
    records,
    bitfields: builder.bitfields,
    elements: builder.elements,
    catalog,
  };
}

/** Whether a struct could be a message: what is wrong with it, or undefined. */
export function reasonAgainst(record: CRecord, catalog: Catalog, notes: Notes): string | undefined {
  if (record.spelling === undefined) return `${record.name ?? "a struct"} cannot be named from outside of its class`;
  try {
    new SchemaBuilder(catalog, notes, () => undefined).struct(record, record.name ?? "message", []);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof BridgeError && thrown.code === "type_unsupported") return thrown.message;
    throw thrown;
  }
}

function withHash(schema: Schema, name: string, type: SchemaStruct): SchemaStruct {
  return { ...type, hash: layoutHash(schema, name), ...cdrMark(schema, name) };
}

/** The mark of CDR, or what is missing for it. */
function cdrMark(schema: Schema, name: string): Pick<SchemaStruct, "cdr" | "cdrPads"> {
  if (isCdr(schema, name)) return { cdr: true };
  const pads = cdrPads(schema, name);
  return pads === undefined ? {} : { cdrPads: pads };
}

class SchemaBuilder {
  readonly bitfields = new Map<string, BitfieldPlace>();
  readonly elements = new Map<string, readonly string[]>();
  readonly #notes: Notes;
  readonly #fields: FieldReader;
  readonly #names = new Map<CRecord | CEnum, string>();
  readonly #types = new Map<string, SchemaStruct | SchemaEnum | undefined>();
  readonly #ranks = new Map<string, number>();

  constructor(catalog: Catalog, notes: Notes, warn: Warn) {
    this.#notes = notes;
    this.#fields = new FieldReader(catalog, notes, warn, {
      struct: (record, hint, inside) => this.struct(record, hint, inside),
      enumeration: (type, hint) => this.#enumeration(type, hint),
      rankOf: (name) => this.#ranks.get(name) ?? 0,
      bitfield: (owner, place) => this.bitfields.set(`${owner}.${place.member.name ?? ""}`, place),
      elements: (owner, field, steps) => this.elements.set(`${owner}.${field}`, steps),
    });
  }

  /** In the order in which they were first needed. */
  types(): Schema["types"] {
    return Object.fromEntries([...this.#types].flatMap(([name, type]) => (type === undefined ? [] : [[name, type]])));
  }

  /** Adds a struct with all that it holds and returns its name. `inside` are the structs around it. */
  struct(record: CRecord, hint: string, inside: readonly CRecord[]): string {
    const known = this.#names.get(record);
    if (inside.includes(record) || inside.length >= MAX_NESTING) {
      throw unsupported(record, undefined, `is nested more than ${String(MAX_NESTING)} deep`);
    }
    if (known !== undefined) return known;
    const name = this.#reserve(record, record.name ?? hint);
    if (record.bytes === 0) throw unsupported(record, undefined, "is empty");
    if (record.bytes > MAX_STRUCT_BYTES)
      throw unsupported(record, undefined, `is larger than ${String(MAX_STRUCT_BYTES)} bytes`);
    const fields = this.#fields.fieldsOf(record, name, [...inside, record]);
    if (fields.length === 0) throw unsupported(record, undefined, "has no members");
    this.#ranks.set(name, Math.max(...fields.map((field) => (field.d?.length ?? 0) + (this.#ranks.get(field.t) ?? 0))));
    const { doc } = this.#notes.ofRecord(record);
    const pads = uncovered(
      record.bytes,
      fields.map((field) => [field.o, this.#bytesOf(field)]),
    );
    this.#types.set(name, {
      k: "struct",
      size: record.bytes,
      hash: "",
      ...(doc === undefined ? {} : { doc }),
      ...(pads.length === 0 ? {} : { pads }),
      f: fields,
    });
    return name;
  }

  #enumeration(type: CEnum, hint: string): string {
    const known = this.#names.get(type);
    if (known !== undefined) return known;
    const name = this.#reserve(type, type.name ?? hint);
    const { doc, labels } = this.#notes.ofEnum(type);
    this.#types.set(name, {
      k: "enum",
      t: type.scalar,
      ...(doc === undefined ? {} : { doc }),
      v: Object.fromEntries(type.labels.map(([label, value]) => [label, jsonInteger(value)])),
      ...(labels.size === 0 ? {} : { vdoc: Object.fromEntries(labels) }),
    });
    return name;
  }

  /** A struct and a typedef may share a name in C, and "u8" is a scalar: each schema type gets a name of its own. */
  #reserve(type: CRecord | CEnum, wanted: string): string {
    const plain = schemaName(wanted);
    let name = plain;
    for (let i = 2; this.#types.has(name) || isScalar(name); i++) name = `${plain}_${String(i)}`;
    this.#names.set(type, name);
    this.#types.set(name, undefined);
    return name;
  }

  #bytesOf(field: SchemaField): number {
    if (field.b !== undefined) return field.b[0];
    return (field.d ?? []).reduce((product, length) => product * length, this.#sizeOf(field.t));
  }

  #sizeOf(name: string): number {
    const type = this.#types.get(name);
    if (type?.k === "struct") return type.size;
    const scalar = type?.k === "enum" ? type.t : name;
    return isScalar(scalar) ? SCALARS[scalar].bytes : 0;
  }
}
