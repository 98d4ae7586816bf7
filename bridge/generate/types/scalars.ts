// SPDX-License-Identifier: MIT
// Which scalar of the format a base type or an enum of the debug information is.
import type { ScalarType } from "../../model/schema.ts";
import { badObject } from "../object/byte-reader.ts";
import type { CScalar, COpaque } from "./ctypes.ts";
import { AT, ENCODING } from "../object/dwarf-constants.ts";
import type { DebugInformation } from "../object/dwarf.ts";
import type { Entry } from "../object/dwarf-units.ts";

const UNSIGNED: Readonly<Record<number, ScalarType>> = { 1: "u8", 2: "u16", 4: "u32", 8: "u64" };
const SIGNED: Readonly<Record<number, ScalarType>> = { 1: "i8", 2: "i16", 4: "i32", 8: "i64" };
const END_DEFAULT = 0n;

/** A base type as a scalar, or as something that cannot be sent: `long double`, `__int128`, complex numbers. */
export function baseScalar(debug: DebugInformation, entry: Entry): CScalar | COpaque {
  const name = debug.text(entry, AT.name) ?? "a type without a name";
  const bytes = debug.number(entry, AT.byteSize) ?? 0;
  const encoding = debug.number(entry, AT.encoding);
  const signed = encoding === ENCODING.signed || encoding === ENCODING.signedChar;
  if ((debug.exact(entry, AT.endianity) ?? END_DEFAULT) !== END_DEFAULT) {
    return { kind: "opaque", what: `${name} in another byte order than the target's` };
  }
  // A bit-precise integer fills its bytes in a way that depends on the target.
  const scalar =
    name.startsWith("_BitInt") || name.startsWith("unsigned _BitInt") ? undefined : scalarOf(encoding, bytes, name);
  return scalar === undefined ? { kind: "opaque", what: name } : { kind: "scalar", scalar, signed };
}

function scalarOf(encoding: number | undefined, bytes: number, name: string): ScalarType | undefined {
  switch (encoding) {
    case ENCODING.boolean:
      return bytes === 1 ? "bool" : undefined;
    case ENCODING.float:
      return bytes === 4 ? "f32" : bytes === 8 ? "f64" : undefined;
    case ENCODING.signed:
      return SIGNED[bytes];
    case ENCODING.unsigned:
    case ENCODING.utf:
      return UNSIGNED[bytes];
    // `char` is a character; `signed char` and `unsigned char` are how C calls the integers of one byte.
    case ENCODING.signedChar:
      return bytes === 1 ? (name === "char" ? "c8" : "i8") : undefined;
    case ENCODING.unsignedChar:
      return bytes === 1 ? (name === "char" ? "c8" : "u8") : undefined;
    default:
      return undefined;
  }
}

/**
 * The integer type of an enum, and how a label's constant is read in it (compilers write both 255 and -1 as the byte 0xff). Throws
 * `compiler_failed` for one of an impossible size.
 */
export function enumScalar(
  debug: DebugInformation,
  entry: Entry,
  labels: readonly (readonly [string, bigint])[],
): { readonly scalar: ScalarType; readonly wrap: (value: bigint) => bigint } {
  const bytes = debug.number(entry, AT.byteSize) ?? 4;
  const signed = isSigned(debug, entry, labels);
  const scalar = (signed ? SIGNED : UNSIGNED)[bytes];
  if (scalar === undefined) throw badObject(`an enum has ${String(bytes)} bytes`);
  return { scalar, wrap: (value) => (signed ? BigInt.asIntN(bytes * 8, value) : BigInt.asUintN(bytes * 8, value)) };
}

function isSigned(debug: DebugInformation, entry: Entry, labels: readonly (readonly [string, bigint])[]): boolean {
  const own = debug.number(entry, AT.encoding);
  if (own !== undefined) return own === ENCODING.signed || own === ENCODING.signedChar;
  let type = debug.type(entry);
  for (let step = 0; type !== undefined && step < 16; step++) {
    const encoding = debug.number(type, AT.encoding);
    if (encoding !== undefined) return encoding === ENCODING.signed || encoding === ENCODING.signedChar;
    type = debug.type(type);
  }
  return labels.some(([, value]) => value < 0n);
}
