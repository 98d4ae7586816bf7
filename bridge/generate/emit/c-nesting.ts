// SPDX-License-Identifier: MIT
// How C++ calls a struct that a C header defines inside of another: there it is a member of the other's scope.
import type { Catalog, CRecord, CType } from "../types/ctypes.ts";

const MAX_DEPTH = 16;

/** A struct, and the path on which another one that is defined inside of it is the type of a member. */
interface Inside {
  readonly outer: CRecord;
  readonly path: string;
}

/** Gives an expression of the type of `record` where only C++ needs another name for it than C has, else undefined. */
export function memberOfItsType(record: CRecord, catalog: Catalog): string | undefined {
  const inside = definedIn(record, catalog);
  if (inside === undefined) return undefined;
  const around = memberOfItsType(inside.outer, catalog);
  return around === undefined ? `((${inside.outer.spelling ?? ""} *)0)->${inside.path}` : `(${around}).${inside.path}`;
}

function definedIn(record: CRecord, catalog: Catalog): Inside | undefined {
  if (record.spelling !== `${record.keyword} ${record.name ?? ""}`) return undefined;
  for (const outer of catalog.records) {
    if (outer === record || outer.spelling === undefined || !isAround(outer, record)) continue;
    const path = pathTo(outer, record, "", 0);
    if (path !== undefined) return { outer, path };
  }
  return undefined;
}

function isAround(outer: CRecord, { position }: CRecord): boolean {
  if (position === undefined || outer.position === undefined) return false;
  const { file, line } = outer.position;
  return (
    file === position.file && (line < position.line || (line === position.line && isBefore(outer.position, position)))
  );
}

function isBefore(a: { readonly column: number }, b: { readonly column: number }): boolean {
  return a.column === 0 || a.column < b.column;
}

/** The first member of `outer`, also of unnamed structs in it, that stands behind the definition of `record` and is of its type. */
function pathTo(outer: CRecord, record: CRecord, before: string, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return undefined;
  for (const { name = "", type, position } of outer.members()) {
    const { element, zeros } = elementOf(type);
    if (element.kind !== "record") continue;
    const path = `${before}${name}${zeros}`;
    if (element === record && name !== "" && (position?.line ?? 0) >= (record.position?.line ?? 0)) return path;
    if (element.name !== undefined) continue;
    const deeper = pathTo(element, record, name === "" ? before : `${path}.`, depth + 1);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

/** What arrays and pointers are made of in the end, and how to get there. */
function elementOf(type: CType): { readonly element: CType; readonly zeros: string } {
  let element = type;
  let zeros = "";
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const target = element.kind === "opaque" ? element.target?.() : undefined;
    if (element.kind === "array") {
      zeros += "[0]".repeat(element.lengths.length);
      element = element.element;
    } else if (target !== undefined) {
      zeros += "[0]";
      element = target;
    } else break;
  }
  return { element, zeros };
}
