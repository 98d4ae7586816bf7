// SPDX-License-Identifier: MIT
// The abbreviation tables of DWARF: which attributes, in which form, an entry of a given code has.
import { badObject, type Budget, type ByteReader } from "./byte-reader.ts";
import { FORM } from "./dwarf-constants.ts";

/** One attribute of an abbreviation. */
export interface AttributeSpec {
  readonly attribute: number;
  readonly form: number;
  readonly implicit: bigint;
}

/** The shape of the entries of one code. */
export interface Abbreviation {
  readonly tag: number;
  readonly hasChildren: boolean;
  readonly attributes: readonly AttributeSpec[];
}

const MAX_ATTRIBUTES = 256;

/** Reads the table at the cursor, up to its end mark. Throws `compiler_failed`. */
export function readAbbreviations(reader: ByteReader, budget: Budget): ReadonlyMap<number, Abbreviation> {
  const table = new Map<number, Abbreviation>();
  for (;;) {
    budget.spend(1);
    const code = reader.uleb();
    if (code === 0) return table;
    const tag = reader.uleb();
    const hasChildren = reader.u8() !== 0;
    table.set(code, { tag, hasChildren, attributes: readAttributes(reader, budget) });
  }
}

function readAttributes(reader: ByteReader, budget: Budget): AttributeSpec[] {
  const attributes: AttributeSpec[] = [];
  for (;;) {
    budget.spend(1);
    const attribute = reader.uleb();
    const form = reader.uleb();
    const implicit = form === FORM.implicitConst ? reader.slebExact() : 0n;
    if (attribute === 0 && form === 0) return attributes;
    if (attributes.length === MAX_ATTRIBUTES) throw badObject("an entry has too many attributes");
    attributes.push({ attribute, form, implicit });
  }
}
