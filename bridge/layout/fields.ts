// SPDX-License-Identifier: MIT
// Describes the fields of a layout for the directory (docs/client-protocol.md, "fields").
import type { JsonInteger, Layout, Leaf, Member } from "../model/schema.ts";

/** A field as the directory lists it; the same shape as `FieldEntry` of the client protocol. */
export interface FieldDescription {
  readonly name: string;
  readonly type: string;
  readonly dims?: readonly number[];
  /** The dimensions at each part of the name, where not all of them stand at the last one. */
  readonly levels?: readonly (readonly number[])[];
  readonly unit?: string;
  readonly min?: JsonInteger;
  readonly max?: JsonInteger;
  readonly step?: JsonInteger;
  readonly default?: JsonInteger;
  readonly labels?: Readonly<Record<string, JsonInteger>>;
  readonly doc?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** The fields of a layout in the order of the struct, by path. */
export function describeFields(layout: Layout): readonly FieldDescription[] {
  const levels = new Map<number, readonly (readonly number[])[]>();
  collectLevels(layout.members, [], levels);
  return layout.leaves.map((leaf, at) => ({
    name: leaf.path,
    type: leaf.kind === "number" || leaf.kind === "bigint" ? leaf.type : leaf.kind,
    ...(leaf.dims.length === 0 ? {} : { dims: leaf.dims.map(({ length }) => length) }),
    ...levelsOf(levels.get(at)),
    ...(leaf.unit === undefined ? {} : { unit: leaf.unit }),
    ...(leaf.min === undefined ? {} : { min: leaf.min }),
    ...(leaf.max === undefined ? {} : { max: leaf.max }),
    ...(leaf.step === undefined ? {} : { step: leaf.step }),
    ...(leaf.def === undefined ? {} : { default: leaf.def }),
    ...(leaf.labels === undefined ? {} : { labels: jsonLabels(leaf) }),
    ...(leaf.doc === undefined ? {} : { doc: leaf.doc }),
    ...(leaf.tags === undefined ? {} : { tags: leaf.tags }),
  }));
}

function collectLevels(
  members: readonly Member[],
  around: readonly (readonly number[])[],
  found: Map<number, readonly (readonly number[])[]>,
): void {
  for (const member of members) {
    const levels = [...around, member.dims.map(({ length }) => length)];
    if ("leaf" in member) found.set(member.leaf, levels);
    else collectLevels(member.members, levels, found);
  }
}

function levelsOf(levels: readonly (readonly number[])[] = []): Pick<FieldDescription, "levels"> {
  return levels.slice(0, -1).some((dims) => dims.length > 0) ? { levels } : {};
}

function jsonLabels(leaf: Leaf): Readonly<Record<string, JsonInteger>> {
  const entries = [...(leaf.labels ?? [])].map(([label, value]): [string, JsonInteger] => {
    const number = Number(value);
    return [label, Number.isSafeInteger(number) ? number : value.toString()];
  });
  return Object.fromEntries(entries);
}
