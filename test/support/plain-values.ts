// SPDX-License-Identifier: MIT
// Random values of the types that pickles may hold.
import fc from "fast-check";
import type { Value } from "../../bridge/model/values.ts";

/** Nested values with numbers of all sizes, texts and bytes around the lengths at which pickles write them otherwise. */
export const plainValues: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.integer({ min: -70_000, max: 70_000 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.bigInt({ min: -(1n << 200n), max: 1n << 200n }).filter((value) => !Number.isSafeInteger(Number(value))),
    fc.string({ unit: "grapheme", maxLength: 400 }),
    fc.uint8Array({ maxLength: 400 }),
    fc.array(tie("value"), { maxLength: 6 }),
    fc.dictionary(fc.string({ unit: "grapheme" }), tie("value"), { maxKeys: 6, noNullPrototype: true }),
  ),
})).value;
