// SPDX-License-Identifier: MIT
// The schema of the struct with every feature, and the text that its layout hash is taken of.
import { bitfields, SIZE, type Endian } from "./features.ts";

/** The schema as JSON. */
export function featuresSchema(endian: Endian): object {
  const bits = bitfields(endian);
  return {
    v: 1,
    endian,
    types: {
      mode: { k: "enum", t: "u32", v: { OFF: 0, SINE: 1, ALSO_SINE: 1 }, vdoc: { OFF: "no voltage" } },
      level: { k: "enum", t: "i64", v: { LOWEST: "-9223372036854775808", ONE: 1 } },
      size: { k: "enum", t: "u32", v: { NONE: 0, SMALL: 2 } },
      pid: {
        k: "struct",
        size: 8,
        hash: "",
        f: [
          { n: "kp", t: "f32", o: 0, u: "V/rad", min: 0, max: 10, step: 0.1, def: 2 },
          { n: "ki", t: "f32", o: 4 },
        ],
      },
      item: {
        k: "struct",
        size: 8,
        hash: "",
        f: [
          { n: "id", t: "u16", o: 0 },
          { n: "at", t: "i16", o: 2, d: [2], u: "mm" },
          { n: "tag", t: "c8", o: 6, d: [2] },
        ],
      },
      features: {
        k: "struct",
        size: SIZE,
        hash: "",
        doc: "everything that a struct can hold",
        pads: [
          [77, 3],
          [93, 3],
          [156, 4],
        ],
        f: [
          { n: "a", t: "u8", o: 0 },
          { n: "b", t: "i8", o: 1 },
          { n: "c", t: "u16", o: 2 },
          { n: "d", t: "i16", o: 4 },
          { n: "flag", t: "bool", o: 6 },
          { n: "letter", t: "c8", o: 7 },
          { n: "e", t: "u32", o: 8 },
          { n: "f", t: "i32", o: 12 },
          { n: "ratio", t: "f32", o: 16 },
          { n: "mode", t: "mode", o: 20, doc: "what it does" },
          { n: "g", t: "u64", o: 24, max: "18446744073709551615" },
          { n: "h", t: "i64", o: 32 },
          { n: "angle", t: "f64", o: 40, u: "rad" },
          { n: "label", t: "c8", o: 48, d: [12] },
          { n: "digest", t: "u8", o: 60, d: [4], tags: { bytes: "" } },
          { n: "vector", t: "f32", o: 64, d: [3] },
          { n: "small", t: "u8", o: 76, tags: { enum: "size" } },
          { n: "x", t: "u32", o: 80, b: bits.x },
          { n: "y", t: "i32", o: 80, b: bits.y },
          { n: "z", t: "bool", o: 80, b: bits.z },
          { n: "wide", t: "i64", o: 84, b: bits.wide },
          { n: "pid", t: "pid", o: 96 },
          { n: "items", t: "item", o: 104, d: [2] },
          { n: "matrix", t: "u16", o: 120, d: [2, 3] },
          { n: "names", t: "c8", o: 132, d: [2, 6] },
          { n: "level", t: "level", o: 144 },
          { n: "whole", t: "u32", o: 152, alt: 0 },
          { n: "part", t: "f32", o: 152, alt: 1 },
        ],
      },
    },
    messages: [{ name: "features", role: "channel", type: "features" }],
  };
}

/** What the layout hash of `features` is taken of. */
export function featuresHashText(endian: Endian): string {
  const { x, y, z, wide } = bitfields(endian);
  return [
    `L1;${endian};160;a:u8@0;b:i8@1;c:u16@2;d:i16@4;flag:bool@6;letter:c8@7;e:u32@8;f:i32@12;ratio:f32@16;mode:u32@20;`,
    "g:u64@24;h:i64@32;angle:f64@40;label:c8@48[12];digest:u8@60[4];vector:f32@64[3];small:u8@76;",
    `x:u32@80.${x.join(",")};y:i32@80.${y.join(",")};z:bool@80.${z.join(",")};wide:i64@84.${wide.join(",")};`,
    "pid:{8;kp:f32@0;ki:f32@4;}@96;items:{8;id:u16@0;at:i16@2[2];tag:c8@6[2];}@104[2];",
    "matrix:u16@120[2][3];names:c8@132[2][6];level:i64@144;whole:u32@152;part:f32@152;",
  ].join("");
}
