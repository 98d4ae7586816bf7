// SPDX-License-Identifier: MIT
// From the graph of debugging entries to the catalog of C types.
import { Budget, badObject } from "../object/byte-reader.ts";
import type { CArray, Catalog, CEnum, CMember, COpaque, CRecord, CType } from "./ctypes.ts";
import { bitfieldOf, memberOffset } from "./members.ts";
import { baseScalar, enumScalar } from "./scalars.ts";
import { AT, TAG } from "../object/dwarf-constants.ts";
import { DebugInformation } from "../object/dwarf.ts";
import { openElf } from "../object/elf.ts";
import type { Entry } from "../object/dwarf-units.ts";

const OPAQUE: ReadonlyMap<number, string> = new Map([
  [TAG.pointer, "a pointer"],
  [TAG.reference, "a reference"],
  [TAG.rvalueReference, "a reference"],
  [TAG.subroutine, "a function"],
]);

const TRANSPARENT: ReadonlySet<number> = new Set([TAG.typedef, TAG.constant, TAG.volatile, TAG.restrict, TAG.atomic]);
const MAX_CHAIN = 64;

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
  const byName = new Map<string, CType>();
  const entries = debug.roots.flatMap((root) => root.children);
  reader.nameUnnamed(entries);
  for (const entry of entries) {
    const name = debug.text(entry, AT.name);
    if (debug.flag(entry, AT.declaration)) continue;
    if (isRecord(entry.tag)) {
      const record = reader.record(entry);
      if (record.name === undefined) continue;
      records.push(record);
      if (name !== undefined && !byName.has(`${record.keyword} ${name}`))
        byName.set(`${record.keyword} ${name}`, record);
    } else if (entry.tag === TAG.enumeration && name !== undefined) {
      byName.set(`enum ${name}`, reader.enumeration(entry));
    } else if (entry.tag === TAG.typedef && name !== undefined && !byName.has(name)) {
      byName.set(name, reader.type(entry));
    }
  }
  return {
    endian: littleEndian ? "le" : "be",
    records,
    find: (name) =>
      byName.get(name) ?? byName.get(`struct ${name}`) ?? byName.get(`union ${name}`) ?? byName.get(`enum ${name}`),
    isTypedef: (name) => byName.has(name),
  };
}

function isRecord(tag: number): boolean {
  return tag === TAG.structure || tag === TAG.union || tag === TAG.class;
}

class TypeReader {
  readonly #debug: DebugInformation;
  readonly #littleEndian: boolean;
  readonly #budget: Budget;
  readonly #known = new Map<Entry, CType>();
  readonly #typedefNames = new Map<Entry, string>();

  constructor(debug: DebugInformation, littleEndian: boolean, budget: Budget) {
    this.#debug = debug;
    this.#littleEndian = littleEndian;
    this.#budget = budget;
  }

  /** Gives records and enums without a tag the name of their first typedef. */
  nameUnnamed(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.tag !== TAG.typedef) continue;
      const target = this.#unqualified(entry);
      const name = this.#debug.text(entry, AT.name);
      if (target === undefined || name === undefined || this.#debug.text(target, AT.name) !== undefined) continue;
      if (!this.#typedefNames.has(target)) this.#typedefNames.set(target, name);
    }
  }

  type(start: Entry | undefined): CType {
    const entry = start === undefined || !TRANSPARENT.has(start.tag) ? start : this.#unqualified(start);
    if (entry === undefined) return opaque("no type (void)");
    const known = this.#known.get(entry);
    if (known !== undefined) return known;
    const type = this.#make(entry);
    this.#known.set(entry, type);
    return type;
  }

  record(entry: Entry): CRecord {
    const known = this.#known.get(entry);
    if (known?.kind === "record") return known;
    const tagName = this.#debug.text(entry, AT.name);
    const name = tagName ?? this.#typedefNames.get(entry);
    const keyword = entry.tag === TAG.union ? "union" : "struct";
    const bytes = this.#debug.number(entry, AT.byteSize) ?? 0;
    let members: readonly CMember[] | undefined;
    const record: CRecord = {
      kind: "record",
      keyword,
      name,
      spelling: tagName === undefined ? name : `${keyword} ${tagName}`,
      bytes,
      position: this.#debug.position(entry),
      members: () => (members ??= this.#members(entry)),
    };
    this.#known.set(entry, record);
    return record;
  }

