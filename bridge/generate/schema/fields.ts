// SPDX-License-Identifier: MIT
// Turns the members of a C struct into fields of the schema.
import { MAX_DIMENSIONS } from "../../layout/schema-field.ts";
import { SCALARS } from "../../layout/scalars.ts";
import type { ScalarType, SchemaField } from "../../model/schema.ts";
import type { Catalog, CEnum, CMember, CRecord, CScalar, CType } from "../types/ctypes.ts";
import type { Annotations } from "../notes/annotations.ts";
import { FieldValues, type AnnotatedField } from "./field-values.ts";
import type { NumberTarget } from "./literals.ts";
import type { Notes, Warn } from "../notes/notes.ts";
import { MESSAGES_HOLD, unsupported } from "./refusals.ts";

/** How field types that have a name of their own get into the schema; each call returns the name. */
export interface TypeAdder {
  struct(record: CRecord, hint: string, inside: readonly CRecord[]): string;
  enumeration(type: CEnum, hint: string): string;
  /** Dimensions inside of a struct that was added. */
  rankOf(name: string): number;
  /** Is told of the fields that are bitfields in C, also those that the schema can write as plain ones. */
  bitfield(owner: string, place: { readonly record: CRecord; readonly member: CMember }): void;
  /** Is told how C++ gets at the first element of each dimension, where that is not `[0]`. */
  elements(owner: string, field: string, steps: readonly string[]): void;
}

export const MAX_DIMENSION_LENGTH = 1_048_576;
const MAX_FIELDS = 4096;
export const MAX_NESTING = 16;
/** Members looked at for one struct: unnamed structs in unnamed structs have no end in a broken file. */
const MAX_VISITS = 65_536;

const FIRST = "[0]";

/** What a member's type is once arrays are taken apart. */
interface Shape {
  readonly type: CScalar | CEnum | CRecord;
  readonly dims: readonly number[];
  /** For each dimension, how C++ gets at its first element. */
  readonly steps: readonly string[];
}

/** A member with the place it has in the struct that its fields go to. */
interface Placed {
  readonly record: CRecord;
  readonly member: CMember;
  readonly base: number;
  readonly alt: number | undefined;
}

/** Reads the members of structs. */
export class FieldReader {
  readonly #notes: Notes;
  readonly #values: FieldValues;
  readonly #types: TypeAdder;

  constructor(catalog: Catalog, notes: Notes, warn: Warn, types: TypeAdder) {
    this.#notes = notes;
    this.#values = new FieldValues(catalog, warn);
    this.#types = types;
  }

