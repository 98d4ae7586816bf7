// SPDX-License-Identifier: MIT
// The debug information of an object file: entries, with their texts, references and places in the source resolved.
import { badObject, ByteReader, type Budget } from "./byte-reader.ts";
import { AT } from "./dwarf-constants.ts";
import { readFileTable } from "./dwarf-files.ts";
import type { AttributeValue, TextPlace } from "./dwarf-forms.ts";
import { readUnits, type DebugEntries, type Entry, type Unit } from "./dwarf-units.ts";
import type { ElfObject } from "./elf.ts";

/** Where something is declared; lines count from 1, column 0 is unknown. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Reads entries on demand; texts and file tables are looked up at first use. */
export class DebugInformation {
  readonly roots: readonly Entry[];
  readonly #entries: DebugEntries;
  readonly #elf: ElfObject;
  readonly #budget: Budget;
  readonly #sections = new Map<string, ByteReader | undefined>();
  readonly #files = new Map<Unit, readonly string[]>();

  constructor(elf: ElfObject, budget: Budget) {
    this.#elf = elf;
    this.#budget = budget;
    this.#entries = readUnits(elf, budget);
    this.roots = this.#entries.roots;
  }

  /** A text attribute, or undefined when the entry has none. */
  text(entry: Entry, attribute: number): string | undefined {
    const value = entry.attributes.get(attribute);
    return value === undefined ? undefined : this.#resolve(value, entry.unit);
  }

  /** A constant, exact. */
  exact(entry: Entry, attribute: number): bigint | undefined {
    const value = entry.attributes.get(attribute);
    return value?.class === "number" ? value.value : undefined;
  }

  /** A constant that is a size, offset or count. Throws `compiler_failed` beyond ±2⁵³. */
  number(entry: Entry, attribute: number): number | undefined {
    const exact = this.exact(entry, attribute);
    if (exact === undefined) return undefined;
    const value = Number(exact);
    if (!Number.isSafeInteger(value)) throw badObject("a size or offset is too large");
    return value;
  }

  /** A constant that may be negative; some compilers write that as a huge unsigned number. */
  signedNumber(entry: Entry, attribute: number): number | undefined {
    const exact = this.exact(entry, attribute);
    return exact === undefined ? undefined : Number(BigInt.asIntN(64, exact));
  }

  flag(entry: Entry, attribute: number): boolean {
    return (this.exact(entry, attribute) ?? 0n) !== 0n;
  }

  block(entry: Entry, attribute: number): ByteReader | undefined {
    const value = entry.attributes.get(attribute);
    if (value?.class !== "block") return undefined;
    return new ByteReader(value.value, this.#elf.littleEndian, "an expression");
  }

  /** The entry of the type that `entry` is made of; undefined is `void`. */
  type(entry: Entry): Entry | undefined {
    return this.reference(entry, AT.type);
  }

  /** The entry that an attribute refers to. Throws `compiler_failed` when there is none at that place. */
  reference(entry: Entry, attribute: number): Entry | undefined {
    const value = entry.attributes.get(attribute);
    if (value?.class !== "reference") return undefined;
    const target = this.#entries.byOffset.get(value.value);
    if (target === undefined) throw badObject("an entry refers to nothing");
    return target;
  }

  /** Where the entry is declared, when the compiler says so. */
  position(entry: Entry): Position | undefined {
    const file = this.number(entry, AT.declarationFile);
    const line = this.number(entry, AT.declarationLine);
    if (file === undefined || line === undefined || line < 1) return undefined;
    const path = this.#filesOf(entry.unit)[file];
    return path === undefined ? undefined : { file: path, line, column: this.number(entry, AT.declarationColumn) ?? 0 };
  }

  #filesOf(unit: Unit): readonly string[] {
    let files = this.#files.get(unit);
    if (files === undefined) {
      files = this.#readFiles(unit);
      this.#files.set(unit, files);
    }
    return files;
  }

  #readFiles(unit: Unit): readonly string[] {
    const root = this.roots[unit.index];
    const section = this.#elf.section(".debug_line");
    const at = root === undefined ? undefined : this.number(root, AT.statementList);
    if (root === undefined || section === undefined || at === undefined) return [];
    const folder = this.text(root, AT.compilationFolder) ?? "/";
    const text = (value: AttributeValue): string | undefined => this.#resolve(value, unit);
    return readFileTable(section, this.#elf.littleEndian, at, folder, text, this.#budget);
  }

  #resolve(value: AttributeValue, unit: Unit): string | undefined {
    if (value.class === "text") return value.value;
    if (value.class !== "place") return undefined;
    const text = this.#read(value.value, unit);
    this.#budget.spend(1 + (text.length >> 3));
    return text;
  }

  #read(place: TextPlace, unit: Unit): string {
    if (place.section === "line") return this.#at(".debug_line_str", place.at).text();
    if (place.section === "string") return this.#at(".debug_str", place.at).text();
    const { offsetBytes } = unit.format;
    const root = this.roots[unit.index];
    // Without a base (split units, one table alone) the entries follow the table's header.
    const base = (root === undefined ? undefined : this.number(root, AT.stringOffsetsBase)) ?? 2 * offsetBytes;
    const at = this.#at(".debug_str_offsets", base + place.at * offsetBytes).uint(offsetBytes);
    return this.#at(".debug_str", at).text();
  }

  #at(name: string, offset: number): ByteReader {
    if (!this.#sections.has(name)) {
      const bytes = this.#elf.section(name);
      this.#sections.set(name, bytes && new ByteReader(bytes, this.#elf.littleEndian, name));
    }
    const reader = this.#sections.get(name);
    if (reader === undefined) throw badObject(`${name} is missing`);
    reader.seek(offset);
    return reader;
  }
}
