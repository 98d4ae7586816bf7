// SPDX-License-Identifier: MIT
// C types as the compiler laid them out: what the debug information says, before anything of the schema is decided.
import type { ScalarType } from "../../model/schema.ts";
import type { Position } from "../object/dwarf.ts";

/** A type that a member can have. Types refer to each other lazily, so that unused ones cost nothing. */
export type CType = CScalar | CEnum | CRecord | CArray | COpaque;

export interface CScalar {
  readonly kind: "scalar";
  readonly scalar: ScalarType;
  /** Whether a `char` is signed here. */
  readonly signed: boolean;
}

export interface CEnum {
  readonly kind: "enum";
  /** Tag or typedef name; undefined for an unnamed one. */
  readonly name: string | undefined;
  readonly scalar: ScalarType;
  readonly labels: readonly (readonly [label: string, value: bigint])[];
  readonly position: Position | undefined;
}

/** A struct or union. */
export interface CRecord {
  readonly kind: "record";
  readonly keyword: "struct" | "union";
  /** Tag or typedef name, in C++ with all that is around it; undefined for an unnamed one. */
  readonly name: string | undefined;
  /** The word that stands at the definition; undefined for an unnamed one. */
  readonly tag: string | undefined;
  /** How C spells the type: `struct motor_state`, `motor_state`, `lab::state`; undefined where a program cannot. */
  readonly spelling: string | undefined;
  readonly bytes: number;
  readonly position: Position | undefined;
  /** Reads the members; what cannot be sent is among them as an opaque type. */
  members(): readonly CMember[];
}

export interface CArray {
  readonly kind: "array";
  readonly element: CType;
  /** Outermost first; a flexible array has a first length of undefined. */
  readonly lengths: readonly (number | undefined)[];
  /** The member of a C++ library's array class that has the elements. */
  readonly member?: string;
}

/** Something that no schema can hold, and how to call it in a message: "a pointer". */
export interface COpaque {
  readonly kind: "opaque";
  readonly what: string;
  /** What a pointer points to. */
  target?(): CType;
}

export interface CMember {
  /** Undefined for an unnamed struct or union, whose members belong to the record around it. */
  readonly name: string | undefined;
  readonly type: CType;
  /** Bytes from the start of the record; of a bitfield, its first bit's byte. */
  readonly offset: number;
  readonly bits: CBits | undefined;
  readonly position: Position | undefined;
}

/** A bitfield: load `bytes` bytes at the member's offset in the target's byte order, shift right, mask. */
export interface CBits {
  readonly bytes: number;
  readonly shift: number;
  readonly width: number;
}

/** All types of a compiled header. */
export interface Catalog {
  readonly endian: "le" | "be";
  /** Structs and unions with a name, in the order of their definition. */
  readonly records: readonly CRecord[];
  /** By tag, typedef name, or both (`struct tag`). */
  find(name: string): CType | undefined;
  /** Whether C knows the bare name as a type, so that nothing else can have it. */
  isTypedef(name: string): boolean;
}
