// SPDX-License-Identifier: MIT
// Holds a value against limits as if it were written out, because a pickle can refer to the same list again and again.
import { BridgeError } from "../../../model/errors.ts";
import type { Value } from "../../../model/values.ts";

/** What a value may be at most. */
export interface WeightLimits {
  readonly maxDepth: number;
  readonly maxExpandedBytes: number;
}

/** Throws `bad_value` when `value` is nested too deep, as what holds itself always is, and `message_too_large` when it is too much. Takes time for what is allowed at most. */
export function weigh(value: Value, limits: WeightLimits): void {
  let left = limits.maxExpandedBytes;
  const spend = (bytes: number): void => {
    left -= bytes;
    if (left < 0) {
      const most = String(limits.maxExpandedBytes);
      throw new BridgeError("message_too_large", `a pickle stands for more than ${most} bytes`);
    }
  };
  const visit = (each: Value, depth: number): void => {
    spend(1);
    if (typeof each === "string") spend(each.length);
    if (typeof each !== "object" || each === null) return;
    if (each instanceof Uint8Array) {
      spend(each.length);
      return;
    }
    if (depth === limits.maxDepth) {
      const most = String(limits.maxDepth);
      throw new BridgeError("bad_value", `a pickle is nested deeper than ${most}, or holds itself`);
    }
    if (Array.isArray(each)) {
      for (const inner of each as readonly Value[]) visit(inner, depth + 1);
      return;
    }
    for (const [key, inner] of Object.entries(each)) {
      spend(key.length);
      visit(inner, depth + 1);
    }
  };
  visit(value, 0);
}
