// SPDX-License-Identifier: MIT
// Reads one attribute value of any form of DWARF 2 to 5.
import { badObject, type ByteReader } from "./byte-reader.ts";
import { FORM } from "./dwarf-constants.ts";

/** What a unit's header says about the sizes of its values. */
export interface UnitFormat {
  readonly version: number;
  /** 4, or 8 in 64-bit DWARF. */
  readonly offsetBytes: number;
  readonly addressBytes: number;
  /** Where the unit starts in its section: references inside a unit count from here. */
  readonly start: number;
}

/** Where a text stands: in `.debug_str`, in `.debug_line_str`, or by index through `.debug_str_offsets`. */
export interface TextPlace {
  readonly section: "string" | "line" | "index";
  readonly at: number;
}

/** A value by the class of its form. References are offsets from the start of `.debug_info`. */
export type AttributeValue =
  | { readonly class: "number"; readonly value: bigint }
  | { readonly class: "text"; readonly value: string }
  | { readonly class: "place"; readonly value: TextPlace }
  | { readonly class: "reference"; readonly value: number }
  | { readonly class: "block"; readonly value: Uint8Array }
  | { readonly class: "other" };

const OTHER: AttributeValue = { class: "other" };

/** Reads the value at the cursor. `implicit` is the constant that stands in the abbreviation. Throws `compiler_failed`. */
export function readForm(reader: ByteReader, form: number, format: UnitFormat, implicit: bigint): AttributeValue {
  switch (form) {
    case FORM.data1:
    case FORM.flag:
      return number(BigInt(reader.u8()));
    case FORM.data2:
      return number(BigInt(reader.u16()));
    case FORM.data4:
      return number(BigInt(reader.u32()));
    case FORM.data8:
      return number(reader.u64());
    case FORM.udata:
      return number(reader.ulebExact());
    case FORM.sdata:
      return number(reader.slebExact());
    case FORM.implicitConst:
      return number(implicit);
    case FORM.flagPresent:
      return number(1n);
    case FORM.secOffset:
      return number(BigInt(reader.uint(format.offsetBytes)));
    case FORM.string:
      return { class: "text", value: reader.text() };
    case FORM.strp:
      return place("string", reader.uint(format.offsetBytes));
    case FORM.lineStrp:
      return place("line", reader.uint(format.offsetBytes));
    case FORM.strx:
    case FORM.gnuStrIndex:
      return place("index", reader.uleb());
    case FORM.strx1:
      return place("index", reader.u8());
    case FORM.strx2:
      return place("index", reader.u16());
    case FORM.strx3:
      return place("index", reader.u24());
    case FORM.strx4:
      return place("index", reader.u32());
    case FORM.ref1:
      return reference(format.start + reader.u8());
    case FORM.ref2:
      return reference(format.start + reader.u16());
    case FORM.ref4:
      return reference(format.start + reader.u32());
    case FORM.ref8:
      return reference(format.start + reader.u64Number());
    case FORM.refUdata:
      return reference(format.start + reader.uleb());
    case FORM.refAddr:
      return reference(reader.uint(format.version <= 2 ? format.addressBytes : format.offsetBytes));
    case FORM.exprloc:
    case FORM.block:
      return { class: "block", value: reader.block(reader.uleb()) };
    case FORM.block1:
      return { class: "block", value: reader.block(reader.u8()) };
    case FORM.block2:
      return { class: "block", value: reader.block(reader.u16()) };
    case FORM.block4:
      return { class: "block", value: reader.block(reader.u32()) };
    case FORM.indirect: {
      const actual = reader.uleb();
      if (actual === FORM.indirect || actual === FORM.implicitConst) throw badObject("an attribute's form is broken");
      return readForm(reader, actual, format, 0n);
    }
    default:
      reader.skip(opaqueBytes(reader, form, format));
      return OTHER;
  }
}

/** The size of the forms whose values are of no use here: addresses, list indices, references to other files. */
function opaqueBytes(reader: ByteReader, form: number, format: UnitFormat): number {
  switch (form) {
    case FORM.addr:
      return format.addressBytes;
    case FORM.addrx:
    case FORM.loclistx:
    case FORM.rnglistx:
    case FORM.gnuAddrIndex:
      reader.uleb();
      return 0;
    case FORM.addrx1:
      return 1;
    case FORM.addrx2:
      return 2;
    case FORM.addrx3:
      return 3;
    case FORM.addrx4:
    case FORM.refSup4:
      return 4;
    case FORM.refSig8:
    case FORM.refSup8:
      return 8;
    case FORM.data16:
      return 16;
    case FORM.strpSup:
    case FORM.gnuRefAlt:
    case FORM.gnuStrpAlt:
      return format.offsetBytes;
    default:
      throw badObject(`it uses the unknown attribute form 0x${form.toString(16)}`);
  }
}

function number(value: bigint): AttributeValue {
  return { class: "number", value };
}

function place(section: TextPlace["section"], at: number): AttributeValue {
  return { class: "place", value: { section, at } };
}

function reference(value: number): AttributeValue {
  return { class: "reference", value };
}
