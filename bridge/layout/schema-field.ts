// SPDX-License-Identifier: MIT
// Reads one field of a struct of a schema, as far as it can be checked without knowing the other types.
import type { SchemaField } from "../model/schema.ts";
import {
  own,
  readArray,
  readIdentifier,
  readInteger,
  readNumber,
  readObject,
  readOptionalText,
  readText,
  refuse,
  type JsonObject,
} from "./check.ts";

export const MAX_DIMENSIONS = 8;
export const MAX_DIMENSION_LENGTH = 1_048_576;
/** A packed bitfield of up to 64 bits may straddle nine bytes. */
export const MAX_BIT_BYTES = 9;

const MAX_OFFSET = 1_048_576;
const MAX_TAGS = 64;
const MAX_TEXT_LENGTH = 16_384;
const NUMBERS = ["min", "max", "step", "def"] as const;

/** Reads a field; throws `bad_schema`. */
export function readField(json: unknown, where: string): SchemaField {
  const object = readObject(json, where);
  const name = readIdentifier(own(object, "n"), `${where}.n`);
  const here = `${where} (${name})`;
  const dims = own(object, "d");
  const bits = own(object, "b");
  if (dims !== undefined && bits !== undefined) refuse(here, "is an array of bitfields");
  const unit = readOptionalText(object, "u", 64, here);
  const doc = readOptionalText(object, "doc", MAX_TEXT_LENGTH, here);
  const alt = own(object, "alt");
  const tags = own(object, "tags");
  return {
    n: name,
    t: readText(own(object, "t"), 255, `${here}.t`),
    o: readInteger(own(object, "o"), 0, MAX_OFFSET, `${here}.o`),
    ...(dims === undefined ? {} : { d: readDimensions(dims, `${here}.d`) }),
    ...(bits === undefined ? {} : { b: readBits(bits, `${here}.b`) }),
    ...(unit === undefined ? {} : { u: unit }),
    ...readNumbers(object, here),
    ...(doc === undefined ? {} : { doc }),
    ...(alt === undefined ? {} : { alt: readInteger(alt, 0, MAX_OFFSET, `${here}.alt`) }),
    ...(tags === undefined ? {} : { tags: readTags(tags, `${here}.tags`) }),
  };
}

function readDimensions(json: unknown, where: string): readonly number[] {
  return readArray(json, MAX_DIMENSIONS, where).map((length) => readInteger(length, 1, MAX_DIMENSION_LENGTH, where));
}

function readBits(json: unknown, where: string): readonly [number, number, number] {
  const list = readArray(json, 3, where);
  const bytes = readInteger(list[0], 1, MAX_BIT_BYTES, where);
  const shift = readInteger(list[1], 0, bytes * 8 - 1, where);
  return [bytes, shift, readInteger(list[2], 1, Math.min(64, bytes * 8 - shift), where)];
}

function readNumbers(object: JsonObject, where: string): Pick<SchemaField, (typeof NUMBERS)[number]> {
  const given = NUMBERS.flatMap((key) => {
    const value = own(object, key);
    return value === undefined ? [] : [[key, readNumber(value, `${where}.${key}`)] as const];
  });
  return Object.fromEntries(given);
}

function readTags(json: unknown, where: string): Readonly<Record<string, string>> {
  const entries = Object.entries(readObject(json, where));
  if (entries.length > MAX_TAGS) refuse(where, `has more than ${String(MAX_TAGS)} entries`);
  return Object.fromEntries(
    entries.map(([tag, text]) => [readText(tag, 255, where), readText(text, MAX_TEXT_LENGTH, where)]),
  );
}
