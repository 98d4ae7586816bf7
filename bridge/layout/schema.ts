// SPDX-License-Identifier: MIT
// Reads a schema (docs/schema.md) that a peer sent: everything is bounded and checked before any of it is used.
import { BridgeError } from "../model/errors.ts";
import { isName } from "../model/names.ts";
import type { CdrPad, Schema, SchemaEnum, SchemaMessage, SchemaStruct } from "../model/schema.ts";
import {
  checkTypeName,
  own,
  readArray,
  readExact,
  readIdentifier,
  readInteger,
  readObject,
  readOptionalText,
  readText,
  refuse,
  type JsonObject,
} from "./check.ts";
import { checkNesting } from "./nesting.ts";
import { integerRange, isScalar, SCALARS } from "./scalars.ts";
import { readField } from "./schema-field.ts";

export const MAX_SCHEMA_BYTES = 4_194_304;
export const MAX_TYPES = 4096;
export const MAX_FIELDS = 4096;
export const MAX_LABELS = 4096;
export const MAX_STRUCT_BYTES = 1_048_576;
export const MAX_CDR_PADS = 256;
export const MAX_TEXT_LENGTH = 16_384;

/** Reads a schema blob as it stands in a HELLO: UTF-8 JSON text of at most 4 MiB. Throws `bad_schema`. */
export function parseSchemaText(bytes: Uint8Array): Schema {
  if (bytes.length > MAX_SCHEMA_BYTES) refuse("blob", `has more than ${String(MAX_SCHEMA_BYTES)} bytes`);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new BridgeError("bad_schema", "schema: blob is not JSON in UTF-8", { cause });
  }
  return parseSchema(json);
}

/** Checks a schema that was parsed from JSON and returns a copy that holds only what the format knows. Throws `bad_schema`. */
export function parseSchema(json: unknown): Schema {
  const root = readObject(json, "root");
  if (own(root, "v") !== 1) refuse("v", "is a version that is not known; only 1 is");
  const endian = own(root, "endian");
  if (endian !== "le" && endian !== "be") refuse("endian", 'is neither "le" nor "be"');
  const entries = Object.entries(readObject(own(root, "types"), "types"));
  if (entries.length > MAX_TYPES) refuse("types", `has more than ${String(MAX_TYPES)} entries`);
  const types = new Map(entries.map(([name, type]) => [checkTypeName(name), readType(type, `types.${name}`)]));
  checkNesting(types);
  const messages = readArray(own(root, "messages") ?? [], MAX_TYPES * 4, "messages").map((message, at) =>
    readMessage(message, types, `messages[${String(at)}]`),
  );
  return { v: 1, endian, types: Object.fromEntries(types), messages };
}

/** The type of that name, or undefined; safe for names like `constructor`. */
export function findType(schema: Schema, name: string): SchemaStruct | SchemaEnum | undefined {
  return Object.hasOwn(schema.types, name) ? schema.types[name] : undefined;
}

function readType(json: unknown, where: string): SchemaStruct | SchemaEnum {
  const object = readObject(json, where);
  const kind = own(object, "k");
  if (kind === "struct") return readStruct(object, where);
  if (kind === "enum") return readEnum(object, where);
  return refuse(`${where}.k`, 'is neither "struct" nor "enum"');
}

function readStruct(object: JsonObject, where: string): SchemaStruct {
  const size = readInteger(own(object, "size"), 1, MAX_STRUCT_BYTES, `${where}.size`);
  const fields = readArray(own(object, "f"), MAX_FIELDS, `${where}.f`).map((field, at) =>
    readField(field, `${where}.f[${String(at)}]`),
  );
  if (new Set(fields.map((field) => field.n)).size !== fields.length) refuse(where, "has two fields of one name");
  const doc = readOptionalText(object, "doc", MAX_TEXT_LENGTH, where);
  const pads = own(object, "pads");
  const cdrPads = own(object, "cdrPads");
  return {
    k: "struct",
    size,
    hash: readOptionalText(object, "hash", 64, where) ?? "",
    f: fields,
    ...(doc === undefined ? {} : { doc }),
    ...(pads === undefined ? {} : { pads: readPads(pads, size, `${where}.pads`) }),
    ...(own(object, "cdr") === true ? { cdr: true } : {}),
    ...(cdrPads === undefined ? {} : { cdrPads: readCdrPads(cdrPads, `${where}.cdrPads`) }),
  };
}

