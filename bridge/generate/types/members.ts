// SPDX-License-Identifier: MIT
// Where a member stands in its struct: byte offsets and bitfields, as the different versions of DWARF write them.
import { badObject } from "../object/byte-reader.ts";
import type { CBits } from "./ctypes.ts";
import { AT } from "../object/dwarf-constants.ts";
import type { DebugInformation } from "../object/dwarf.ts";
import type { Entry } from "../object/dwarf-units.ts";

const OP_PLUS_CONSTANT = 0x23;
const MAX_BITS = 64;

/** The member's offset in bytes; 0 when it has none, as in a union. Throws `compiler_failed` for an offset that must be computed. */
export function memberOffset(debug: DebugInformation, entry: Entry): number {
  const plain = debug.number(entry, AT.dataMemberLocation);
  if (plain !== undefined) return plain;
  const expression = debug.block(entry, AT.dataMemberLocation);
  if (expression !== undefined) {
    if (expression.u8() !== OP_PLUS_CONSTANT) throw badObject("a member's offset is not a constant");
    return expression.uleb();
  }
  const bits = debug.number(entry, AT.dataBitOffset);
  return bits === undefined ? 0 : Math.floor(bits / 8);
}

/**
 * The bytes and bits of a bitfield, undefined for another member. `storageBytes` is the size of its type. Throws `compiler_failed`
 * when the numbers cannot be.
 */
export function bitfieldOf(
  debug: DebugInformation,
  entry: Entry,
  littleEndian: boolean,
  storageBytes: number,
): (CBits & { readonly offset: number }) | undefined {
  const width = debug.number(entry, AT.bitSize);
  if (width === undefined) return undefined;
  if (width < 1 || width > MAX_BITS) throw badObject("a bitfield has an impossible width");
  const first = firstBit(debug, entry, littleEndian, storageBytes, width);
  if (!Number.isSafeInteger(first) || first < 0) throw badObject("a bitfield lies before its struct");
  const offset = Math.floor(first / 8);
  const inByte = first % 8;
  const bytes = Math.ceil((inByte + width) / 8);
  return { offset, bytes, shift: littleEndian ? inByte : bytes * 8 - inByte - width, width };
}

/** The number of the field's first bit, counted from the struct's start in the order in which the target numbers bits. */
function firstBit(
  debug: DebugInformation,
  entry: Entry,
  littleEndian: boolean,
  storageBytes: number,
  width: number,
): number {
  const modern = debug.number(entry, AT.dataBitOffset);
  if (modern !== undefined) return modern;
  const base = memberOffset(debug, entry) * 8;
  // Negative where a packed field reaches beyond its storage unit.
  const fromTop = debug.signedNumber(entry, AT.bitOffset);
  if (fromTop === undefined) return base;
  // Until DWARF 4 the distance is counted from the most significant bit of a storage unit.
  const unitBytes = debug.number(entry, AT.byteSize) ?? storageBytes;
  return littleEndian ? base + unitBytes * 8 - fromTop - width : base + fromTop;
}
