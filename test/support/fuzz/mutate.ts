// SPDX-License-Identifier: MIT
// Changes inputs as hostile peers would: single bits, wild numbers, pieces left out, doubled or taken from another input, words of the format.
import type { Random } from "../truth/random-values.ts";

/** What mutations are made of, beside chance. */
export interface Material {
  /** Inputs to take pieces from. */
  readonly corpus: readonly Uint8Array[];
  /** Pieces of text that the format knows. */
  readonly words: readonly string[];
  readonly maxBytes: number;
}

type Mutation = (bytes: Uint8Array, random: Random, material: Material) => Uint8Array;

const WILD = [
  0n,
  1n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0xffffn,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  2n ** 53n,
  2n ** 64n - 1n,
];
const WILD_DIGITS = [
  "0",
  "1",
  "-1",
  "8",
  "64",
  "255",
  "256",
  "1048576",
  "1048577",
  "4294967296",
  "9007199254740993",
  "1e400",
  "0.5",
];
const MAX_MUTATIONS = 5;

/** A changed copy of an input, at most as long as allowed. */
export function mutate(bytes: Uint8Array, random: Random, material: Material): Uint8Array {
  let made = bytes;
  for (let left = 1 + random(MAX_MUTATIONS); left > 0; left--)
    made = (MUTATIONS[random(MUTATIONS.length)] ?? setByte)(made, random, material);
  return made.subarray(0, material.maxBytes);
}

function setByte(bytes: Uint8Array, random: Random): Uint8Array {
  const made = Uint8Array.from(bytes);
  made[random(bytes.length + 1)] = random(256);
  return made;
}

function flipBit(bytes: Uint8Array, random: Random): Uint8Array {
  const made = Uint8Array.from(bytes);
  const at = random(bytes.length + 1);
  made[at] = (made[at] ?? 0) ^ (1 << random(8));
  return made;
}

function wildNumber(bytes: Uint8Array, random: Random): Uint8Array {
  const width = [1, 2, 4, 8][random(4)] ?? 1;
  if (bytes.length < width) return bytes;
  const made = Uint8Array.from(bytes);
  const at = random(bytes.length - width + 1);
  const value = WILD[random(WILD.length)] ?? 0n;
  const isLittle = random(2) === 0;
  for (let i = 0; i < width; i++) made[at + (isLittle ? i : width - 1 - i)] = Number((value >> BigInt(8 * i)) & 0xffn);
  return made;
}

function cutOut(bytes: Uint8Array, random: Random): Uint8Array {
  const [from, to] = range(bytes, random);
  return joined(bytes.subarray(0, from), bytes.subarray(to));
}

function cutOff(bytes: Uint8Array, random: Random): Uint8Array {
  return bytes.subarray(0, random(bytes.length + 1));
}

function double(bytes: Uint8Array, random: Random): Uint8Array {
  const [from, to] = range(bytes, random);
  return joined(bytes.subarray(0, to), bytes.subarray(from));
}

function takeOver(bytes: Uint8Array, random: Random, { corpus }: Material): Uint8Array {
  const other = corpus[random(corpus.length)] ?? bytes;
  const [from, to] = range(other, random);
  const at = random(bytes.length + 1);
  // In place of as many bytes, or between.
  const behind = random(2) === 0 ? at + (to - from) : at;
  return joined(bytes.subarray(0, at), other.subarray(from, to), bytes.subarray(behind));
}

function insertWord(bytes: Uint8Array, random: Random, { words }: Material): Uint8Array {
  const word = Buffer.from(words[random(words.length)] ?? "");
  const at = random(bytes.length + 1);
  return joined(bytes.subarray(0, at), word, bytes.subarray(at));
}

function otherDigits(bytes: Uint8Array, random: Random, { words }: Material): Uint8Array {
  if (words.length === 0) return wildNumber(bytes, random);
  const numbers = [...Buffer.from(bytes).toString("latin1").matchAll(/-?\d+/g)];
  const number = numbers[random(numbers.length)];
  if (number === undefined) return bytes;
  const wild = Buffer.from(WILD_DIGITS[random(WILD_DIGITS.length)] ?? "");
  return joined(bytes.subarray(0, number.index), wild, bytes.subarray(number.index + number[0].length));
}

const MUTATIONS: readonly Mutation[] = [
  ...[setByte, flipBit, wildNumber, wildNumber, cutOut, cutOff, double, takeOver, insertWord, otherDigits, otherDigits],
];

function range(bytes: Uint8Array, random: Random): readonly [from: number, to: number] {
  const from = random(bytes.length + 1);
  return [from, from + random(Math.min(64, bytes.length - from) + 1)];
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