function readPads(json: unknown, size: number, where: string): readonly (readonly [number, number])[] {
  return readArray(json, MAX_FIELDS * 2, where).map((entry) => {
    const pair = readArray(entry, 2, where);
    const offset = readInteger(pair[0], 0, size, where);
    return [offset, readInteger(pair[1], 0, size - offset, where)];
  });
}

function readCdrPads(json: unknown, where: string): readonly CdrPad[] {
  return readArray(json, MAX_CDR_PADS, where).map((entry) => {
    const [type, offset, length] = readArray(entry, 3, where);
    return [
      readText(type, 255, where),
      readInteger(offset, 0, MAX_STRUCT_BYTES, where),
      readInteger(length, 1, MAX_STRUCT_BYTES, where),
    ];
  });
}

function readEnum(object: JsonObject, where: string): SchemaEnum {
  const type = own(object, "t");
  if (typeof type !== "string" || !isScalar(type) || !SCALARS[type].integer) refuse(`${where}.t`, "is no integer type");
  const { least, greatest } = integerRange(SCALARS[type].signed, SCALARS[type].bytes * 8);
  const labels = Object.entries(readObject(own(object, "v"), `${where}.v`));
  if (labels.length > MAX_LABELS) refuse(`${where}.v`, `has more than ${String(MAX_LABELS)} entries`);
  const values = labels.map(([label, json]): [string, number | string] => {
    const at = `${where}.v.${readIdentifier(label, `${where}.v`)}`;
    const exact = readExact(json, at);
    if (exact < least || exact > greatest) refuse(at, `does not fit ${type}`);
    return [label, Number.isSafeInteger(Number(exact)) ? Number(exact) : exact.toString()];
  });
  const doc = readOptionalText(object, "doc", MAX_TEXT_LENGTH, where);
  const vdoc = own(object, "vdoc");
  return {
    k: "enum",
    t: type,
    v: Object.fromEntries(values),
    ...(vdoc === undefined ? {} : { vdoc: readTexts(vdoc, `${where}.vdoc`) }),
    ...(doc === undefined ? {} : { doc }),
  };
}

/** An object of texts: annotations by name, or texts of labels. */
export function readTexts(json: unknown, where: string): Readonly<Record<string, string>> {
  const entries = Object.entries(readObject(json, where));
  if (entries.length > MAX_LABELS) refuse(where, `has more than ${String(MAX_LABELS)} entries`);
  return Object.fromEntries(
    entries.map(([key, value]) => [readText(key, 255, where), readText(value, MAX_TEXT_LENGTH, where)]),
  );
}

function readMessage(
  json: unknown,
  types: ReadonlyMap<string, SchemaStruct | SchemaEnum>,
  where: string,
): SchemaMessage {
  const object = readObject(json, where);
  const name = readText(own(object, "name"), 255, `${where}.name`);
  // "*" stands for a type whose messages get their names while the driver runs.
  if (name !== "*" && !isName(name)) refuse(`${where}.name`, "is not a name");
  const role = own(object, "role");
  if (role !== "channel" && role !== "parameter" && role !== "request" && role !== "reply") {
    refuse(`${where}.role`, "is none of channel, parameter, request, reply");
  }
  const type = readText(own(object, "type"), 255, `${where}.type`);
  if (types.get(type)?.k !== "struct") refuse(`${where}.type`, "names no struct of the schema");
  return { name, role, type };
}
