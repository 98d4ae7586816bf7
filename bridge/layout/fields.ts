// SPDX-License-Identifier: MIT
// Describes the fields of a layout for the directory (docs/client-protocol.md, "fields").
import type { JsonInteger, Layout, Leaf } from "../model/schema.ts";

/** A field as the directory lists it; the same shape as `FieldEntry` of the client protocol. */
export interface FieldDescription {
  readonly name: string;
  readonly type: string;
  readonly dims?: readonly number[];
  readonly unit?: string;
  readonly min?: JsonInteger;
  readonly max?: JsonInteger;
  readonly step?: JsonInteger;
  readonly default?: JsonInteger;
  readonly labels?: Readonly<Record<string, JsonInteger>>;
  readonly doc?: string;
}

/** The fields of a layout in the order of the struct, by path. */
export function describeFields(layout: Layout): readonly FieldDescription[] {
  return layout.leaves.map((leaf) => ({
    name: leaf.path,
    type: leaf.kind === "number" || leaf.kind === "bigint" ? leaf.type : leaf.kind,
    ...(leaf.dims.length === 0 ? {} : { dims: leaf.dims.map(({ length }) => length) }),
    ...(leaf.unit === undefined ? {} : { unit: leaf.unit }),
    ...(leaf.min === undefined ? {} : { min: leaf.min }),
    ...(leaf.max === undefined ? {} : { max: leaf.max }),
    ...(leaf.step === undefined ? {} : { step: leaf.step }),
    ...(leaf.def === undefined ? {} : { default: leaf.def }),
    ...(leaf.labels === undefined ? {} : { labels: jsonLabels(leaf) }),
    ...(leaf.doc === undefined ? {} : { doc: leaf.doc }),
  }));
}

function jsonLabels(leaf: Leaf): Readonly<Record<string, JsonInteger>> {
  const entries = [...(leaf.labels ?? [])].map(([label, value]): [string, JsonInteger] => {
    const number = Number(value);
    return [label, Number.isSafeInteger(number) ? number : value.toString()];
  });
  return Object.fromEntries(entries);
}
