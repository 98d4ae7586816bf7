// SPDX-License-Identifier: MIT
// Memory that is lent is used again once nobody holds it, within bounds.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Loans, MAX_IDLE_BYTES, MAX_LOAN_BYTES, MIN_LOAN_BYTES } from "../../../bridge/hub/loans.ts";

describe("lent memory", () => {
  it("is lent again once all who held it have given it back, and not before", () => {
    const loans = new Loans();
    const loan = loans.lend(70_000);
    assert.ok(loan !== null && loan.memory.byteLength >= 70_000);
    loan.hold();
    loan.giveBack();
    assert.notEqual(loans.lend(70_000)?.memory, loan.memory);
    loan.giveBack();
    assert.equal(loans.lend(70_000)?.memory, loan.memory);
  });

  it("is never written again when somebody keeps it", () => {
    const loans = new Loans();
    const loan = loans.lend(70_000);
    loan?.hold();
    loan?.keep();
    loan?.giveBack();
    loan?.giveBack();
    assert.equal(loans.idleBytes, 0);
  });

  it("is for batches that are neither small nor larger than what a link reads at once, with at most a fifth unused", () => {
    const loans = new Loans();
    assert.equal(loans.lend(MIN_LOAN_BYTES - 1), null);
    assert.equal(loans.lend(MAX_LOAN_BYTES + 1), null);
    for (const bytes of [MIN_LOAN_BYTES, MIN_LOAN_BYTES + 1, 72_040, 262_144, 262_145, 300_000, MAX_LOAN_BYTES]) {
      const { byteLength = 0 } = loans.lend(bytes)?.memory ?? {};
      assert.ok(byteLength >= bytes && byteLength <= bytes * 1.25, `${String(byteLength)} for ${String(bytes)}`);
    }
  });

  it("waits in a bounded heap, and not for longer than it is needed", () => {
    const loans = new Loans();
    const lent = Array.from({ length: 20 }, () => loans.lend(MAX_LOAN_BYTES));
    for (const loan of lent) loan?.giveBack();
    assert.equal(loans.idleBytes, MAX_IDLE_BYTES);
    loans.beat(); // it was busy
    assert.equal(loans.idleBytes, MAX_IDLE_BYTES);
    loans.beat();
    assert.equal(loans.idleBytes, 0);
  });
});
