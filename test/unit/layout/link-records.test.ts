// SPDX-License-Identifier: MIT
// The records of the client link survive writing and reading, and are refused when cut.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import * as records from "../../../bridge/layout/link-records.ts";
import { recordBytes, recordType } from "../../../bridge/layout/record.ts";
import { LINK_RECORD } from "../../../bridge/model/client-link.ts";

const id = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const u32 = fc.nat({ max: 0xffff_ffff });
const ns = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const bytes = fc.uint8Array({ maxLength: 40 });

/** Each kind of record: what it is made of, how it is written, and how it is read back. */
const KINDS = {
  set: kind(
    fields({ id, target: u32, value: bytes }).map((set) => ({ ...set, mask: set.value.map((byte) => ~byte) })),
    records.writeSet,
    records.readSet,
  ),
  call: kind(fields({ id, target: u32, request: bytes }), records.writeCall, records.readCall),
  cancel: kind(id, records.writeCancel, records.readCancel),
  value: kind(
    fields({ set: id, target: u32, stream: u32, next: id, time: ns, value: bytes }),
    records.writeValue,
    records.readValue,
  ),
  reply: kind(
    fields({ call: id, reply: bytes }),
    ({ call, reply }) => records.writeReply(call, reply),
    records.readReply,
  ),
  stamp: kind(fields({ stream: u32, read: ns, sent: ns }), records.writeStamp, records.readStamp),
  ack: kind(id, records.writeAck, records.readAck),
};

function fields<T>(model: { readonly [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record<T>(model, { noNullPrototype: true });
}

interface Kind {
  /** Writes something, and reads it back. */
  readonly check: () => void;
  /** One record of it. */
  readonly sample: Uint8Array;
  readonly read: (record: Uint8Array) => unknown;
}

function kind<T>(made: fc.Arbitrary<T>, write: (value: T) => Uint8Array, read: (record: Uint8Array) => unknown): Kind {
  return {
    check: () => {
      fc.assert(
        fc.property(made, (value) => {
          const record = write(value);
          assert.equal(recordBytes(record), record.length);
          assert.deepEqual(read(record), value);
        }),
      );
    },
    sample: write(fc.sample(made, { numRuns: 1, seed: 7 })[0] as T),
    read,
  };
}

for (const [name, { check, sample, read }] of Object.entries(KINDS)) {
  describe(`a ${name.toUpperCase()} of the client link`, () => {
    it("reads as it was written", check);

    it("has its number", () => {
      assert.equal(recordType(sample), LINK_RECORD[name as keyof typeof LINK_RECORD]);
    });

    it("is refused when it is cut short", () => {
      for (let length = 8; length < sample.length - 7; length += 8) {
        assert.throws(() => read(sample.slice(0, length)), { code: "bad_record" });
      }
    });
  });
}
