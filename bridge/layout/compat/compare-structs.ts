// SPDX-License-Identifier: MIT
// How a struct differs between the schema that a reader was built for and the one that is there now: field by field, by name.
import type { Schema, SchemaField, SchemaStruct } from "../../model/schema.ts";
import { leafOf } from "../compile.ts";
import { findType } from "../schema.ts";
import { compareDims, compareLeaves } from "./compare-leaf.ts";
import type { Difference, Finding } from "./verdict.ts";

/** A struct of a schema. */
export interface StructOf {
  readonly schema: Schema;
  readonly type: string;
}

/** What came of comparing two structs. */
export interface StructComparison {
  /** In the order of the fields: those of the first, then those that only the second has. */
  readonly differences: readonly Difference[];
  /** The fields that are called otherwise now: path → path. Of a struct it stands for everything inside. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** Annotations that say what a field's bytes are, and so are compared as its type; the others only people understand. */
const TYPE_TAGS: ReadonlySet<string> = new Set(["was", "enum", "bytes"]);

/**
 * Compares two structs of checked schemas. Fields are the same when they have one name, or when one was (`[@was old_name]`) what the other
 * is called. The order of bytes does not matter: decoding follows the schema that is there now.
 */
export function compareStructs(before: StructOf, now: StructOf): StructComparison {
  const differences: Difference[] = [];
  const renamed = new Map<string, string>();
  new Comparer(before.schema, now.schema, differences, renamed).structs(before.type, now.type, "", "");
  return { differences, renamed };
}

class Comparer {
  readonly #before: Schema;
  readonly #now: Schema;
  readonly #differences: Difference[];
  readonly #renamed: Map<string, string>;

  constructor(before: Schema, now: Schema, differences: Difference[], renamed: Map<string, string>) {
    this.#before = before;
    this.#now = now;
    this.#differences = differences;
    this.#renamed = renamed;
  }

  /** The paths are those of what stands around, with a dot behind. */
  structs(beforeType: string, nowType: string, beforePath: string, nowPath: string): void {
    const before = structNamed(this.#before, beforeType);
    const now = structNamed(this.#now, nowType);
    if (before === undefined || now === undefined) return;
    const matched = new Set<SchemaField>();
    for (const field of before.f) {
      const path = beforePath + field.n;
      const current = counterpart(field, before, now);
      if (current === undefined) {
        this.#add(path, path, [{ verdict: "break", why: "is gone" }]);
        continue;
      }
      matched.add(current);
      const currentPath = nowPath + current.n;
      if (path !== currentPath) this.#renamed.set(path, currentPath);
      if (field.n !== current.n) {
        this.#add(path, currentPath, [{ verdict: "note", why: `is called ${current.n} now` }]);
      }
      this.#fields(field, current, path, currentPath);
    }
    for (const field of now.f) {
      if (!matched.has(field)) this.#add(nowPath + field.n, nowPath + field.n, [{ verdict: "ok", why: "is new" }]);
    }
  }

  #fields(before: SchemaField, now: SchemaField, path: string, nowPath: string): void {
    const [isStruct, wasStruct] = [structNamed(this.#now, now.t), structNamed(this.#before, before.t)];
    if (wasStruct !== undefined && isStruct !== undefined) {
      const shape = compareDims(before.d ?? [], now.d ?? []);
      this.#add(path, nowPath, [...compareMarks(before, now), ...(shape === undefined ? [] : [shape])]);
      if (shape?.verdict !== "break") this.structs(before.t, now.t, `${path}.`, `${nowPath}.`);
    } else if (wasStruct !== undefined || isStruct !== undefined) {
      const [is, was] = [isStruct, wasStruct].map((struct) => (struct === undefined ? "no struct" : "a struct"));
      this.#add(path, nowPath, [{ verdict: "break", why: `is ${is ?? ""}, was ${was ?? ""}` }]);
    } else {
      const leaves = compareLeaves(leafOf(this.#before, before), leafOf(this.#now, now));
      this.#add(path, nowPath, [...compareMarks(before, now), ...leaves]);
    }
  }

  #add(path: string, nowPath: string, findings: readonly Finding[]): void {
    const now = path === nowPath ? {} : { now: nowPath };
    for (const { verdict, why } of findings) this.#differences.push({ path, ...now, verdict, why });
  }
}

function structNamed(schema: Schema, name: string): SchemaStruct | undefined {
  const type = findType(schema, name);
  return type?.k === "struct" ? type : undefined;
}

/** The field of `now` that is the same; a name that is still there means itself. */
function counterpart(field: SchemaField, before: SchemaStruct, now: SchemaStruct): SchemaField | undefined {
  const same = now.f.find(({ n }) => n === field.n);
  if (same !== undefined) return same;
  const isNew = (other: SchemaField): boolean => !before.f.some(({ n }) => n === other.n);
  // The reader may also be the newer of the two.
  return now.f.find((other) => isNew(other) && (wasCalled(other, field.n) || wasCalled(field, other.n)));
}

function wasCalled({ tags }: SchemaField, name: string): boolean {
  return tags !== undefined && Object.hasOwn(tags, "was") && tags["was"] === name;
}

/** What two fields of any type may differ in: unit, annotations, place. */
function compareMarks(before: SchemaField, now: SchemaField): readonly Finding[] {
  return [...compareUnits(before.u, now.u), ...compareTags(before, now), ...comparePlaces(before, now)];
}

function compareUnits(before: string | undefined, now: string | undefined): readonly Finding[] {
  if (before === now) return [];
  if (before === undefined) return [{ verdict: "note", why: `is said to be in ${now ?? ""} now` }];
  if (now === undefined) return [{ verdict: "warn", why: `is not said to be in ${before} any more` }];
  return [{ verdict: "break", why: `is in ${now}, was in ${before}` }];
}

function compareTags(before: SchemaField, now: SchemaField): readonly Finding[] {
  const [was, is] = [tagsOf(before), tagsOf(now)];
  const findings: Finding[] = [];
  for (const [tag, text] of was) {
    const current = is.get(tag);
    const said = `[@${tag}${text === "" ? "" : ` ${text}`}]`;
    if (current === undefined) findings.push({ verdict: "warn", why: `is not ${said} any more` });
    else if (current !== text) findings.push({ verdict: "warn", why: `is [@${tag} ${current}], was ${said}` });
  }
  for (const [tag, text] of is) {
    if (!was.has(tag)) findings.push({ verdict: "note", why: `is [@${tag}${text === "" ? "" : ` ${text}`}] now` });
  }
  return findings;
}

function tagsOf({ tags }: SchemaField): ReadonlyMap<string, string> {
  return new Map(Object.entries(tags ?? {}).filter(([tag]) => !TYPE_TAGS.has(tag)));
}

function comparePlaces(before: SchemaField, now: SchemaField): readonly Finding[] {
  const findings: Finding[] = [];
  if (before.alt === undefined && now.alt !== undefined) {
    findings.push({ verdict: "warn", why: "shares its bytes with others now" });
  }
  if (before.o !== now.o || (before.b?.[1] ?? 0) !== (now.b?.[1] ?? 0)) {
    findings.push({ verdict: "ok", why: `stands at ${placeText(now)}, stood at ${placeText(before)}` });
  }
  return findings;
}

function placeText({ o, b }: SchemaField): string {
  return `${b === undefined ? "" : `bit ${String(b[1])} of `}byte ${String(o)}`;
}
