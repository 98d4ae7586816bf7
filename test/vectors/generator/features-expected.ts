// SPDX-License-Identifier: MIT
// What the samples with every feature must decode to: columns as the bytes of their typed arrays, and JSON text.
import { SAMPLES, type Sample } from "./features.ts";

/** A column: the name of its array and its little-endian bytes as hex, or the texts themselves. */
export type ExpectedColumn = { readonly array: string; readonly hex: string } | { readonly texts: readonly string[] };

const MODES = new Map([
  [0, "OFF"],
  [1, "SINE"],
]);
const SIZES = new Map([
  [0, "NONE"],
  [2, "SMALL"],
]);
const LEVELS = new Map([
  [-(2n ** 63n), "LOWEST"],
  [1n, "ONE"],
]);

/** The columns of all samples by path. */
export function expectedColumns(): Readonly<Record<string, ExpectedColumn>> {
  return {
    a: numbers("Uint8Array", 1, (s) => [BigInt(s.a)]),
    b: numbers("Int8Array", 1, (s) => [BigInt(s.b)]),
    c: numbers("Uint16Array", 2, (s) => [BigInt(s.c)]),
    d: numbers("Int16Array", 2, (s) => [BigInt(s.d)]),
    flag: numbers("Uint8Array", 1, (s) => [s.flag === 0 ? 0n : 1n]),
    letter: { texts: SAMPLES.map((s) => s.letter) },
    e: numbers("Uint32Array", 4, (s) => [BigInt(s.e)]),
    f: numbers("Int32Array", 4, (s) => [BigInt(s.f)]),
    ratio: numbers("Float32Array", 4, (s) => [BigInt(s.ratio)]),
    mode: numbers("Uint32Array", 4, (s) => [BigInt(s.mode)]),
    g: numbers("BigUint64Array", 8, (s) => [s.g]),
    h: numbers("BigInt64Array", 8, (s) => [s.h]),
    angle: numbers("Float64Array", 8, (s) => [s.angle]),
    label: { texts: SAMPLES.map((s) => labelText(s)) },
    digest: numbers("Uint8Array", 1, (s) => s.digest.map(BigInt)),
    vector: numbers("Float32Array", 4, (s) => s.vector.map(float32)),
    small: numbers("Uint8Array", 1, (s) => [BigInt(s.small)]),
    x: numbers("Uint32Array", 4, (s) => [BigInt(s.x)]),
    y: numbers("Int32Array", 4, (s) => [BigInt(s.y)]),
    z: numbers("Uint8Array", 1, (s) => [s.z ? 1n : 0n]),
    wide: numbers("BigInt64Array", 8, (s) => [s.wide]),
    "pid.kp": numbers("Float32Array", 4, (s) => [float32(s.kp)]),
    "pid.ki": numbers("Float32Array", 4, (s) => [float32(s.ki)]),
    "items.id": numbers("Uint16Array", 2, (s) => s.items.map(({ id }) => BigInt(id))),
    "items.at": numbers("Int16Array", 2, (s) => s.items.flatMap(({ at }) => at.map(BigInt))),
    "items.tag": { texts: SAMPLES.flatMap((s) => s.items.map(({ tag }) => tag)) },
    matrix: numbers("Uint16Array", 2, (s) => s.matrix.map(BigInt)),
    names: { texts: SAMPLES.flatMap((s) => s.names) },
    level: numbers("BigInt64Array", 8, (s) => [s.level]),
    whole: numbers("Uint32Array", 4, (s) => [BigInt(s.union)]),
    part: numbers("Float32Array", 4, (s) => [BigInt(s.union)]),
  };
}

/** The JSON text of one sample. */
export function expectedJson(s: Sample): string {
  const fields: Readonly<Record<string, string>> = {
    a: String(s.a),
    b: String(s.b),
    c: String(s.c),
    d: String(s.d),
    flag: s.flag === 0 ? "false" : "true",
    letter: JSON.stringify(s.letter),
    e: String(s.e),
    f: String(s.f),
    ratio: float(floatOf32(s.ratio)),
    mode: label(MODES.get(s.mode), String(s.mode)),
    g: wide(s.g),
    h: wide(s.h),
    angle: float(floatOf64(s.angle)),
    label: JSON.stringify(labelText(s)),
    digest: JSON.stringify(Buffer.from(s.digest).toString("base64")),
    vector: list(s.vector.map((value) => float(Math.fround(value)))),
    small: label(SIZES.get(s.small), String(s.small)),
    x: String(s.x),
    y: String(s.y),
    z: String(s.z),
    wide: wide(s.wide),
    pid: `{"kp":${float(Math.fround(s.kp))},"ki":${float(Math.fround(s.ki))}}`,
    items: list(
      s.items.map(
        ({ id, at, tag }) => `{"id":${String(id)},"at":${list(at.map(String))},"tag":${JSON.stringify(tag)}}`,
      ),
    ),
    matrix: list([list(s.matrix.slice(0, 3).map(String)), list(s.matrix.slice(3).map(String))]),
    names: list(s.names.map((name) => JSON.stringify(name))),
    level: label(LEVELS.get(s.level), wide(s.level)),
    whole: String(s.union),
    part: float(floatOf32(s.union)),
  };
  return `{${Object.entries(fields)
    .map(([name, text]) => `"${name}":${text}`)
    .join(",")}}`;
}

function numbers(array: string, bytes: number, of: (sample: Sample) => readonly bigint[]): ExpectedColumn {
  const patterns = SAMPLES.flatMap((sample) => [...of(sample)]);
  const hex = patterns.map((pattern) =>
    Array.from({ length: bytes }, (_, i) =>
      Number((BigInt.asUintN(64, pattern) >> BigInt(i * 8)) & 255n)
        .toString(16)
        .padStart(2, "0"),
    ).join(""),
  );
  return { array, hex: hex.join("") };
}

function float32(value: number): bigint {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return BigInt(view.getUint32(0));
}

function floatOf32(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits);
  return view.getFloat32(0);
}

function floatOf64(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

function float(value: number): string {
  return JSON.stringify(value);
}

function wide(value: bigint): string {
  return value > 2n ** 53n || value < -(2n ** 53n) ? `"${value.toString()}"` : value.toString();
}

function label(name: string | undefined, otherwise: string): string {
  return name === undefined ? otherwise : JSON.stringify(name);
}

function list(texts: readonly string[]): string {
  return `[${texts.join(",")}]`;
}

function labelText(sample: Sample): string {
  const bytes = Buffer.from(sample.label);
  const end = bytes.indexOf(0);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, end < 0 ? bytes.length : end));
}
