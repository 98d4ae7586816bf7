// SPDX-License-Identifier: MIT
// A struct with every feature of the schema, its samples as values, and from these its bytes, columns and JSON text in both byte orders.
import { utf8 } from "../../support/records.ts";

export type Endian = "le" | "be";

/** The values of one sample; bits that are no value of JavaScript stand as their pattern. */
export interface Sample {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly flag: number;
  readonly letter: string;
  readonly e: number;
  readonly f: number;
  /** The bits of an f32. */
  readonly ratio: number;
  readonly mode: number;
  readonly g: bigint;
  readonly h: bigint;
  /** The bits of an f64. */
  readonly angle: bigint;
  /** 12 bytes. */
  readonly label: Uint8Array;
  readonly digest: readonly number[];
  readonly vector: readonly [number, number, number];
  readonly small: number;
  readonly x: number;
  readonly y: number;
  readonly z: boolean;
  readonly wide: bigint;
  readonly kp: number;
  readonly ki: number;
  readonly items: readonly { readonly id: number; readonly at: readonly [number, number]; readonly tag: string }[];
  readonly matrix: readonly number[];
  readonly names: readonly [string, string];
  readonly level: bigint;
  /** The bits that `whole` (u32) and `part` (f32) share. */
  readonly union: number;
}

export const SIZE = 160;

