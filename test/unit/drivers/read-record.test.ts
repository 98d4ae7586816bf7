// SPDX-License-Identifier: MIT
// Each control record of a driver is read as documented, and refused when it is not whole.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { readDriverRecord } from "../../../bridge/drivers/read-record.ts";
import { BridgeError, STATUS_CODES } from "../../../bridge/model/errors.ts";
import * as says from "../../support/driver-records.ts";
import { doubles, utf8 } from "../../support/records.ts";

const [gains] = doubles(2.5) as [Uint8Array];

const RECORDS: [string, Uint8Array, object][] = [
  [
    "hello",
    says.hello({ name: "motor", minor: 2, epoch: 9n, offset: -5n, schema: utf8("{}") }),
    { is: "hello", epoch: 9n, offset: -5n, name: "motor", schema: utf8("{}"), pid: 4711, minor: 2 },
  ],
  [
    "advertise",
    says.advertise({ stream: 3, kind: 3, size: 0, name: "image", type: "image/png", next: 12 }),
    { is: "advertise", stream: 3, kind: "bytes", size: 0, name: "image", type: "image/png", next: 12 },
  ],
  ["ready", says.ready(), { is: "ready" }],
  ["withdraw", says.withdraw(7), { is: "withdraw", stream: 7 }],
  [
    "parameter",
    says.parameter(4, "gains", "motor_gains", gains, 3),
    { is: "parameter", parameter: 4, stream: 3, name: "gains", type: "motor_gains", value: gains },
  ],
  [
    "service",
    says.service(5, "count", ["request", 16], ["", 0]),
    { is: "service", service: 5, requestBytes: 16, replyBytes: 0, name: "count", request: "request", reply: "" },
  ],
  [
    "value",
    says.value({ set: 8, parameter: 4, stream: 3, next: 99, time: -1n, value: gains }),
    { is: "value", set: 8, target: 4, stream: 3, next: 99, time: -1n, value: gains },
  ],
  ["reply", says.reply(6, gains), { is: "reply", call: 6, reply: gains }],
  [
    "subscribe",
    says.subscribe({ subscription: 6, wanted: 2, flags: 3, pattern: "phone/**" }),
    { is: "subscribe", subscription: 6, wanted: "published", latest: true, last: true, pattern: "phone/**" },
  ],
  ["unsubscribe", says.unsubscribe(6), { is: "unsubscribe", subscription: 6 }],
  ["log", says.log(3, "hot", 5n), { is: "log", time: 5n, level: "warn", text: "hot" }],
  ["pong", says.pong(2n, 3n), { is: "pong", id: 2n, clock: 0n, offset: 3n }],
  [
    "counters",
    says.counters(3, 100, 7, 5),
    { is: "counters", entries: [{ stream: 3, published: 100, ringDropped: 7, linkDropped: 5 }] },
  ],
  ["end", says.end(15, "done"), { is: "end", code: "closed", text: "done" }],
];

function bad(record: Uint8Array): void {
  assert.throws(() => readDriverRecord(record), { code: "bad_record" });
}

/** The same record with a shorter length in its prefix, as the splitter would hand it on. */
function cut(record: Uint8Array, bytes: number): Uint8Array {
  const short = record.slice(0, bytes);
  new DataView(short.buffer).setUint32(0, bytes, true);
  return short;
}

describe("a driver's control record", () => {
  for (const [name, record, expected] of RECORDS) {
    it(`${name} is read as the page says`, () => {
      assert.deepEqual(readDriverRecord(record), expected);
    });

    it(`${name} is refused when it is cut before its last 8 bytes`, () => {
      for (let bytes = 8; bytes < record.length; bytes += 8) bad(cut(record, bytes));
    });
  }

  it("refuse carries the driver's code and reason", () => {
    const { error } = readDriverRecord(says.refuse(3, 8, "kp must be at most 10")) as { error: BridgeError };
    assert.equal(error.code, "out_of_range");
    assert.equal(error.message, "kp must be at most 10");
    for (const odd of [0, 999]) {
      assert.equal((readDriverRecord(says.refuse(3, odd, "")) as { error: BridgeError }).error.code, "refused");
    }
  });

  it("of another magic or version is told apart from garbage", () => {
    assert.throws(() => readDriverRecord(says.hello({ magic: 1 })), { code: "version_mismatch" });
    assert.throws(() => readDriverRecord(says.hello({ major: 2 })), { code: "version_mismatch", message: /version 2/ });
  });

  it("is refused when it is one that only a bridge sends, too long, or of no kind", () => {
    for (const type of [0, 17, 32, 33, 34, 63]) bad(says.control(type, 64, () => undefined));
    bad(says.log(1, "x".repeat(2_097_152)));
    bad(says.advertise({ kind: 9 }));
    bad(says.advertise({ name: "x".repeat(1025) }));
  });

  it("with any number in any place is read or refused, and never harms", () => {
    const record = fc.constantFrom(
      ...RECORDS.map(([, bytes]) => bytes).filter(({ length }) => length > 8),
      says.refuse(1, 2, "no"),
    );
    const change = fc.tuple(fc.nat(200), fc.nat(255));
    fc.assert(
      fc.property(record, fc.array(change, { minLength: 1, maxLength: 8 }), (bytes, changes) => {
        const changed = bytes.slice();
        for (const [at, byte] of changes) changed[8 + (at % (bytes.length - 8))] = byte;
        try {
          readDriverRecord(changed);
        } catch (thrown) {
          assert.ok(thrown instanceof BridgeError && STATUS_CODES.includes(thrown.code), String(thrown));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
