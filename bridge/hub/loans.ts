// SPDX-License-Identifier: MIT
// Memory that batches are read into again and again: lent to whoever passes them on, and written anew when all have given it back.

/** Batches that take less are cheap to have in new memory. */
export const MIN_LOAN_BYTES = 16_384;

/** More than a chunk of a link and what waited of the one before. */
export const MAX_LOAN_BYTES = 1_048_576;

/** So much may lie ready to be lent. */
export const MAX_IDLE_BYTES = 8_388_608;

/**
 * Memory with batches that are read by several. Everyone who still reads them after the call in which they came holds it, and gives it back once. Who never does costs no
 * more than new memory: then it is collected as any other.
 */
export class Loan {
  readonly memory: ArrayBuffer;
  readonly #end: (memory: ArrayBuffer) => void;
  #holders = 1;

  /** Held by who made it. `end` is called when nobody reads the memory any more. */
  constructor(memory: ArrayBuffer, end: (memory: ArrayBuffer) => void) {
    this.memory = memory;
    this.#end = end;
  }

  hold(): void {
    this.#holders += 1;
  }

  /** Whether others than the one who asks hold it. */
  get isShared(): boolean {
    return this.#holders > 1;
  }

  giveBack(): void {
    this.#holders -= 1;
    if (this.#holders === 0) this.#end(this.memory);
  }

  /** It is not written again: somebody reads it who does not say for how long. */
  keep(): void {
    this.#holders = Infinity;
  }
}

/** What a bridge lends. */
export class Loans {
  /** By their size. */
  readonly #idle = new Map<number, ArrayBuffer[]>();
  #idleBytes = 0;
  #isBusy = false;
  readonly #end = (memory: ArrayBuffer): void => {
    this.#takeBack(memory);
  };

  /** Memory for so many bytes, with what was in it before; null where new memory is better. */
  lend(bytes: number): Loan | null {
    if (bytes < MIN_LOAN_BYTES || bytes > MAX_LOAN_BYTES) return null;
    this.#isBusy = true;
    const size = sizeFor(bytes);
    const idle = this.#idle.get(size)?.pop();
    if (idle !== undefined) this.#idleBytes -= size;
    // Not set to zero, which would take as long as what is written to it.
    return new Loan(idle ?? Buffer.allocUnsafeSlow(size).buffer, this.#end);
  }

  /** Memory that waits to be lent. */
  get idleBytes(): number {
    return this.#idleBytes;
  }

  /** Called about once a second: when nothing was lent since, what waits is let go of. */
  beat(): void {
    if (!this.#isBusy) {
      this.#idle.clear();
      this.#idleBytes = 0;
    }
    this.#isBusy = false;
  }

  #takeBack(memory: ArrayBuffer): void {
    const { byteLength } = memory;
    if (this.#idleBytes + byteLength > MAX_IDLE_BYTES) return;
    this.#idleBytes += byteLength;
    const alike = this.#idle.get(byteLength);
    if (alike === undefined) this.#idle.set(byteLength, [memory]);
    else alike.push(memory);
  }
}

/** Few sizes, so that memory fits again: four from each power of two to the next, a fifth of it unused at most. */
function sizeFor(bytes: number): number {
  const step = 2 ** (Math.ceil(Math.log2(bytes)) - 3);
  return Math.ceil(bytes / step) * step;
}

/** Gives all of them back. */
export function giveBack(loans: readonly Loan[]): void {
  for (const loan of loans) loan.giveBack();
}