/** The f64 whose bits these are not: just the bits of a value. */
export function bits64(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

/** The bits of the f32 nearest to a value. */
export function bits32(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return view.getUint32(0);
}

const PLAIN: Sample = {
  a: 1,
  b: -2,
  c: 3,
  d: -4,
  flag: 1,
  letter: "k",
  e: 5,
  f: -6,
  ratio: bits32(0.1),
  mode: 1,
  g: 7n,
  h: -8n,
  angle: bits64(1.5),
  label: utf8("motor"),
  digest: [1, 2, 3, 4],
  vector: [0.5, -0.25, 1e-7],
  small: 2,
  x: 5,
  y: -3,
  z: true,
  wide: -9n,
  kp: 2,
  ki: 0.1,
  items: [
    { id: 10, at: [1, -1], tag: "up" },
    { id: 11, at: [2, -2], tag: "d" },
  ],
  matrix: [0, 1, 2, 10, 11, 12],
  names: ["left", "right"],
  level: 1n,
  union: bits32(1),
};

/** The samples: an ordinary one, the least and the greatest values, what is no number, and texts that need care. */
export const SAMPLES: readonly Sample[] = [
  PLAIN,
  {
    ...PLAIN,
    a: 0,
    b: -128,
    c: 0,
    d: -32768,
    flag: 0,
    letter: "",
    e: 0,
    f: -2147483648,
    ratio: bits32(-0),
    mode: 0,
    g: 0n,
    h: -(2n ** 63n),
    angle: bits64(5e-324),
    label: new Uint8Array(12),
    x: 0,
    y: -16,
    z: false,
    wide: -(2n ** 60n),
    level: -(2n ** 63n),
    small: 0,
    union: 0,
  },
  {
    ...PLAIN,
    a: 255,
    b: 127,
    c: 65535,
    d: 32767,
    flag: 255,
    e: 4294967295,
    f: 2147483647,
    ratio: bits32(3.4028234663852886e38),
    mode: 77,
    g: 2n ** 64n - 1n,
    h: 2n ** 63n - 1n,
    angle: bits64(1.7976931348623157e308),
    x: 7,
    y: 15,
    wide: 2n ** 60n - 1n,
    level: 2n ** 53n + 1n,
    small: 200,
    union: 4294967295,
  },
  {
    ...PLAIN,
    ratio: 0x7fa00001, // a signalling NaN with a payload
    angle: 0xfff8000000abcdefn,
    label: Uint8Array.of(0xef, 0xbb, 0xbf, 0x22, 0x5c, 0x0a, 0x1f, 0x7f, 0xc3, 0xa9, 0xff, 0xe2),
    vector: [Infinity, -Infinity, NaN],
    g: 2n ** 53n,
    h: -(2n ** 53n) - 1n,
  },
  {
    ...PLAIN,
    ratio: bits32(16777216),
    angle: bits64(123456789012345680000),
    label: utf8("123456789012"),
    vector: [1e21, 1e-6, 123456.789],
    g: 2n ** 53n + 1n,
    h: -(2n ** 53n),
  },
];

/** Writes a bitfield: the bytes as one integer in the byte order, with `value` put into its place. */
function putBits(bytes: Uint8Array, at: number, [count, shift, width]: Bits, value: bigint, endian: Endian): void {
  for (let bit = 0; bit < width; bit++) {
    if (((BigInt.asUintN(width, value) >> BigInt(bit)) & 1n) === 0n) continue;
    const place = shift + bit;
    const byte = endian === "le" ? Math.floor(place / 8) : count - 1 - Math.floor(place / 8);
    bytes[at + byte] = (bytes[at + byte] ?? 0) | (1 << (place % 8));
  }
}

export type Bits = readonly [bytes: number, shift: number, width: number];

/** Where a compiler puts the bitfields x:3, y:5, z:1 of one u32, and a packed one of 61 bits behind 5 others. */
export function bitfields(endian: Endian): {
  readonly x: Bits;
  readonly y: Bits;
  readonly z: Bits;
  readonly wide: Bits;
} {
  return endian === "le"
    ? { x: [4, 0, 3], y: [4, 3, 5], z: [4, 8, 1], wide: [9, 5, 61] }
    : { x: [4, 29, 3], y: [4, 24, 5], z: [4, 23, 1], wide: [9, 6, 61] };
}

/** The bytes of one sample; what no field covers stays 0. */
export function structBytes(sample: Sample, endian: Endian): Uint8Array {
  const bytes = new Uint8Array(SIZE);
  const view = new DataView(bytes.buffer);
  const le = endian === "le";
  const places = bitfields(endian);
  view.setUint8(0, sample.a);
  view.setInt8(1, sample.b);
  view.setUint16(2, sample.c, le);
  view.setInt16(4, sample.d, le);
  view.setUint8(6, sample.flag);
  bytes.set(utf8(sample.letter), 7);
  view.setUint32(8, sample.e, le);
  view.setInt32(12, sample.f, le);
  view.setUint32(16, sample.ratio, le);
  view.setUint32(20, sample.mode, le);
  view.setBigUint64(24, sample.g, le);
  view.setBigInt64(32, sample.h, le);
  view.setBigUint64(40, sample.angle, le);
  bytes.set(sample.label, 48);
  bytes.set(sample.digest, 60);
  sample.vector.forEach((value, i) => {
    view.setFloat32(64 + i * 4, value, le);
  });
  view.setUint8(76, sample.small);
  putBits(bytes, 80, places.x, BigInt(sample.x), endian);
  putBits(bytes, 80, places.y, BigInt(sample.y), endian);
  putBits(bytes, 80, places.z, sample.z ? 1n : 0n, endian);
  putBits(bytes, 84, places.wide, sample.wide, endian);
  view.setFloat32(96, sample.kp, le);
  view.setFloat32(100, sample.ki, le);
  sample.items.forEach((item, i) => {
    view.setUint16(104 + i * 8, item.id, le);
    view.setInt16(106 + i * 8, item.at[0], le);
    view.setInt16(108 + i * 8, item.at[1], le);
    bytes.set(utf8(item.tag), 110 + i * 8);
  });
  sample.matrix.forEach((value, i) => {
    view.setUint16(120 + i * 2, value, le);
  });
  sample.names.forEach((name, i) => {
    bytes.set(utf8(name), 132 + i * 6);
  });
  view.setBigInt64(144, sample.level, le);
  view.setUint32(152, sample.union, le);
  return bytes;
}
