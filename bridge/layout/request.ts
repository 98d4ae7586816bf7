// SPDX-License-Identifier: MIT
// The struct of a call, from the fields that a caller gives.
import { BridgeError } from "../model/errors.ts";
import type { Layout } from "../model/schema.ts";
import type { Codec } from "./codec.ts";
import { checkLimits } from "./limits.ts";

/**
 * The request of a service: the given fields, else their defaults, else zero. Without a layout the service takes nothing. Throws `unknown_field`, `bad_value` or
 * `out_of_range`.
 */
export function encodeRequest(
  codec: Codec,
  layout: Layout | null,
  args: Readonly<Record<string, unknown>>,
): Uint8Array {
  if (layout === null) {
    const [field] = Object.keys(args);
    if (field === undefined) return new Uint8Array(0);
    throw new BridgeError("unknown_field", `the service takes no arguments, so there is no "${field.slice(0, 60)}"`);
  }
  checkLimits(layout, args);
  const { value, mask } = codec.encode(layout, args);
  const defaults = defaultsOf(layout);
  if (defaults === undefined) return value;
  const base = codec.encode(layout, defaults).value;
  return base.map((byte, i) => (byte & ~(mask[i] ?? 0)) | (value[i] ?? 0));
}

function defaultsOf(layout: Layout): Record<string, unknown> | undefined {
  const entries = layout.leaves.flatMap(({ path, def, dims }) =>
    def === undefined || dims.length > 0 ? [] : [[path, def]],
  );
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as Record<string, unknown>);
}
