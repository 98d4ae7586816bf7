// SPDX-License-Identifier: MIT
// Reads the units of `.debug_info` into trees of debugging entries.
import { badObject, ByteReader, type Budget } from "./byte-reader.ts";
import { readAbbreviations, type Abbreviation } from "./dwarf-abbreviations.ts";
import { AT, UNIT } from "./dwarf-constants.ts";
import { readForm, type AttributeValue, type UnitFormat } from "./dwarf-forms.ts";
import type { ElfObject } from "./elf.ts";

/** A debugging entry: what it is, what is said of it, what it contains. */
export interface Entry {
  readonly offset: number;
  readonly tag: number;
  readonly unit: Unit;
  readonly attributes: ReadonlyMap<number, AttributeValue>;
  readonly children: readonly Entry[];
}

/** One unit; its root is the entry of the compiled file. */
export interface Unit {
  readonly format: UnitFormat;
  readonly index: number;
}

/** All entries of an object file. */
export interface DebugEntries {
  readonly roots: readonly Entry[];
  readonly byOffset: ReadonlyMap<number, Entry>;
}

const WANTED: ReadonlySet<number> = new Set(Object.values(AT));
const MAX_DEPTH = 512;

/** Reads all units. Throws `compiler_failed` when there is no debug information or it is broken. */
export function readUnits(elf: ElfObject, budget: Budget): DebugEntries {
  const section = elf.section(".debug_info");
  const shapes = elf.section(".debug_abbrev");
  if (section === undefined || shapes === undefined) throw badObject("it has no DWARF debug information");
  const reader = new ByteReader(section, elf.littleEndian, ".debug_info");
  const tables = new Map<number, ReadonlyMap<number, Abbreviation>>();
  const roots: Entry[] = [];
  const byOffset = new Map<number, Entry>();
  while (!reader.atEnd) {
    const header = readHeader(reader);
    let table = tables.get(header.abbreviationsAt);
    if (table === undefined) {
      const start = new ByteReader(shapes, elf.littleEndian, ".debug_abbrev", header.abbreviationsAt);
      table = readAbbreviations(start, budget);
      tables.set(header.abbreviationsAt, table);
    }
    const unit: Unit = { format: header.format, index: roots.length };
    const root = readTree(reader.until(header.end), unit, table, byOffset, budget);
    if (root !== undefined) roots.push(root);
    reader.seek(header.end);
  }
  return { roots, byOffset };
}

interface UnitHeader {
  readonly format: UnitFormat;
  readonly abbreviationsAt: number;
  readonly end: number;
}

function readHeader(reader: ByteReader): UnitHeader {
  const start = reader.offset;
  const { length, offsetBytes } = readInitialLength(reader);
  const end = reader.offset + length;
  const version = reader.u16();
  if (version < 2 || version > 5) throw badObject(`its DWARF version ${String(version)} is not known (2 to 5 are)`);
  let addressBytes: number;
  let abbreviationsAt: number;
  if (version === 5) {
    const kind = reader.u8();
    addressBytes = reader.u8();
    abbreviationsAt = reader.uint(offsetBytes);
    if (kind === UNIT.skeleton || kind === UNIT.splitCompile) reader.skip(8);
    else if (kind === UNIT.type || kind === UNIT.splitType) reader.skip(8 + offsetBytes);
  } else {
    abbreviationsAt = reader.uint(offsetBytes);
    addressBytes = reader.u8();
  }
  if (![2, 4, 8].includes(addressBytes)) throw badObject(`it has addresses of ${String(addressBytes)} bytes`);
  return { format: { version, offsetBytes, addressBytes, start }, abbreviationsAt, end };
}

/** The length with which units and tables start; it also says whether they are 32- or 64-bit DWARF. */
export function readInitialLength(reader: ByteReader): { length: number; offsetBytes: 4 | 8 } {
  const length = reader.u32();
  if (length === 0xffffffff) return { length: reader.u64Number(), offsetBytes: 8 };
  if (length >= 0xfffffff0) throw badObject("a length is broken");
  return { length, offsetBytes: 4 };
}

function readTree(
  reader: ByteReader,
  unit: Unit,
  table: ReadonlyMap<number, Abbreviation>,
  byOffset: Map<number, Entry>,
  budget: Budget,
): Entry | undefined {
  let root: Entry | undefined;
  const open: Entry[][] = [];
  while (!reader.atEnd) {
    const offset = reader.offset;
    const code = reader.uleb();
    budget.spend(1);
    if (code === 0) {
      if (open.pop() === undefined || open.length === 0) return root;
      continue;
    }
    const shape = table.get(code);
    if (shape === undefined) throw badObject("an entry has a shape that is not described");
    const children: Entry[] = [];
    const entry: Entry = {
      offset,
      tag: shape.tag,
      unit,
      attributes: readAttributes(reader, unit, shape, budget),
      children,
    };
    byOffset.set(offset, entry);
    const siblings = open.at(-1);
    if (siblings !== undefined) siblings.push(entry);
    else root = entry;
    if (shape.hasChildren) {
      if (open.length === MAX_DEPTH) throw badObject("its entries are nested too deeply");
      open.push(children);
    } else if (siblings === undefined) {
      return root;
    }
  }
  return root;
}

function readAttributes(
  reader: ByteReader,
  unit: Unit,
  shape: Abbreviation,
  budget: Budget,
): ReadonlyMap<number, AttributeValue> {
  const attributes = new Map<number, AttributeValue>();
  budget.spend(shape.attributes.length);
  for (const { attribute, form, implicit } of shape.attributes) {
    const value = readForm(reader, form, unit.format, implicit);
    if (WANTED.has(attribute)) attributes.set(attribute, value);
  }
  return attributes;
}