  /**
   * The fields of `record`, in the order of their offset; members of unnamed structs and unions are its own, as in C. `name` is
   * the record's in the schema, `inside` the records around it and itself. Throws `type_unsupported`.
   */
  fieldsOf(record: CRecord, name: string, inside: readonly CRecord[]): readonly SchemaField[] {
    const fields: AnnotatedField[] = [];
    let alternatives = 0;
    let visits = 0;
    const walk = (owner: CRecord, base: number, around: number | undefined, depth: number): void => {
      if (depth > MAX_NESTING) throw unsupported(owner, undefined, `is nested more than ${String(MAX_NESTING)} deep`);
      for (const member of owner.members()) {
        if (++visits > MAX_VISITS) throw unsupported(record, undefined, "has too many members");
        const alt = owner.keyword === "union" ? ++alternatives : around;
        if (member.name === undefined && member.type.kind === "record") {
          walk(member.type, base + member.offset, alt, depth + 1);
        } else if (member.name !== undefined) {
          const { name: own } = member;
          if (fields.some(({ field }) => field.n === own))
            throw unsupported(owner, member, "has the name of another member, which it hides");
          fields.push(this.#field({ record: owner, member, base, alt }, own, name, inside));
          if (fields.length > MAX_FIELDS)
            throw unsupported(record, undefined, `has more than ${String(MAX_FIELDS)} members`);
        }
      }
    };
    walk(record, 0, undefined, inside.length);
    return [...this.#values.checked(fields)].sort((a, b) => a.o - b.o);
  }

  #field(placed: Placed, name: string, owner: string, inside: readonly CRecord[]): AnnotatedField {
    const { record, member } = placed;
    const notes = this.#notes.ofMember(record, member);
    return { field: this.#fieldOf(placed, notes, name, owner, inside), member, notes };
  }

  #fieldOf(placed: Placed, notes: Annotations, name: string, owner: string, inside: readonly CRecord[]): SchemaField {
    const { record, member, base, alt } = placed;
    const { type, dims, steps } = shapeOf(placed);
    if (steps.some((step) => step !== FIRST)) this.#types.elements(owner, name, steps);
    const hint = `${owner}_${name}`;
    const bits = type.kind === "record" ? undefined : bitsOf(type, member);
    if (member.bits !== undefined || this.#notes.isBitfield(member)) this.#types.bitfield(owner, { record, member });
    const position = {
      o: base + member.offset,
      ...(dims.length === 0 ? {} : { d: dims }),
      ...(bits === undefined ? {} : { b: bits }),
    };
    const texts = {
      ...(notes.unit === undefined ? {} : { u: notes.unit }),
      ...(notes.doc === undefined ? {} : { doc: notes.doc }),
      ...(alt === undefined ? {} : { alt }),
    };
    if (type.kind === "record") {
      this.#values.refuse(member, notes);
      const nested = this.#types.struct(type, hint, inside);
      if (dims.length + this.#types.rankOf(nested) > MAX_DIMENSIONS) {
        throw unsupported(record, member, `has more than ${String(MAX_DIMENSIONS)} dimensions with those inside of it`);
      }
      const tags = { ...notes.tags, ...(notes.was === undefined ? {} : { was: notes.was.text }) };
      return { n: name, t: nested, ...position, ...texts, tags };
    }
    const scalar = bits === undefined ? type.scalar : bitfieldScalar(type);
    const tagged = type.kind === "scalar" ? this.#values.taggedEnum(member, notes, scalar) : undefined;
    const labels = type.kind === "enum" ? type : tagged;
    const target: NumberTarget = {
      scalar,
      ...(bits === undefined ? {} : { bits: bits[2] }),
      ...(labels === undefined ? {} : { labels: new Map(labels.labels) }),
    };
    const tags = {
      ...notes.tags,
      ...this.#values.tags(member, notes, target, dims.length),
      ...(tagged === undefined ? {} : { enum: this.#types.enumeration(tagged, hint) }),
      ...(this.#values.isBytes(member, notes, scalar, dims.length) ? { bytes: "" } : {}),
    };
    return {
      n: name,
      t: type.kind === "enum" ? this.#types.enumeration(type, hint) : scalar,
      ...position,
      ...texts,
      ...this.#values.numbers(member, notes, target),
      tags,
    };
  }
}

function shapeOf({ record, member }: Placed): Shape {
  let type: CType = member.type;
  const dims: number[] = [];
  const steps: string[] = [];
  for (let depth = 0; type.kind === "array"; depth++) {
    for (const length of type.lengths) {
      if (length === undefined || length < 1)
        throw unsupported(record, member, `is an array without a fixed length and cannot be sent; ${MESSAGES_HOLD}`);
      if (length > MAX_DIMENSION_LENGTH)
        throw unsupported(record, member, `has more than ${String(MAX_DIMENSION_LENGTH)} elements`);
      dims.push(length);
      steps.push(type.member === undefined ? FIRST : `.${type.member}${FIRST}`);
    }
    if (dims.length > MAX_DIMENSIONS || depth > MAX_DIMENSIONS) {
      throw unsupported(record, member, `has more than ${String(MAX_DIMENSIONS)} dimensions`);
    }
    type = type.element;
  }
  if (type.kind === "opaque") throw unsupported(record, member, `is ${type.what} and cannot be sent; ${MESSAGES_HOLD}`);
  return { type, dims, steps };
}

/** A bitfield that fills its type is a plain field: some compilers do not say that it was one. */
function bitsOf(type: CScalar | CEnum, { bits }: CMember): readonly [number, number, number] | undefined {
  if (bits === undefined) return undefined;
  const { bytes } = SCALARS[type.scalar];
  if (bits.shift === 0 && bits.bytes === bytes && bits.width === bytes * 8) return undefined;
  return [bits.bytes, bits.shift, bits.width];
}

/** A bitfield of `char` is a small number, not a character. */
function bitfieldScalar(type: CScalar | CEnum): ScalarType {
  if (type.kind === "scalar" && type.scalar === "c8") return type.signed ? "i8" : "u8";
  return type.scalar;
}
