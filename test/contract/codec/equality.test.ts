// SPDX-License-Identifier: MIT
// Whatever the struct and whatever its bytes: both codecs say the same, and what is written reads back.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { compileLayout } from "../../../bridge/layout/compile.ts";
import { rows } from "../../../bridge/layout/rows.ts";
import { parseSchema } from "../../../bridge/layout/schema.ts";
import type { Layout } from "../../../bridge/model/schema.ts";
import type { Value } from "../../../bridge/model/values.ts";
import { bits, CODECS } from "../../support/codecs.ts";
import { randomBytes, randomSchema } from "../../support/random-layouts.ts";
import { batchRecord } from "../../support/records.ts";

const [addon, javascript] = CODECS;
assert.ok(addon !== undefined && javascript !== undefined);

/** A layout and the bytes of some structs of it. */
const sample = randomSchema.chain(({ json, size }) =>
  fc.record({
    layout: fc.constant(json).map((schema) => compileLayout(parseSchema(schema), "message")),
    structs: fc.array(randomBytes(size), { minLength: 1, maxLength: 9 }),
  }),
);

/** Without texts that hold U+FFFD, which may stand for other bytes. */
function clean(value: Value): Value | undefined {
  if (typeof value === "string") return value.includes("\ufffd") ? undefined : value;
  if (Array.isArray(value)) {
    const list = value.map(clean);
    return list.includes(undefined) ? undefined : (list as Value[]);
  }
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, clean(inner)] as const);
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined)) as Value;
}

/** A decoded value as its JSON text says it. */
function asJson(value: Value): unknown {
  if (typeof value === "bigint") return value > 2n ** 53n || value < -(2n ** 53n) ? value.toString() : Number(value);
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : null;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asJson(inner)]));
}

function decode(layout: Layout, structs: readonly Uint8Array[]): Value[] {
  const batch = batchRecord({ stream: 1, first: 0, samples: structs });
  return rows(layout, addon!.columns(layout, batch), structs.length);
}

describe("the addon and its twin in JavaScript", () => {
  it("make the same columns and the same text of any bytes in any struct", () => {
    fc.assert(
      fc.property(sample, ({ layout, structs }) => {
        const batch = batchRecord({ stream: 1, first: 7, time: -5n, samples: structs });
        const [a, b] = [addon.columns(layout, batch), javascript.columns(layout, batch)];
        assert.deepEqual(Object.keys(a), Object.keys(b));
        for (const path of Object.keys(a)) assert.deepEqual(bits(a[path]), bits(b[path]), path);
        assert.equal(addon.json(layout, batch), javascript.json(layout, batch));
        for (const struct of structs)
          assert.equal(addon.valueJson(layout, struct), javascript.valueJson(layout, struct));
      }),
      { numRuns: 300 },
    );
  });

  it("make text that is JSON and says what the objects say", () => {
    fc.assert(
      fc.property(sample, ({ layout, structs }) => {
        const texts = structs.map((struct) => JSON.parse(addon.valueJson(layout, struct)) as unknown);
        assert.deepEqual(texts, decode(layout, structs).map(asJson));
      }),
      { numRuns: 200 },
    );
  });

  it("write the same bits of any values, and they read back", () => {
    fc.assert(
      fc.property(sample, ({ layout, structs }) => {
        for (const row of decode(layout, structs)) {
          const values = (clean(row) ?? {}) as Readonly<Record<string, unknown>>;
          const encoded = addon.encode(layout, values);
          assert.deepEqual(encoded, javascript.encode(layout, values));
          const [again = null] = decode(layout, [encoded.value]);
          assert.deepEqual(pick(again, values), values);
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** Of `value` only what `like` has. */
function pick(value: Value, like: unknown): unknown {
  if (Array.isArray(like) && Array.isArray(value)) return value.map((each: Value, i) => pick(each, like[i]));
  if (typeof like !== "object" || like === null || like instanceof Uint8Array) return value;
  const object = value as Readonly<Record<string, Value>>;
  return Object.fromEntries(Object.entries(like).map(([name, inner]) => [name, pick(object[name] ?? null, inner)]));
}