  enumeration(entry: Entry): CEnum {
    const known = this.#known.get(entry);
    if (known?.kind === "enum") return known;
    const labels = entry.children.flatMap((child): [string, bigint][] => {
      const label = this.#debug.text(child, AT.name);
      const value = this.#debug.exact(child, AT.constValue);
      return child.tag === TAG.enumerator && label !== undefined && value !== undefined ? [[label, value]] : [];
    });
    const { scalar, wrap } = enumScalar(this.#debug, entry, labels);
    const made: CEnum = {
      kind: "enum",
      name: this.#debug.text(entry, AT.name) ?? this.#typedefNames.get(entry),
      scalar,
      labels: labels.map(([label, value]) => [label, wrap(value)]),
      position: this.#debug.position(entry),
    };
    this.#known.set(entry, made);
    return made;
  }

  /** What a typedef or a qualifier stands for in the end. */
  #unqualified(start: Entry): Entry | undefined {
    let entry = this.#debug.type(start);
    for (let step = 0; entry !== undefined && TRANSPARENT.has(entry.tag); step++) {
      this.#budget.spend(1);
      if (step === MAX_CHAIN) throw badObject("a type is made of too many others");
      entry = this.#debug.type(entry);
    }
    return entry;
  }

  #make(entry: Entry): CType {
    if (isRecord(entry.tag)) {
      return this.#debug.flag(entry, AT.declaration) ? opaque("a struct that is not defined") : this.record(entry);
    }
    if (entry.tag === TAG.enumeration) {
      return this.#debug.flag(entry, AT.declaration) ? opaque("an enum that is not defined") : this.enumeration(entry);
    }
    if (entry.tag === TAG.base) return baseScalar(this.#debug, entry);
    if (entry.tag === TAG.array) return this.#array(entry);
    return opaque(OPAQUE.get(entry.tag) ?? "of a kind that has no bytes of its own");
  }

  #array(entry: Entry): CArray {
    const lengths = entry.children.flatMap((child) => {
      if (child.tag !== TAG.subrange) return [];
      const count = this.#debug.number(child, AT.count);
      const upper = this.#debug.exact(child, AT.upperBound);
      if (count !== undefined) return [count];
      // An upper bound of -1, also written as the largest unsigned number, is an array of no elements.
      return upper === undefined ? [undefined] : [Number(BigInt.asIntN(64, upper)) + 1];
    });
    const element = this.#debug.type(entry);
    // Made only when asked for, because an array may, in a broken file, contain itself.
    const read = (): CType => this.type(element);
    return {
      kind: "array",
      lengths,
      get element() {
        return read();
      },
    };
  }

  #members(entry: Entry): readonly CMember[] {
    const list: CMember[] = [];
    for (const child of entry.children) {
      this.#budget.spend(1);
      if (child.tag === TAG.inheritance) {
        list.push({
          name: "(base class)",
          type: opaque("a base class"),
          offset: 0,
          bits: undefined,
          position: undefined,
        });
      }
      // Static members of a C++ class are no part of its bytes.
      if (child.tag !== TAG.member || this.#debug.flag(child, AT.external)) continue;
      list.push(this.#member(child));
    }
    return list;
  }

  #member(entry: Entry): CMember {
    const target = this.#debug.type(entry);
    const storageBytes = this.#storageBytes(target);
    const bits = bitfieldOf(this.#debug, entry, this.#littleEndian, storageBytes);
    return {
      name: this.#debug.text(entry, AT.name),
      type: this.type(target),
      offset: bits === undefined ? memberOffset(this.#debug, entry) : bits.offset,
      bits: bits && { bytes: bits.bytes, shift: bits.shift, width: bits.width },
      position: this.#debug.position(entry),
    };
  }

  /** The size of the type of a bitfield that does not say its own. */
  #storageBytes(start: Entry | undefined): number {
    let entry = start;
    for (let step = 0; entry !== undefined && step < MAX_CHAIN; step++) {
      const bytes = this.#debug.number(entry, AT.byteSize);
      if (bytes !== undefined) return bytes;
      entry = this.#debug.type(entry);
    }
    return 0;
  }
}

function opaque(what: string): COpaque {
  return { kind: "opaque", what };
}
