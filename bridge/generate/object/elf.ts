// SPDX-License-Identifier: MIT
// Reads an ELF object file of either class and byte order: sections by name, decompressed and relocated.
import { inflateSync } from "node:zlib";
import { badObject, ByteReader, type Budget } from "./byte-reader.ts";
import { knowsMachine, relocate } from "./elf-relocations.ts";

/** An opened object file. */
export interface ElfObject {
  readonly is64: boolean;
  readonly littleEndian: boolean;
  /** `e_machine`. */
  readonly machine: number;
  /** The first section of that name, decompressed and relocated; undefined when there is none. Throws `compiler_failed`. */
  section(name: string): Uint8Array | undefined;
}

const SHT_SYMTAB = 2;
const SHT_RELA = 4;
const SHT_NOBITS = 8;
const SHT_REL = 9;
const SHF_COMPRESSED = 0x800;
const ET_REL = 1;
const XINDEX = 0xffff;
const MAX_SECTION_BYTES = 256 * 1024 * 1024;

interface Section {
  readonly index: number;
  readonly nameAt: number;
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly target: number;
  readonly entrySize: number;
}

/** Opens the bytes of an object file. Throws `compiler_failed` when they are not ELF or break its rules. */
export function openElf(file: Uint8Array, budget: Budget): ElfObject {
  const [m0, m1, m2, m3, fileClass, order] = file;
  if (m0 !== 0x7f || m1 !== 0x45 || m2 !== 0x4c || m3 !== 0x46) throw badObject("it is not an ELF file");
  if ((fileClass !== 1 && fileClass !== 2) || (order !== 1 && order !== 2)) throw badObject("its ELF header is broken");
  const is64 = fileClass === 2;
  const littleEndian = order === 1;
  const reader = new ByteReader(file, littleEndian, "the ELF header", 16);
  const objectType = reader.u16();
  const machine = reader.u16();
  const sections = readSections(reader, is64, budget);
  if (objectType === ET_REL && !knowsMachine(machine)) throw badObject(`its machine ${String(machine)} is not known`);
  const names = sectionNames(file, sections);
  const byName = new Map<string, Section>();
  for (const section of sections.list) {
    const name = readName(names, section.nameAt);
    if (!byName.has(name)) byName.set(name, section);
  }

  const load = (section: Section, name: string): Uint8Array => {
    const stored = storedBytes(file, section);
    const plain = decompress(stored, section, name, is64, littleEndian);
    if (objectType !== ET_REL) return plain;
    const own = Uint8Array.from(plain);
    for (const table of sections.list) {
      if ((table.type !== SHT_RELA && table.type !== SHT_REL) || table.target !== section.index) continue;
      const withAddend = table.type === SHT_RELA;
      const entryBytes = (is64 ? 16 : 8) + (withAddend ? (is64 ? 8 : 4) : 0);
      const count = Math.floor(table.size / entryBytes);
      budget.spend(count);
      const entries = new ByteReader(storedBytes(file, table), littleEndian, "a relocation section");
      const symbolValue = symbolReader(file, sections.list[table.link], is64, littleEndian);
      relocate(own, { machine, is64, withAddend, entries, count, symbolValue });
    }
    return own;
  };

  return {
    is64,
    littleEndian,
    machine,
    section: (name) => {
      const section = byName.get(name);
      if (section !== undefined) return load(section, name);
      const old = name.replace(/^\.debug_/, ".zdebug_");
      const compressed = byName.get(old);
      return compressed === undefined ? undefined : load(compressed, old);
    },
  };
}

interface SectionTable {
  readonly list: readonly Section[];
  readonly namesIndex: number;
}

