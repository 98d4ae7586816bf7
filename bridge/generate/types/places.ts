// SPDX-License-Identifier: MIT
// Where types stand among namespaces and other types, and so how C and C++ call them.
import { isAccessible } from "./access.ts";
import { canonicalName } from "./names.ts";
import { AT, TAG } from "../object/dwarf-constants.ts";
import type { DebugInformation } from "../object/dwarf.ts";
import type { Entry } from "../object/dwarf-units.ts";

/** How a type is called. */
export interface TypeName {
  /** Its name with all namespaces and classes around it, `lab::Vec<double,3>`; in C the tag or typedef. */
  readonly name: string;
  /** The word that stands at its definition: the name without what is around it and without template arguments. */
  readonly tag: string;
  /** How a program writes it: `struct motor_state`, `lab::Vec<double,3>`; undefined when a program cannot, as for a private class. */
  readonly spelling: string | undefined;
  /** Whether it is a typedef's name, and the type itself has none. */
  readonly isTypedef: boolean;
}

const KEYWORDS: ReadonlyMap<number, string> = new Map([
  [TAG.structure, "struct "],
  [TAG.union, "union "],
  [TAG.enumeration, "enum "],
]);

interface Place {
  readonly scope: readonly string[];
  /** Whether a program can name what stands here. */
  readonly isReachable: boolean;
}

const GLOBAL: Place = { scope: [], isReachable: true };

/** Finds all types of the compiled units, however deep in namespaces and classes, and names them. */
export class Places {
  /** Types and typedefs in the order of the debug information; also declarations without a body. */
  readonly entries: readonly Entry[];
  readonly #debug: DebugInformation;
  readonly #places = new Map<Entry, Place>();
  readonly #typedefNames = new Map<Entry, string>();

  constructor(debug: DebugInformation, unqualified: (entry: Entry) => Entry | undefined) {
    this.#debug = debug;
    const entries: Entry[] = [];
    for (const root of debug.roots) this.#collect(root, entries);
    this.entries = entries;
    // Unnamed structs and enums get the name of their first typedef.
    for (const entry of entries) {
      const name = entry.tag === TAG.typedef ? debug.text(entry, AT.name) : undefined;
      const target = name === undefined ? undefined : unqualified(entry);
      if (name === undefined || target === undefined || debug.text(target, AT.name) !== undefined) continue;
      if (!this.#typedefNames.has(target)) this.#typedefNames.set(target, name);
    }
    for (const root of debug.roots) this.#place(root, GLOBAL);
  }

  /** The name of a type, a typedef's own name included; undefined when it has none. */
  nameOf(entry: Entry): TypeName | undefined {
    // A class that is defined outside of the one around it refers to its declaration in there.
    const declared = this.#debug.reference(entry, AT.specification) ?? entry;
    const own = this.#debug.text(declared, AT.name);
    const short = own ?? this.#typedefNames.get(entry);
    if (short === undefined) return undefined;
    const { scope, isReachable } = this.#places.get(declared) ?? GLOBAL;
    const last = canonicalName(short);
    const name = [...scope, last].join("::");
    const isPlain = scope.length === 0 && !last.includes("<");
    const keyword = isPlain && own !== undefined ? (KEYWORDS.get(entry.tag) ?? "") : "";
    const spelling = isReachable ? `${keyword}${name}` : undefined;
    return { name, tag: last.replace(/<.*/, ""), spelling, isTypedef: own === undefined };
  }

  #collect(parent: Entry, found: Entry[]): void {
    for (const entry of parent.children) {
      if (isType(entry.tag)) found.push(entry);
      if (isScope(entry.tag)) this.#collect(entry, found);
    }
  }

  #place(parent: Entry, around: Place): void {
    for (const entry of parent.children) {
      if (!isType(entry.tag) && entry.tag !== TAG.namespace) continue;
      const isReachable = around.isReachable && isAccessible(this.#debug, entry, parent.tag);
      this.#places.set(entry, { ...around, isReachable });
      if (isScope(entry.tag)) this.#place(entry, this.#inside(entry, { ...around, isReachable }));
    }
  }

  #inside(entry: Entry, { scope, isReachable }: Place): Place {
    const name = this.#debug.text(entry, AT.name) ?? this.#typedefNames.get(entry);
    if (name !== undefined) return { scope: [...scope, canonicalName(name)], isReachable };
    // What an unnamed namespace holds has its name as if it stood outside; what an unnamed struct holds cannot be named.
    return { scope, isReachable: isReachable && entry.tag === TAG.namespace };
  }
}

/** Whether an entry is a struct, union or class. */
export function isRecord(tag: number): boolean {
  return tag === TAG.structure || tag === TAG.union || tag === TAG.class;
}

function isScope(tag: number): boolean {
  return tag === TAG.namespace || isRecord(tag);
}

function isType(tag: number): boolean {
  return isRecord(tag) || tag === TAG.enumeration || tag === TAG.typedef;
}
