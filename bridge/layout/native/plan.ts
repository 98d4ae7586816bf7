// SPDX-License-Identifier: MIT
// Describes a layout to the addon: leaves as numbers, and the JSON text of a struct as a flat program, so that it meets no names and no recursion.
import type { LeafKind, Layout, Leaf, Member } from "../../model/schema.ts";
import { leafAt } from "../column.ts";
import { SCALAR_NAMES } from "../scalars.ts";

/** A leaf as numbers. */
export interface LeafDescription {
  /** Index in {@link KINDS}. */
  readonly kind: number;
  /** `sw_scalar`. */
  readonly scalar: number;
  readonly offset: number;
  readonly capacity: number;
  /** Bytes, shift and width of a bitfield; empty for none. */
  readonly bits: readonly number[];
  /** Length and stride of each dimension, outermost first. */
  readonly dims: readonly number[];
  /** Values of an enum as 64-bit patterns, and their labels as JSON text. */
  readonly labelValues: BigUint64Array;
  readonly labelTexts: readonly string[];
}

/** What the addon compiles a plan from. */
export interface PlanDescription {
  readonly size: number;
  readonly little: boolean;
  readonly leaves: readonly LeafDescription[];
  /** Steps of three numbers: an operation of {@link STEPS} and its two operands. */
  readonly steps: Uint32Array;
  readonly texts: readonly string[];
}

/** Leaf kinds in the order of `structwire::Kind` in native/decode/layout.h. */
export const KINDS: readonly LeafKind[] = ["number", "bigint", "bool", "enum", "text", "bytes"];

/** Operations in the order of `structwire::Step` in native/decode/layout.h: write text a; write leaf a; repeat to the matching end a times, b bytes apart; end. */
export const STEPS = { text: 0, leaf: 1, repeat: 2, end: 3 } as const;

/** Describes a layout. */
export function describePlan(layout: Layout): PlanDescription {
  const steps: number[] = [];
  const texts: string[] = [];
  let pending = "";

  function flush(): void {
    if (pending === "") return;
    steps.push(STEPS.text, texts.length, 0);
    texts.push(pending);
    pending = "";
  }

  function struct(members: readonly Member[]): void {
    pending += "{";
    members.forEach((member, i) => {
      pending += `${i === 0 ? "" : ","}${JSON.stringify(member.name)}:`;
      array(member, 0);
    });
    pending += "}";
  }

  function array(member: Member, level: number): void {
    const dimension = member.dims[level];
    if (dimension !== undefined) {
      pending += "[";
      flush();
      steps.push(STEPS.repeat, dimension.length, dimension.stride);
      array(member, level + 1);
      flush();
      steps.push(STEPS.end, 0, 0);
      pending += "]";
    } else if ("members" in member) {
      struct(member.members);
    } else {
      flush();
      steps.push(STEPS.leaf, member.leaf, 0);
    }
  }

  struct(layout.members);
  flush();
  const leaves = layout.leaves.map((_, index) => describeLeaf(leafAt(layout, index)));
  return { size: layout.size, little: layout.endian === "le", leaves, steps: Uint32Array.from(steps), texts };
}

function describeLeaf(leaf: Leaf): LeafDescription {
  const labels = [...(leaf.labels ?? [])];
  return {
    kind: KINDS.indexOf(leaf.kind),
    scalar: SCALAR_NAMES.indexOf(leaf.type),
    offset: leaf.offset,
    capacity: leaf.capacity,
    bits: leaf.bits ?? [],
    dims: leaf.dims.flatMap(({ length, stride }) => [length, stride]),
    labelValues: BigUint64Array.from(labels, ([, value]) => BigInt.asUintN(64, value)),
    labelTexts: labels.map(([label]) => JSON.stringify(label)),
  };
}
