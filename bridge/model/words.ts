// SPDX-License-Identifier: MIT
// Little-endian numbers in the bytes of a record that was checked. Bytes, not a DataView: where records come one by one, to make the view costs more than to read them.

/** The u32 at `at`. */
export function read32(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
  const high = (bytes[at + 2] ?? 0) | ((bytes[at + 3] ?? 0) << 8);
  return high * 0x1_0000 + low;
}

/** The u64 at `at`, exact up to 2⁵³. */
export function read64(bytes: Uint8Array, at: number): number {
  return read32(bytes, at + 4) * 0x1_0000_0000 + read32(bytes, at);
}

/** Writes a u32. */
export function write32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

/** Writes a u64 of at most 2⁵³. */
export function write64(bytes: Uint8Array, at: number, value: number): void {
  write32(bytes, at, value);
  write32(bytes, at + 4, Math.floor(value / 0x1_0000_0000));
}

/** A u64 in two halves, so that it is compared and written without a bigint for each record. */
export class Halves {
  readonly #low: number;
  readonly #high: number;

  constructor(value: bigint) {
    this.#low = Number(value & 0xffff_ffffn);
    this.#high = Number((value >> 32n) & 0xffff_ffffn);
  }

  /** Whether it stands at `at`. */
  isAt(bytes: Uint8Array, at: number): boolean {
    return read32(bytes, at) === this.#low && read32(bytes, at + 4) === this.#high;
  }

  write(bytes: Uint8Array, at: number): void {
    write32(bytes, at, this.#low);
    write32(bytes, at + 4, this.#high);
  }
}
