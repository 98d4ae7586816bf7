// SPDX-License-Identifier: MIT
// From debugging entries to C types.
import { badObject, type Budget } from "../object/byte-reader.ts";
import { isAccessible } from "./access.ts";
import type { CArray, CEnum, CMember, COpaque, CRecord, CType } from "./ctypes.ts";
import { bitfieldOf, memberOffset } from "./members.ts";
import { isRecord, Places, type TypeName } from "./places.ts";
import { baseScalar, enumScalar } from "./scalars.ts";
import { AT, TAG } from "../object/dwarf-constants.ts";
import type { DebugInformation } from "../object/dwarf.ts";
import type { Entry } from "../object/dwarf-units.ts";

const OPAQUE: ReadonlyMap<number, string> = new Map([
  [TAG.reference, "a reference"],
  [TAG.rvalueReference, "a reference"],
  [TAG.pointerToMember, "a pointer to a member"],
  [TAG.subroutine, "a function"],
]);

const TRANSPARENT: ReadonlySet<number> = new Set([TAG.typedef, TAG.constant, TAG.volatile, TAG.restrict, TAG.atomic]);
const MAX_CHAIN = 64;
/** How compilers call the hidden member of a class with virtual functions. */
const VIRTUAL_TABLE = /^_vptr[.$]/;
/** `std::array`, also in a namespace that a library versions itself with. */
const LIBRARY_ARRAY = /^std::(?:\w+::)?array</;

/** Makes the types of one object file, each once. */
export class TypeReader {
  readonly #debug: DebugInformation;
  readonly #littleEndian: boolean;
  readonly #budget: Budget;
  readonly #known = new Map<Entry, CType>();
  readonly #places: Places;

  constructor(debug: DebugInformation, littleEndian: boolean, budget: Budget) {
    this.#debug = debug;
    this.#littleEndian = littleEndian;
    this.#budget = budget;
    this.#places = new Places(debug, (entry) => this.#unqualified(entry));
  }

  /** Types and typedefs, in the order of the debug information. */
  get entries(): readonly Entry[] {
    return this.#places.entries;
  }

  /** How a type, or a typedef itself, is called. */
  nameOf(entry: Entry): TypeName | undefined {
    return this.#places.nameOf(entry);
  }

  type(start: Entry | undefined): CType {
    const entry = start === undefined || !TRANSPARENT.has(start.tag) ? start : this.#unqualified(start);
    if (entry === undefined) return opaque("no type (void)");
    if (isRecord(entry.tag)) {
      return this.#debug.flag(entry, AT.declaration)
        ? opaque("a struct that is not defined")
        : this.#recordOrArray(entry);
    }
    const known = this.#known.get(entry);
    if (known !== undefined) return known;
    const type = this.#make(entry);
    this.#known.set(entry, type);
    return type;
  }

  record(entry: Entry): CRecord {
    const known = this.#known.get(entry);
    if (known?.kind === "record") return known;
    const named = this.#places.nameOf(entry);
    const keyword = entry.tag === TAG.union ? "union" : "struct";
    const bytes = this.#debug.number(entry, AT.byteSize) ?? 0;
    let members: readonly CMember[] | undefined;
    const record: CRecord = {
      kind: "record",
      keyword,
      name: named?.name,
      tag: named?.tag,
      spelling: named?.spelling,
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
      name: this.#places.nameOf(entry)?.name,
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
    if (entry.tag === TAG.enumeration) {
      return this.#debug.flag(entry, AT.declaration) ? opaque("an enum that is not defined") : this.enumeration(entry);
    }
    if (entry.tag === TAG.base) return baseScalar(this.#debug, entry);
    if (entry.tag === TAG.array) return this.#array(entry);
    if (entry.tag === TAG.pointer) return { ...opaque("a pointer"), target: () => this.type(this.#debug.type(entry)) };
    return opaque(OPAQUE.get(entry.tag) ?? "of a kind that has no bytes of its own");
  }

  #array(entry: Entry, member?: string): CArray {
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
      ...(member === undefined ? {} : { member }),
    };
  }

  /** `std::array` is an array, however its library builds it. */
  #recordOrArray(entry: Entry): CRecord | CArray {
    const record = this.record(entry);
    if (record.name === undefined || !LIBRARY_ARRAY.test(record.name)) return record;
    const [elements, ...others] = entry.children.filter(({ tag }) => tag === TAG.member || tag === TAG.inheritance);
    const name = elements === undefined ? undefined : this.#debug.text(elements, AT.name);
    const type = elements === undefined ? undefined : this.#debug.type(elements);
    const array = type !== undefined && TRANSPARENT.has(type.tag) ? this.#unqualified(type) : type;
    if (name === undefined || array?.tag !== TAG.array || others.length > 0) return record;
    return this.#array(array, name);
  }

  #members(entry: Entry): readonly CMember[] {
    const list: CMember[] = [];
    for (const child of entry.children) {
      this.#budget.spend(1);
      if (child.tag === TAG.inheritance) list.push(this.#base(child, entry));
      // Static members of a C++ class are no part of its bytes.
      if (child.tag !== TAG.member || this.#debug.flag(child, AT.external)) continue;
      list.push(this.#member(child, entry));
    }
    return list;
  }

  /** A base class: like a member without a name, its members belong to the class itself. */
  #base(entry: Entry, owner: Entry): CMember {
    const type = this.#debug.type(entry);
    const base = { bits: undefined, position: undefined };
    const name = `(base class ${(type === undefined ? undefined : this.#places.nameOf(type)?.name) ?? "without a name"})`;
    if ((this.#debug.number(entry, AT.virtuality) ?? 0) !== 0)
      return { ...base, name, type: opaque("a virtual base class"), offset: 0 };
    if (!isAccessible(this.#debug, entry, owner.tag)) return { ...base, name, type: opaque("private"), offset: 0 };
    return { ...base, name: undefined, type: this.type(type), offset: memberOffset(this.#debug, entry) };
  }

  #member(entry: Entry, owner: Entry): CMember {
    const target = this.#debug.type(entry);
    const name = this.#debug.text(entry, AT.name);
    const position = this.#debug.position(entry);
    const storageBytes = this.#storageBytes(target);
    const bits = bitfieldOf(this.#debug, entry, this.#littleEndian, storageBytes);
    const offset = bits === undefined ? memberOffset(this.#debug, entry) : bits.offset;
    const place = { offset, bits: bits && { bytes: bits.bytes, shift: bits.shift, width: bits.width }, position };
    if (name !== undefined && VIRTUAL_TABLE.test(name))
      return { ...place, name: "(virtual functions)", type: opaque("a hidden pointer") };
    // Nothing outside of the class could check where a private member stands.
    const type = isAccessible(this.#debug, entry, owner.tag) ? this.type(target) : opaque("private");
    return { ...place, name, type };
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