function readSections(reader: ByteReader, is64: boolean, budget: Budget): SectionTable {
  reader.seek(is64 ? 0x28 : 0x20);
  const tableAt = is64 ? reader.u64Number() : reader.u32();
  reader.seek(is64 ? 0x3a : 0x2e);
  const entryBytes = reader.u16();
  let count = reader.u16();
  let namesIndex = reader.u16();
  if (entryBytes !== (is64 ? 64 : 40)) throw badObject("its section table is broken");
  const list: Section[] = [];
  for (let index = 0; index < Math.max(count, 1); index++) {
    budget.spend(1);
    reader.seek(tableAt + index * entryBytes);
    const word = (): number => (is64 ? reader.u64Number() : reader.u32());
    const nameAt = reader.u32();
    const type = reader.u32();
    const flags = Number(BigInt.asUintN(32, is64 ? reader.u64() : BigInt(reader.u32())));
    if (is64) reader.u64();
    else reader.u32();
    const offset = word();
    const size = word();
    const link = reader.u32();
    const target = reader.u32();
    word(); // alignment
    const entrySize = word();
    list.push({ index, nameAt, type, flags, offset, size, link, target, entrySize });
    if (index === 0) {
      // Files with very many sections keep the true numbers in the first, otherwise empty, section.
      if (count === 0) count = size;
      if (namesIndex === XINDEX) namesIndex = link;
    }
  }
  return { list, namesIndex };
}

function storedBytes(file: Uint8Array, section: Section): Uint8Array {
  if (section.type === SHT_NOBITS) return new Uint8Array(0);
  if (section.offset + section.size > file.length) throw badObject("a section lies outside the file");
  return file.subarray(section.offset, section.offset + section.size);
}

function sectionNames(file: Uint8Array, table: SectionTable): Uint8Array {
  const section = table.list[table.namesIndex];
  if (section === undefined) throw badObject("its sections have no names");
  return storedBytes(file, section);
}

function readName(names: Uint8Array, at: number): string {
  return at < names.length ? new ByteReader(names, true, "the section names", at).text() : "";
}

function decompress(
  stored: Uint8Array,
  section: Section,
  name: string,
  is64: boolean,
  littleEndian: boolean,
): Uint8Array {
  if ((section.flags & SHF_COMPRESSED) !== 0) {
    const header = new ByteReader(stored, littleEndian, `the compressed section ${name}`);
    const kind = header.u32();
    if (is64) header.u32();
    const size = is64 ? header.u64Number() : header.u32();
    header.skip(is64 ? 8 : 4);
    if (kind !== 1)
      throw badObject(`${name} is compressed in another way than zlib; compile with -gz=none or -gz=zlib`);
    return inflate(stored.subarray(header.offset), size, name);
  }
  if (name.startsWith(".zdebug_")) {
    const header = new ByteReader(stored, false, `the compressed section ${name}`);
    if (header.u32() !== 0x5a4c4942) throw badObject(`${name} is not compressed as its name says`);
    const size = header.u64Number();
    return inflate(stored.subarray(header.offset), size, name);
  }
  return stored;
}

function inflate(compressed: Uint8Array, size: number, name: string): Uint8Array {
  if (size > MAX_SECTION_BYTES) throw badObject(`${name} is too large`);
  if (size === 0) return new Uint8Array(0);
  let plain: Uint8Array;
  try {
    plain = inflateSync(compressed, { maxOutputLength: size });
  } catch {
    throw badObject(`${name} cannot be decompressed`);
  }
  if (plain.length !== size) throw badObject(`${name} is shorter than it says`);
  return plain;
}

function symbolReader(
  file: Uint8Array,
  table: Section | undefined,
  is64: boolean,
  littleEndian: boolean,
): (index: number) => bigint {
  if (table?.type !== SHT_SYMTAB) throw badObject("relocations have no symbols");
  const reader = new ByteReader(storedBytes(file, table), littleEndian, "the symbol table");
  return (index) => {
    reader.seek(index * (is64 ? 24 : 16) + (is64 ? 8 : 4));
    return is64 ? reader.u64() : BigInt(reader.u32());
  };
}
