// SPDX-License-Identifier: MIT
// Objects from columns: one for each sample, nested as the struct nests.
import type { Dimension, Layout, Leaf, Member } from "../model/schema.ts";
import type { Column, Columns, Value } from "../model/values.ts";
import { leafAt } from "./column.ts";

/** The value of one element of a column; `index` counts elements through all samples. */
type Read = (index: number) => Value;

/** The value of a member for one element of what is around it. */
type Build = (index: number) => Value;

/**
 * The samples of a batch as objects: enums as labels (numbers where there is none), text as strings, bytes as copies, bool as booleans, arrays as (nested)
 * lists, 64-bit integers as bigint. Only fields whose column is there appear.
 */
export function rows(layout: Layout, columns: Columns, count: number): Value[] {
  const build = buildMembers(layout, layout.members, columns);
  if (build === undefined) return Array.from({ length: count }, () => ({}));
  return Array.from({ length: count }, (_, sample) => build(sample));
}

function buildMembers(layout: Layout, members: readonly Member[], columns: Columns): Build | undefined {
  const fields = members.flatMap((member) => {
    const build = buildMember(layout, member, columns);
    return build === undefined ? [] : [{ name: member.name, build }];
  });
  if (fields.length === 0) return undefined;
  return (index) => {
    const object: Record<string, Value> = {};
    for (const { name, build } of fields) {
      // "__proto__" is a name like any other, but an assignment to it is not.
      if (name === "__proto__") Object.defineProperty(object, name, { value: build(index), enumerable: true });
      else object[name] = build(index);
    }
    return object;
  };
}

function buildMember(layout: Layout, member: Member, columns: Columns): Build | undefined {
  if ("members" in member) {
    const inner = buildMembers(layout, member.members, columns);
    return inner === undefined ? undefined : buildArray(member.dims, inner);
  }
  const leaf = leafAt(layout, member.leaf);
  const column = Object.hasOwn(columns, leaf.path) ? columns[leaf.path] : undefined;
  return column === undefined ? undefined : buildArray(member.dims, reader(leaf, column));
}

function buildArray(dims: readonly Dimension[], element: Build): Build {
  const [outer, ...inner] = dims;
  if (outer === undefined) return element;
  const { length } = outer;
  const build = buildArray(inner, element);
  return (index) => Array.from({ length }, (_, i) => build(index * length + i));
}

function reader(leaf: Leaf, column: Column): Read {
  if (leaf.kind === "bytes" && column instanceof Uint8Array) {
    return (index) => column.slice(index * leaf.capacity, (index + 1) * leaf.capacity);
  }
  if (leaf.kind === "bool") return (index) => column[index] !== 0;
  if (leaf.labels === undefined) return (index) => column[index] ?? null;
  const labels = new Map([...leaf.labels].reverse().map(([label, value]) => [value, label]));
  if (column instanceof BigInt64Array || column instanceof BigUint64Array) {
    return (index) => labels.get(column[index] ?? 0n) ?? column[index] ?? null;
  }
  const byNumber = new Map([...labels].map(([value, label]) => [Number(value), label]));
  return (index) => {
    const value = column[index] ?? null;
    return typeof value === "number" ? (byNumber.get(value) ?? value) : value;
  };
}
