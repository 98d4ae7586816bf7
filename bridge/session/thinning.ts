// SPDX-License-Identifier: MIT
// What a subscription makes of samples, held against its bounds.
import type { Delivery, Encoding, Form } from "../hub/form.ts";
import { BridgeError } from "../model/errors.ts";
import { COLUMN_MS, MAX_HZ } from "./messages.ts";

/** The fields of a `subscribe` that make its form; their types are checked already. */
export interface Wanted {
  readonly delivery: Delivery;
  readonly encoding: Encoding;
  readonly maxHz?: number | undefined;
  readonly columnMs?: number | undefined;
  readonly fields?: readonly string[] | undefined;
}

/** The form that a client asks for. Throws `invalid_argument` for numbers outside their bounds and for what does not go together. */
export function formOf({ delivery, encoding, maxHz, columnMs, fields }: Wanted): Form {
  if ((delivery === "minmax") !== (columnMs !== undefined)) {
    throw new BridgeError("invalid_argument", `"columnMs" belongs to the delivery "minmax", which needs it`);
  }
  if (maxHz !== undefined) {
    if (delivery === "minmax") throw new BridgeError("invalid_argument", `"maxHz" does not go with "minmax"`);
    check("maxHz", maxHz, maxHz > 0 && maxHz <= MAX_HZ, `above 0 and at most ${String(MAX_HZ)}`);
  }
  if (columnMs !== undefined) {
    const { min, max } = COLUMN_MS;
    check("columnMs", columnMs, columnMs >= min && columnMs <= max, `from ${String(min)} to ${String(max)}`);
  }
  return {
    delivery,
    encoding,
    maxHz: maxHz ?? null,
    columnMs: columnMs ?? null,
    fields: fields === undefined ? null : [...new Set(fields)].sort(),
  };
}

function check(name: string, value: number, isGood: boolean, bounds: string): void {
  if (!isGood) throw new BridgeError("invalid_argument", `"${name}" must be ${bounds}, not ${String(value)}`);
}
