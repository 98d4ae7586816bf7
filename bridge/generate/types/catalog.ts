// SPDX-License-Identifier: MIT
// From an object file to the catalog of its C types.
import { Budget } from "../object/byte-reader.ts";
import type { Catalog, CRecord, CType } from "./ctypes.ts";
import { canonicalName } from "./names.ts";
import { isRecord } from "./places.ts";
import { TypeReader } from "./type-reader.ts";
import { AT, TAG } from "../object/dwarf-constants.ts";
import { DebugInformation } from "../object/dwarf.ts";
import { openElf } from "../object/elf.ts";

/** Steps for one object file: sound ones need less than one for each byte of debug information, which may be compressed. */
const STEPS_AT_LEAST = 4 * 1024 * 1024;
const STEPS_PER_BYTE = 64;

/** Reads the named types of an object file. Throws `compiler_failed` when it is no ELF with DWARF, or broken. */
export function readCatalog(object: Uint8Array): Catalog {
  const budget = new Budget(STEPS_AT_LEAST + STEPS_PER_BYTE * object.length);
  const elf = openElf(object, budget);
  const { littleEndian } = elf;
  const debug = new DebugInformation(elf, budget);
  const reader = new TypeReader(debug, littleEndian, budget);
  const records: CRecord[] = [];
  const names = new NameTable();
  const typedefs = new Set<string>();
  for (const entry of reader.entries) {
    if (debug.flag(entry, AT.declaration)) continue;
    const named = reader.nameOf(entry);
    if (named === undefined) continue;
    if (isRecord(entry.tag)) {
      const record = reader.record(entry);
      records.push(record);
      if (!named.isTypedef) names.add(`${record.keyword} `, named, record);
    } else if (entry.tag === TAG.enumeration) {
      if (!named.isTypedef) names.add("enum ", named, reader.enumeration(entry));
    } else {
      names.add("", named, reader.type(entry));
      typedefs.add(named.name);
    }
  }
  return {
    endian: littleEndian ? "le" : "be",
    records,
    find: (name) => names.find(name),
    isTypedef: (name) => typedefs.has(name),
  };
}

/** Types by their names: tags with the keyword before them, typedefs without. */
class NameTable {
  readonly #whole = new Map<string, CType>();
  /** By the last part of the name; undefined where several types have it. */
  readonly #short = new Map<string, CType | undefined>();

  add(keyword: string, { name }: { readonly name: string }, type: CType): void {
    const whole = keyword + name;
    if (!this.#whole.has(whole)) this.#whole.set(whole, type);
    const short = keyword + lastPart(name);
    this.#short.set(short, !this.#short.has(short) || this.#short.get(short) === type ? type : undefined);
  }

  /** A type by its whole name, or by the last part of it where only one has that. */
  find(written: string): CType | undefined {
    const name = canonicalName(written.replace(/^class /, "struct "));
    const keys = [name, ...["struct ", "union ", "enum "].map((keyword) => keyword + name)];
    for (const table of [this.#whole, this.#short]) {
      for (const key of keys) {
        const found = table.get(key);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }
}

/** `Vec<a::b,3>` of `lab::Vec<a::b,3>`. */
function lastPart(name: string): string {
  const arguments_ = name.indexOf("<");
  const from = name.lastIndexOf("::", arguments_ < 0 ? name.length : arguments_);
  return from < 0 ? name : name.slice(from + 2);
}
