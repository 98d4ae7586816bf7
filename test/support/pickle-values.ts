// SPDX-License-Identifier: MIT
// Values as Python writes them and as JavaScript should have them.
import type { Value } from "../../bridge/model/values.ts";

/** Python literals with what they are in JavaScript. */
export const PICKLE_VALUES: readonly (readonly [python: string, value: Value])[] = [
  ["None", null],
  ["True", true],
  ["False", false],
  ["0", 0],
  ["1", 1],
  ["-1", -1],
  ["255", 255],
  ["256", 256],
  ["65535", 65_535],
  ["65536", 65_536],
  ["2147483647", 2_147_483_647],
  ["-2147483648", -2_147_483_648],
  ["2147483648", 2_147_483_648],
  ["9007199254740991", 9_007_199_254_740_991],
  ["-9007199254740993", -9_007_199_254_740_993n],
  ["18446744073709551616", 18_446_744_073_709_551_616n],
  ["-10000000000000000000000000000000000000000", -(10n ** 40n)],
  ["1.5", 1.5],
  ["-0.0", -0],
  ["1e+308", 1e308],
  ["5e-324", 5e-324],
  ["1e999", Infinity],
  ["-1e999", -Infinity],
  ["''", ""],
  ["'abc'", "abc"],
  [String.raw`'na\xefve \u20ac \U0001f600'`, "naïve € 😀"],
  [String.raw`'\\u0041 \n \r \x00 \x1a'`, "\\u0041 \n \r \0 \x1a"],
  [`'${"x".repeat(300)}'`, "x".repeat(300)],
  ["[]", []],
  ["()", []],
  ["{}", {}],
  ["[1, [2, [3]]]", [1, [2, [3]]]],
  ["(1,)", [1]],
  ["(1, 2)", [1, 2]],
  ["(1, 2, 3)", [1, 2, 3]],
  ["(1, (2, ()), 3, 4)", [1, [2, []], 3, 4]],
  ["{'a': 1, 'b': [True, None]}", { a: 1, b: [true, null] }],
  ["{'__proto__': 1}", JSON.parse('{"__proto__":1}') as Value],
  ["('camera', 'snap', [0.5, 'x'], {'gain': 2}, False)", ["camera", "snap", [0.5, "x"], { gain: 2 }, false]],
];

/** The same of what protocols before 3 write by a call, which is refused. */
export const PICKLED_BYTES: readonly (readonly [python: string, value: Value])[] = [
  ["b''", new Uint8Array()],
  [String.raw`b'\x00\xff'`, Uint8Array.of(0, 255)],
  [`b'${"y".repeat(300)}'`, new Uint8Array(300).fill(0x79)],
];
