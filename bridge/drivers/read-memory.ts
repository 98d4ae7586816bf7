// SPDX-License-Identifier: MIT
// What a link reads into: lent memory, in which large batches can stay as they were read.
import type { Loan, Loans } from "../hub/loans.ts";

/** One read takes so much at least. */
const READ_BYTES = 262_144;

/** The beginning of a record that came with a read stands in front of the next one, when it is no longer than this: the SDK sends batches of at most 64 KiB. */
export const MAX_LEFT_BYTES = 65_536;

/** The memory of one link. */
export class ReadMemory {
  readonly #loans: Loans;
  #loan: Loan;
  /** All of it. */
  #bytes: Uint8Array;
  /** What stands in front of the next bytes. */
  #leftBytes = 0;
  #filledBytes = 0;

  constructor(loans: Loans) {
    this.#loans = loans;
    this.#loan = lend(loans);
    this.#bytes = new Uint8Array(this.#loan.memory);
  }

  /** The memory that the next bytes go to, held here until {@link next}. */
  get loan(): Loan {
    return this.#loan;
  }

  /** Where the next bytes go. */
  room(): Uint8Array {
    return this.#leftBytes === 0 ? this.#bytes : this.#bytes.subarray(this.#leftBytes);
  }

  /** What is to be read when so many bytes have come: what was left of the last, and these. */
  filled(bytes: number): Uint8Array {
    this.#filledBytes = this.#leftBytes + bytes;
    return this.#bytes.subarray(0, this.#filledBytes);
  }

  /** It was read, but for so many bytes at its end. Where others hold the memory now, the next bytes go to another. */
  next(leftBytes: number): void {
    const before = this.#loan;
    const left = this.#bytes.subarray(this.#filledBytes - leftBytes, this.#filledBytes);
    if (before.isShared) {
      this.#loan = lend(this.#loans);
      this.#bytes = new Uint8Array(this.#loan.memory);
    }
    if (leftBytes > 0) this.#bytes.set(left);
    this.#leftBytes = leftBytes;
    if (this.#loan !== before) before.giveBack();
  }

  /** Nothing more is read. */
  close(): void {
    this.#loan.giveBack();
  }
}

function lend(loans: Loans): Loan {
  const loan = loans.lend(READ_BYTES + MAX_LEFT_BYTES);
  if (loan === null) throw new RangeError("the memory of a link is not of a size that is lent");
  return loan;
}
