// SPDX-License-Identifier: MIT
// The golden records: one of every kind, and several that must be refused.
import { batchRecord, doubles, gapRecord, utf8, type BatchSpec } from "../../support/records.ts";
import { patched, record } from "./bytes.ts";
import { SAMPLES, structBytes, type Endian } from "./features.ts";

/** A record of the vectors. */
export interface Vector {
  readonly name: string;
  readonly what: string;
  readonly bytes: Uint8Array;
}

const MAGIC = 0x57525453;
const EPOCH = 1_763_635_200_123_456_789n;
const TIME = 1_763_635_212_345_678_901n;

const PLAIN: BatchSpec = {
  stream: 3,
  schema: 2,
  epoch: EPOCH,
  first: 100,
  time: TIME,
  samples: doubles(1.5, -0, 1e300),
};
const LISTED: BatchSpec = { ...PLAIN, sequences: [100, 103, 200] };
const TEXTS: BatchSpec = {
  ...PLAIN,
  schema: 0,
  variable: true,
  samples: ['{"a":1}', "null", ' [1, "é"] '].map((text) => utf8(text)),
};
const BYTES: BatchSpec = {
  ...PLAIN,
  schema: 0,
  variable: true,
  samples: [Uint8Array.of(0xff, 0xd8, 0, 0x7b), new Uint8Array(0)],
};
const PAIRS: BatchSpec = { ...TEXTS, sequences: [100, 102, 104] };

/** A batch of all feature samples. */
export function featuresBatch(endian: Endian): Uint8Array {
  const samples = SAMPLES.map((sample) => structBytes(sample, endian));
  return batchRecord({ stream: 1, schema: 1, epoch: EPOCH, first: 41, time: TIME, samples });
}

const BLOB = '{"v":1,"endian":"le","types":{},"messages":[]}';

const hello = record(16, [
  ["u32", MAGIC],
  ["u16", 1],
  ["u16", 0],
  ["u64", EPOCH],
  ["i64", 1_763_000_000_000_000_000n],
  ["u32", 5],
  ["u32", BLOB.length],
  ["u32", 4711],
  ["u32", 0],
  ["text", "motor"],
  ["text", BLOB],
]);

