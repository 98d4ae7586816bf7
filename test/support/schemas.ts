// SPDX-License-Identifier: MIT
// A small schema for tests: a state, gains with limits, and a service's request and reply.
import { compileLayout } from "../../bridge/layout/compile.ts";
import { layoutHash } from "../../bridge/layout/hash.ts";
import { parseSchema } from "../../bridge/layout/schema.ts";
import type { SchemaSource } from "../../bridge/hub/schemas.ts";
import type { Schema } from "../../bridge/model/schema.ts";

const TYPES = {
  state: { k: "struct", size: 8, hash: "0".repeat(16), f: [{ n: "angle", t: "f64", o: 0, u: "rad" }] },
  wide_state: {
    k: "struct",
    size: 16,
    hash: "0".repeat(16),
    f: [
      { n: "angle", t: "f64", o: 0, u: "rad" },
      { n: "speed", t: "f64", o: 8 },
    ],
  },
  gains: {
    k: "struct",
    size: 24,
    hash: "0".repeat(16),
    f: [
      { n: "kp", t: "f64", o: 0, min: 0, max: 10 },
      { n: "ki", t: "f64", o: 8 },
      { n: "kd", t: "f64", o: 16 },
    ],
  },
  request: {
    k: "struct",
    size: 16,
    hash: "0".repeat(16),
    f: [
      { n: "value", t: "i32", o: 0, min: 0, max: 10 },
      { n: "step", t: "f64", o: 8, def: 0.5 },
    ],
  },
  reply: { k: "struct", size: 8, hash: "0".repeat(16), f: [{ n: "total", t: "u64", o: 0 }] },
};

/** The schema as a driver's blob: with the layout hashes that its structs really have. */
export function schemaBlob(): Uint8Array {
  const schema = parseSchema({ v: 1, endian: "le", types: TYPES, messages: [] });
  const types = Object.fromEntries(
    Object.entries(TYPES).map(([name, type]) => [name, { ...type, hash: layoutHash(schema, name) }]),
  );
  return new TextEncoder().encode(JSON.stringify({ v: 1, endian: "le", types, messages: [] }));
}

/** The same as the hub takes it. */
export function schemaSource(): SchemaSource {
  const schema: Schema = parseSchema({ v: 1, endian: "le", types: TYPES, messages: [] });
  return { schema, bytes: 1000, compile: (type) => compileLayout(schema, type) };
}
