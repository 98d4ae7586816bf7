// SPDX-License-Identifier: MIT
// Records that must be refused: each breaks one rule of the batch format, or is of a type that does not belong.
import { batchRecord, gapRecord } from "../../support/records.ts";
import { EPOCH, LISTED, PLAIN, TEXTS, type Vector } from "./batches.ts";
import { patched, record } from "./bytes.ts";

const plain = batchRecord(PLAIN);
const listed = batchRecord(LISTED);
const texts = batchRecord(TEXTS);
const gap = gapRecord(3, EPOCH, 103, 112, 2);
const lengthsAt = 40 + 3 * 8;

/** Records that break the batch format; each must be refused wherever it appears. */
export const BAD: readonly Vector[] = [
  { name: "length-zero", what: "a length of 0", bytes: patched(plain, 0, [["u32", 0]]) },
  { name: "length-below-prefix", what: "a length of 4", bytes: patched(plain, 0, [["u32", 4]]) },
  {
    name: "length-odd",
    what: "a length that is no multiple of 8",
    bytes: patched(plain, 0, [["u32", plain.length - 4]]),
  },
  { name: "length-too-large", what: "a length of 16 MiB and 8 bytes", bytes: patched(plain, 0, [["u32", 16_777_224]]) },
  {
    name: "length-all-ones",
    what: "the greatest length that can be written",
    bytes: patched(plain, 0, [["u32", 0xffffffff]]),
  },
  { name: "batch-cut-header", what: "a batch of 32 bytes", bytes: patched(plain.slice(0, 32), 0, [["u32", 32]]) },
  {
    name: "batch-too-short",
    what: "a batch with 8 bytes less than its samples need",
    bytes: patched(plain.slice(0, -8), 0, [["u32", plain.length - 8]]),
  },
  {
    name: "batch-too-long",
    what: "a batch with 8 bytes more than its samples need",
    bytes: record(1, [
      ["bytes", plain.slice(8)],
      ["u64", 0n],
    ]),
  },
  { name: "batch-unknown-flag", what: "a flag that is not known", bytes: patched(plain, 5, [["u8", 4]]) },
  {
    name: "batch-count-zero",
    what: "a batch without samples",
    bytes: patched(plain.slice(0, 40), 0, [
      ["u32", 40],
      ["u8", 1],
      ["u8", 0],
      ["u16", 0],
      ["bytes", plain.slice(8, 32)],
      ["u32", 0],
    ]),
  },
  { name: "batch-count-too-large", what: "a count beyond the limit", bytes: patched(plain, 32, [["u32", 1_048_577]]) },
  {
    name: "batch-count-all-ones",
    what: "a count that overflows 32 bits when it is multiplied",
    bytes: patched(plain, 32, [["u32", 0xffffffff]]),
  },
  { name: "batch-size-zero", what: "structs of no bytes", bytes: patched(plain, 36, [["u32", 0]]) },
  { name: "batch-size-too-large", what: "structs of more than 1 MiB", bytes: patched(plain, 36, [["u32", 1_048_577]]) },
  {
    name: "batch-size-and-variable",
    what: "payloads that have a struct's size",
    bytes: patched(texts, 36, [["u32", 8]]),
  },
  {
    name: "batch-sequence-too-large",
    what: "a first sequence beyond 2^53-1",
    bytes: patched(plain, 24, [["u64", 2n ** 53n]]),
  },
  {
    name: "batch-last-sequence-too-large",
    what: "a last sequence beyond 2^53-1",
    bytes: patched(plain, 24, [["u64", 2n ** 53n - 2n]]),
  },
  {
    name: "sequences-first-differs",
    what: "a list of sequences that does not begin with the first",
    bytes: patched(listed, 24, [["u64", 99n]]),
  },
  { name: "sequences-equal", what: "a sequence twice", bytes: patched(listed, 40 + 24 + 8, [["u64", 100n]]) },
  { name: "sequences-fall", what: "sequences that fall", bytes: patched(listed, 40 + 24 + 16, [["u64", 102n]]) },
  {
    name: "sequences-too-large",
    what: "a listed sequence beyond 2^53-1",
    bytes: patched(listed, 40 + 24 + 16, [["u64", 2n ** 53n]]),
  },
  {
    name: "lengths-too-small",
    what: "payload lengths that do not reach the end",
    bytes: patched(texts, lengthsAt, [
      ["u32", 0],
      ["u32", 0],
      ["u32", 0],
    ]),
  },
  {
    name: "lengths-too-large",
    what: "payload lengths beyond the end",
    bytes: patched(texts, lengthsAt, [["u32", 100]]),
  },
  {
    name: "lengths-over-limit",
    what: "a payload of more than 1 MiB",
    bytes: patched(texts, lengthsAt, [["u32", 1_048_577]]),
  },
  {
    name: "lengths-overflow",
    what: "payload lengths whose sum overflows 32 bits",
    bytes: patched(texts, lengthsAt, [
      ["u32", 0xffffffff],
      ["u32", 0xffffffff],
      ["u32", 0xffffffff],
    ]),
  },
  { name: "gap-short", what: "a gap of 40 bytes", bytes: patched(gap.slice(0, 40), 0, [["u32", 40]]) },
  {
    name: "gap-long",
    what: "a gap of 56 bytes",
    bytes: record(2, [
      ["bytes", gap.slice(8)],
      ["u64", 0n],
    ]),
  },
  { name: "gap-backwards", what: "a gap that ends before it begins", bytes: patched(gap, 32, [["u64", 102n]]) },
  { name: "gap-count-zero", what: "a gap in which nothing is lost", bytes: patched(gap, 40, [["u64", 0n]]) },
  { name: "gap-count-too-large", what: "a gap that loses more than it spans", bytes: patched(gap, 40, [["u64", 11n]]) },
  { name: "gap-sequence-too-large", what: "a gap beyond 2^53-1", bytes: patched(gap, 32, [["u64", 2n ** 53n]]) },
];

/** Records that are whole and whose type does not belong on a driver link. */
export const FOREIGN: readonly Vector[] = [0, 3, 15, 64, 255].map((type) => ({
  name: `type-${String(type)}`,
  what: `the reserved type ${String(type)}`,
  bytes: record(type, [["u64", 0n]]),
}));
