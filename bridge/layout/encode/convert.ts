// SPDX-License-Identifier: MIT
// Turns a user's value into the bits or bytes of its leaf, exactly or not at all.
import { BridgeError } from "../../model/errors.ts";
import type { Leaf } from "../../model/schema.ts";
import { integerRange, SCALARS } from "../scalars.ts";
import { bytesOfBase64 } from "../text.ts";
import type { Assignment } from "./names.ts";

const DIGITS = /^-?[0-9]{1,20}$/;
const LISTED_LABELS = 12;

/** The bits of a scalar as an unsigned 64-bit pattern, or the bytes of a text or bytes leaf (as many as its capacity). Throws `bad_value`. */
export function convert(assignment: Assignment): bigint | Uint8Array {
  const { leaf } = assignment;
  if (leaf.kind === "text") return textBytes(assignment);
  if (leaf.kind === "bytes") return rawBytes(assignment);
  if (SCALARS[leaf.type].float) return floatBits(assignment);
  return BigInt.asUintN(64, leaf.kind === "bool" ? boolBits(assignment) : integer(assignment));
}

/** The value that a pattern of {@link convert} stands for; undefined for text and bytes. */
export function valueOfPattern(leaf: Leaf, pattern: bigint | Uint8Array): number | bigint | undefined {
  if (typeof pattern !== "bigint") return undefined;
  if (!SCALARS[leaf.type].float) return SCALARS[leaf.type].signed ? BigInt.asIntN(64, pattern) : pattern;
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, leaf.type === "f32" ? pattern << 32n : pattern);
  return leaf.type === "f32" ? view.getFloat32(0) : view.getFloat64(0);
}

function floatBits({ leaf, value, name }: Assignment): bigint {
  const number = typeof value === "bigint" ? Number(value) : value;
  if (typeof number !== "number") refuse(name, "must be a number");
  const view = new DataView(new ArrayBuffer(8));
  if (leaf.type === "f64") {
    view.setFloat64(0, number);
    return view.getBigUint64(0);
  }
  if (Number.isFinite(number) && !Number.isFinite(Math.fround(number))) refuse(name, "is too large for f32");
  view.setFloat32(4, number);
  return view.getBigUint64(0);
}

function boolBits({ value, name }: Assignment): bigint {
  if (value === true || value === 1) return 1n;
  if (value === false || value === 0) return 0n;
  return refuse(name, "must be true or false");
}

function integer({ leaf, value, name }: Assignment): bigint {
  const label = typeof value === "string" ? leaf.labels?.get(value) : undefined;
  const exact = label ?? exactInteger(value);
  if (exact === undefined) return refuse(name, expected(leaf, value));
  const { signed, bytes } = SCALARS[leaf.type];
  const { least, greatest } = integerRange(signed, leaf.bits?.[2] ?? bytes * 8);
  if (exact < least || exact > greatest) refuse(name, `must be from ${String(least)} to ${String(greatest)}`);
  return exact;
}

function exactInteger(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  return typeof value === "string" && DIGITS.test(value) ? BigInt(value) : undefined;
}

function expected(leaf: Leaf, value: unknown): string {
  if (leaf.labels !== undefined) {
    const labels = [...leaf.labels.keys()];
    const more = labels.length > LISTED_LABELS ? ", …" : "";
    return `must be one of ${labels.slice(0, LISTED_LABELS).join(", ")}${more} or a whole number`;
  }
  if (typeof value === "number" && Number.isInteger(value))
    return "is beyond ±2^53: give it as a bigint or as digits in quotes";
  return "must be a whole number";
}

function textBytes({ leaf, value, name }: Assignment): Uint8Array {
  if (typeof value !== "string") return refuse(name, "must be a text");
  if (value.includes("\0")) refuse(name, "must not contain NUL");
  // A text is never longer in UTF-16 than in UTF-8: no need to encode what cannot fit.
  const encoded = value.length > leaf.capacity ? undefined : new TextEncoder().encode(value);
  if (encoded === undefined || encoded.length > leaf.capacity) {
    return refuse(name, `must have at most ${String(leaf.capacity)} bytes of UTF-8`);
  }
  const bytes = new Uint8Array(leaf.capacity);
  bytes.set(encoded);
  return bytes;
}

function rawBytes({ leaf, value, name }: Assignment): Uint8Array {
  const bytes = value instanceof Uint8Array ? value : typeof value === "string" ? bytesOfBase64(value) : undefined;
  if (bytes === undefined) return refuse(name, "must be bytes or base64");
  if (bytes.length !== leaf.capacity) refuse(name, `must have ${String(leaf.capacity)} bytes`);
  return bytes;
}

function refuse(name: string, what: string): never {
  throw new BridgeError("bad_value", `${name.slice(0, 200)} ${what}`);
}
