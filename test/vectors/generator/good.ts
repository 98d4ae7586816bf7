// SPDX-License-Identifier: MIT
// The golden records: one of every kind.
import { batchRecord, doubles, gapRecord } from "../../support/records.ts";
import { BYTES, EPOCH, featuresBatch, LISTED, PAIRS, PLAIN, PUBLISHED, SENT, TEXTS, type Vector } from "./batches.ts";
import { record } from "./bytes.ts";

const MAGIC = 0x57525453;
const BLOB = '{"v":1,"endian":"le","types":{},"messages":[]}';

const hello = record(16, [
  ["u32", MAGIC],
  ["u16", 1],
  ["u16", 2],
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
  { name: "batch-published", what: "three JSON payloads as a program publishes them", bytes: batchRecord(PUBLISHED) },
  { name: "batch-sender", what: "the same with the sender 17, as readers get them", bytes: batchRecord(SENT) },
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
      ["u16", 2],
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
    name: "advertise-shared",
    what: "ADVERTISE of the shared channel `action` of JSON",
    bytes: record(18, [
      ["u32", 5],
      ["u32", 2],
      ["u32", 0],
      ["u32", 7],
      ["u32", 0],
      ["u32", 0],
      ["u64", 12n],
      ["text", "/action"],
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
    name: "subscribe",
    what: "SUBSCRIBE to `phone/**` as JSON, the newest only and the last one too",
    bytes: record(30, [
      ["u32", 6],
      ["u32", 1],
      ["u32", 3],
      ["u32", 8],
      ["text", "phone/**"],
    ]),
  },
  {
    name: "unsubscribe",
    what: "UNSUBSCRIBE of subscription 6",
    bytes: record(31, [
      ["u32", 6],
      ["u32", 0],
    ]),
  },
  {
    name: "ready",
    what: "READY",
    bytes: record(38, []),
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
  {
    name: "stream",
    what: "STREAM 7: images of `phone/camera` for subscription 6",
    bytes: record(36, [
      ["u32", 7],
      ["u32", 6],
      ["u32", 3],
      ["u32", 12],
      ["u32", 10],
      ["u32", 0],
      ["u64", EPOCH],
      ["u64", 40n],
      ["text", "phone/camera"],
      ["text", "image/jpeg"],
    ]),
  },
  {
    name: "stream-end",
    what: "STREAM_END of stream 7: its producer is gone",
    bytes: record(37, [
      ["u32", 7],
      ["u32", 6],
      ["u32", 15],
      ["u32", 12],
      ["text", "disconnected"],
    ]),
  },
  { name: "cancel", what: "CANCEL of CALL 11", bytes: record(34, [["u64", 11n]]) },
];
