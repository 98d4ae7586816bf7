// SPDX-License-Identifier: MIT
// The schema JSON as types (docs/schema.md), and the compiled layout that decoders work from.

/** The scalar types of the format; `c8` is a character. */
export type ScalarType = "u8" | "u16" | "u32" | "u64" | "i8" | "i16" | "i32" | "i64" | "f32" | "f64" | "bool" | "c8";

/** An integer in JSON: a number, or a string of digits beyond ±2⁵³. */
export type JsonInteger = number | string;

/** One field of a struct as the schema JSON writes it. */
export interface SchemaField {
  readonly n: string;
  readonly t: string;
  readonly o: number;
  readonly d?: readonly number[];
  readonly b?: readonly [bytes: number, shift: number, width: number];
  readonly u?: string;
  readonly min?: JsonInteger;
  readonly max?: JsonInteger;
  readonly step?: JsonInteger;
  readonly def?: JsonInteger;
  readonly doc?: string;
  readonly alt?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A gap of a struct type that a field of bytes would have to fill. */
export type CdrPad = readonly [type: string, offset: number, length: number];

/** A struct type of the schema JSON. */
export interface SchemaStruct {
  readonly k: "struct";
  readonly size: number;
  readonly hash: string;
  readonly f: readonly SchemaField[];
  readonly doc?: string;
  readonly pads?: readonly (readonly [offset: number, length: number])[];
  /** Whether the bytes are also what CDR (of DDS and ROS 2) would write. */
  readonly cdr?: true;
  /** The pads that would make them so, where pads can. */
  readonly cdrPads?: readonly CdrPad[];
}

/** An enum type of the schema JSON. */
export interface SchemaEnum {
  readonly k: "enum";
  readonly t: ScalarType;
  readonly v: Readonly<Record<string, JsonInteger>>;
  readonly vdoc?: Readonly<Record<string, string>>;
  readonly doc?: string;
}

/** What a type is for. */
export interface SchemaMessage {
  readonly name: string;
  readonly role: "channel" | "parameter" | "request" | "reply";
  readonly type: string;
}

/** A validated schema. */
export interface Schema {
  readonly v: 1;
  readonly endian: "le" | "be";
  readonly types: Readonly<Record<string, SchemaStruct | SchemaEnum>>;
  readonly messages: readonly SchemaMessage[];
}

/** How a leaf reads: numbers fit a double exactly, bigints are 64-bit integers, text is `c8[n]` (a lone `c8` has n = 1), bytes is `u8[n]` or `c8[n]` tagged `bytes`. */
export type LeafKind = "number" | "bigint" | "bool" | "enum" | "text" | "bytes";

/** An array dimension around a leaf: so many elements, so many bytes apart. */
export interface Dimension {
  readonly length: number;
  readonly stride: number;
}

/**
 * A primitive leaf of a struct: nested structs are flattened, arrays of structs become dimensions of their leaves. `path` is the name in
 * columns, `a.b` for nested fields; `items.x` with `dims` of `items` first for arrays of structs.
 */
export interface Leaf {
  readonly path: string;
  readonly kind: LeafKind;
  readonly type: ScalarType;
  readonly offset: number;
  /** Outermost first; for text and bytes without their own last dimension, which is `capacity`. */
  readonly dims: readonly Dimension[];
  /** Elements per sample: the product of `dims`. */
  readonly count: number;
  /** Bytes of a text or bytes leaf, else 0. */
  readonly capacity: number;
  readonly bits?: readonly [bytes: number, shift: number, width: number];
  /** Of an enum: label → value, exact. */
  readonly labels?: ReadonlyMap<string, bigint>;
  readonly unit?: string;
  readonly min?: JsonInteger;
  readonly max?: JsonInteger;
  readonly step?: JsonInteger;
  readonly def?: JsonInteger;
  readonly doc?: string;
  readonly alt?: number;
  /** Other annotations, without those that the kind already says. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A name of a struct as values nest: its own dimensions and either a leaf (its index in `leaves`) or the members of a nested struct. */
export type Member =
  | { readonly name: string; readonly dims: readonly Dimension[]; readonly leaf: number }
  | { readonly name: string; readonly dims: readonly Dimension[]; readonly members: readonly Member[] };

/** A struct type compiled for decoding. Immutable; one object per type and schema, so that codecs can keep their plans by identity. */
export interface Layout {
  readonly type: string;
  readonly size: number;
  readonly endian: "le" | "be";
  readonly hash: string;
  readonly doc?: string;
  readonly leaves: readonly Leaf[];
  /** The same fields as they nest; what objects are made from. */
  readonly members: readonly Member[];
}
