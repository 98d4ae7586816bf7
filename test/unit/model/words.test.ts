// SPDX-License-Identifier: MIT
// Numbers that are read byte by byte are those that a DataView reads.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { Halves, read32, read64, write32, write64 } from "../../../bridge/model/words.ts";

const MAX_U64 = 2n ** 64n - 1n;

describe("words", () => {
  it("are read and written as a DataView does", () => {
    fc.assert(
      fc.property(
        ...([fc.integer({ min: 0, max: 0xffff_ffff }), fc.maxSafeNat(), fc.bigInt({ min: 0n, max: MAX_U64 })] as const),
        (word, count, half) => {
          const bytes = new Uint8Array(24);
          const view = new DataView(bytes.buffer);
          write32(bytes, 1, word);
          write64(bytes, 5, count);
          new Halves(half).write(bytes, 13);
          assert.equal(view.getUint32(1, true), word);
          assert.equal(view.getBigUint64(5, true), BigInt(count));
          assert.equal(view.getBigUint64(13, true), half);
          assert.equal(read32(bytes, 1), word);
          assert.equal(read64(bytes, 5), count);
          assert.ok(new Halves(half).isAt(bytes, 13));
        },
      ),
    );
  });

  it("differ in either half", () => {
    const bytes = new Uint8Array(8);
    new Halves(1n).write(bytes, 0);
    for (const other of [0n, 2n, (1n << 32n) + 1n, 1n << 32n]) assert.ok(!new Halves(other).isAt(bytes, 0));
  });
});
