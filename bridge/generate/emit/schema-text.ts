// SPDX-License-Identifier: MIT
// The schema as JSON text: the very bytes that the driver carries, one field a line so that people can read and compare it.
import type { Schema, SchemaEnum, SchemaStruct } from "../../model/schema.ts";

/** Writes a schema; the bytes of `messages.schema.json` and of the blob in the C file are these. */
export function schemaText(schema: Schema): string {
  const types = Object.entries(schema.types).map(
    ([name, type]) => `${JSON.stringify(name)}:${type.k === "struct" ? structText(type) : enumText(type)}`,
  );
  const messages = schema.messages.map((message) => JSON.stringify(message));
  return `{"v":1,"endian":"${schema.endian}","types":{\n${types.join(",\n")}\n},"messages":[\n${messages.join(",\n")}\n]}\n`;
}

function structText(type: SchemaStruct): string {
  const { f, ...rest } = type;
  const fields = f.map((field) => JSON.stringify(field));
  return `${JSON.stringify(rest).slice(0, -1)},"f":[\n${fields.join(",\n")}\n]}`;
}

function enumText(type: SchemaEnum): string {
  return JSON.stringify(type);
}
