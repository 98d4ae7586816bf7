// SPDX-License-Identifier: MIT
// The scalar types of the format: their width, sign and the typed array that holds them.
import type { ScalarType } from "../model/schema.ts";

/** What a scalar type is made of. `float` and `signed` exclude each other. */
export interface Scalar {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly signed: boolean;
  readonly float: boolean;
  /** Whether it is a plain integer: neither float nor bool nor character. */
  readonly integer: boolean;
}

/** The scalar types by name, in the order of `sw_scalar` in structwire.h. */
export const SCALARS: Readonly<Record<ScalarType, Scalar>> = {
  u8: { bytes: 1, signed: false, float: false, integer: true },
  u16: { bytes: 2, signed: false, float: false, integer: true },
  u32: { bytes: 4, signed: false, float: false, integer: true },
  u64: { bytes: 8, signed: false, float: false, integer: true },
  i8: { bytes: 1, signed: true, float: false, integer: true },
  i16: { bytes: 2, signed: true, float: false, integer: true },
  i32: { bytes: 4, signed: true, float: false, integer: true },
  i64: { bytes: 8, signed: true, float: false, integer: true },
  f32: { bytes: 4, signed: false, float: true, integer: false },
  f64: { bytes: 8, signed: false, float: true, integer: false },
  bool: { bytes: 1, signed: false, float: false, integer: false },
  c8: { bytes: 1, signed: false, float: false, integer: false },
};

/** The names in the order of `sw_scalar`, which is also how the addon numbers them. */
export const SCALAR_NAMES: readonly ScalarType[] = [
  "u8",
  "u16",
  "u32",
  "u64",
  "i8",
  "i16",
  "i32",
  "i64",
  "f32",
  "f64",
  "bool",
  "c8",
];

/** Whether `name` is a scalar type and not the name of a struct or enum. */
export function isScalar(name: string): name is ScalarType {
  return Object.hasOwn(SCALARS, name);
}

/** The least and greatest value of an integer of so many bits. */
export function integerRange(signed: boolean, bits: number): { readonly least: bigint; readonly greatest: bigint } {
  const all = 1n << BigInt(bits);
  return signed ? { least: -(all >> 1n), greatest: (all >> 1n) - 1n } : { least: 0n, greatest: all - 1n };
}
