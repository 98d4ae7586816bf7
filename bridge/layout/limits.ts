// SPDX-License-Identifier: MIT
// Holds values against the limits of their fields before they are sent, so that a user hears at once what the driver would say.
import { BridgeError } from "../model/errors.ts";
import type { JsonInteger, Layout } from "../model/schema.ts";
import { convert, valueOfPattern } from "./encode/convert.ts";
import { assignments } from "./encode/names.ts";

/** Throws `out_of_range` for a value outside the `min` and `max` of its field or a NaN there, and what {@link Codec.encode} throws. */
export function checkLimits(layout: Layout, values: Readonly<Record<string, unknown>>): void {
  for (const assignment of assignments(layout, values)) {
    const { leaf, name } = assignment;
    const value = valueOfPattern(leaf, convert(assignment));
    if (value === undefined || (leaf.min === undefined && leaf.max === undefined)) continue;
    const least = leaf.min === undefined ? -Infinity : exact(leaf.min);
    const greatest = leaf.max === undefined ? Infinity : exact(leaf.max);
    if (value >= least && value <= greatest) continue;
    throw new BridgeError(
      "out_of_range",
      `${name.slice(0, 200)} must be from ${String(least)} to ${String(greatest)}${leaf.unit === undefined ? "" : ` ${leaf.unit}`}`,
    );
  }
}

function exact(limit: JsonInteger): number | bigint {
  return typeof limit === "number" ? limit : BigInt(limit);
}
