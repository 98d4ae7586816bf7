// SPDX-License-Identifier: MIT
// The two hashes of a schema (docs/schema.md): of a struct's layout, and of the blob.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { BridgeError } from "../model/errors.ts";
import type { Schema, SchemaField } from "../model/schema.ts";
import { findType } from "./schema.ts";

/** The layout hash of a struct of a checked schema: 16 hex digits. Throws `bad_schema` when `type` names no struct. */
export function layoutHash(schema: Schema, type: string): string {
  const text = `L1;${schema.endian};${structText(schema, type)}`;
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, 16);
}

/** The schema hash: SHA-256 over the bytes of the blob, 64 hex digits. */
export function schemaHash(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

function structText(schema: Schema, name: string): string {
  const type = findType(schema, name);
  if (type?.k !== "struct") throw new BridgeError("bad_schema", `schema: "${name.slice(0, 80)}" names no struct`);
  return `${String(type.size)};${type.f.map((field) => fieldText(schema, field)).join("")}`;
}

function fieldText(schema: Schema, field: SchemaField): string {
  const dims = (field.d ?? []).map((length) => `[${String(length)}]`).join("");
  const bits = field.b === undefined ? "" : `.${field.b.join(",")}`;
  return `${field.n}:${typeText(schema, field.t)}@${String(field.o)}${dims}${bits};`;
}

function typeText(schema: Schema, name: string): string {
  const type = findType(schema, name);
  if (type === undefined) return name;
  return type.k === "enum" ? type.t : `{${structText(schema, name)}}`;
}