/** One record of every kind. */
export const GOOD: readonly Vector[] = [
  { name: "batch", what: "three structs of one f64 with consecutive sequences", bytes: batchRecord(PLAIN) },
  { name: "batch-sequences", what: "the same with listed sequences that jump", bytes: batchRecord(LISTED) },
  { name: "batch-json", what: "three JSON payloads", bytes: batchRecord(TEXTS) },
  { name: "batch-bytes", what: "two byte payloads, one of them empty", bytes: batchRecord(BYTES) },
  { name: "batch-json-sequences", what: "JSON payloads with listed sequences", bytes: batchRecord(PAIRS) },
  {
    name: "batch-one",
    what: "one struct of 3 bytes, so that padding follows",
    bytes: batchRecord({ ...PLAIN, samples: [Uint8Array.of(1, 2, 3)] }),
  },
  {
    name: "batch-last-sequence",
    what: "the greatest sequence there is",
    bytes: batchRecord({ ...PLAIN, first: Number.MAX_SAFE_INTEGER, samples: doubles(1) }),
  },
  { name: "batch-features-le", what: "structs with every feature, little-endian", bytes: featuresBatch("le") },
  { name: "batch-features-be", what: "structs with every feature, big-endian", bytes: featuresBatch("be") },
  {
    name: "gap",
    what: "ten lost, of which three are told again elsewhere",
    bytes: gapRecord(3, EPOCH, 103, 112, 2, 7),
  },
  { name: "gap-unknown-reason", what: "a reason that a later version may add", bytes: gapRecord(3, EPOCH, 1, 1, 99) },
  {
    name: "hello",
    what: "HELLO of a driver `motor` without types",
    bytes: hello,
  },
  {
    name: "attach",
    what: "ATTACH of a bridge `default`",
    bytes: record(17, [
      ["u32", MAGIC],
      ["u16", 1],
      ["u16", 0],
      ["u32", 7],
      ["u32", 0],
      ["text", "default"],
    ]),
  },
  {
    name: "advertise",
    what: "ADVERTISE of a struct channel",
    bytes: record(18, [
      ["u32", 3],
      ["u32", 1],
      ["u32", 8],
      ["u32", 5],
      ["u32", 11],
      ["u32", 0],
      ["u64", 100n],
      ["text", "state"],
      ["text", "motor_state"],
    ]),
  },
  {
    name: "advertise-bytes",
    what: "ADVERTISE of a channel of images",
    bytes: record(18, [
      ["u32", 4],
      ["u32", 3],
      ["u32", 0],
      ["u32", 6],
      ["u32", 10],
      ["u32", 0],
      ["u64", 0n],
      ["text", "camera"],
      ["text", "image/jpeg"],
    ]),
  },
  {
    name: "withdraw",
    what: "WITHDRAW of stream 3",
    bytes: record(19, [
      ["u32", 3],
      ["u32", 0],
    ]),
  },
  {
    name: "parameter",
    what: "PARAMETER with its current value",
    bytes: record(20, [
      ["u32", 1],
      ["u32", 8],
      ["u32", 5],
      ["u32", 11],
      ["u32", 3],
      ["u32", 0],
      ["text", "gains"],
      ["text", "motor_gains"],
      ["bytes", Uint8Array.of(0, 0, 0, 0, 0, 0, 0xf8, 0x3f)],
    ]),
  },
  {
    name: "service",
    what: "SERVICE that takes nothing and answers a struct",
    bytes: record(21, [
      ["u32", 1],
      ["u32", 0],
      ["u32", 16],
      ["u32", 5],
      ["u32", 0],
      ["u32", 11],
      ["text", "reset"],
      ["text", "reset_reply"],
    ]),
  },
  {
    name: "value",
    what: "VALUE that answers SET 9",
    bytes: record(22, [
      ["u64", 9n],
      ["u32", 1],
      ["u32", 3],
      ["u64", 103n],
      ["i64", 5_000_000_000n],
      ["u32", 8],
      ["u32", 0],
      ["bytes", Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0x40)],
    ]),
  },
  {
    name: "refuse",
    what: "REFUSE of SET 10: out_of_range",
    bytes: record(23, [
      ["u64", 10n],
      ["u32", 8],
      ["u32", 21],
      ["text", "kp must be at most 10"],
    ]),
  },
  {
    name: "reply",
    what: "REPLY to CALL 11 with 12 bytes",
    bytes: record(24, [
      ["u64", 11n],
      ["u32", 12],
      ["u32", 0],
      ["text", "twelve bytes"],
    ]),
  },
  {
    name: "log",
    what: "LOG, a warning",
    bytes: record(25, [
      ["i64", 5_000_000_001n],
      ["u32", 3],
      ["u32", 9],
      ["text", "Überlast"],
    ]),
  },
  {
    name: "ping",
    what: "PING 77",
    bytes: record(26, [
      ["u64", 77n],
      ["i64", 6_000_000_000n],
      ["i64", 1_763_000_000_000_000_000n],
    ]),
  },
  {
    name: "pong",
    what: "PONG 77",
    bytes: record(27, [
      ["u64", 77n],
      ["i64", -1n],
      ["i64", -2n],
    ]),
  },
  {
    name: "counters",
    what: "COUNTERS of two streams",
    bytes: record(28, [
      ["u32", 2],
      ["u32", 0],
      ["u32", 3],
      ["u32", 0],
      ["u64", 1000n],
      ["u64", 5n],
      ["u64", 7n],
      ["u32", 4],
      ["u32", 0],
      ["u64", 2n],
      ["u64", 0n],
      ["u64", 0n],
    ]),
  },
  {
    name: "end",
    what: "END, orderly",
    bytes: record(29, [
      ["u32", 0],
      ["u32", 0],
    ]),
  },
  {
    name: "end-version",
    what: "END: version_mismatch",
    bytes: record(29, [
      ["u32", 13],
      ["u32", 16],
      ["text", "version 2 wanted"],
    ]),
  },
  {
    name: "set",
    what: "SET 9 of the lower four bytes of a struct of 8",
    bytes: record(32, [
      ["u64", 9n],
      ["u32", 1],
      ["u32", 8],
      ["u64", 0x3f800000n],
      ["u64", 0xffffffffn],
    ]),
  },
  {
    name: "call",
    what: "CALL 11 with 4 bytes",
    bytes: record(33, [
      ["u64", 11n],
      ["u32", 2],
      ["u32", 4],
      ["u32", 5],
    ]),
  },
  { name: "cancel", what: "CANCEL of CALL 11", bytes: record(34, [["u64", 11n]]) },
];

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
