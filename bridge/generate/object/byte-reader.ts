// SPDX-License-Identifier: MIT
// A bounds-checked cursor over the bytes of an object file, and the budget that keeps a hostile one from taking forever.
import { BridgeError } from "../../model/errors.ts";

/** Makes the error for an object file that cannot be read. */
export function badObject(what: string): BridgeError {
  return new BridgeError(
    "compiler_failed",
    `the compiler's object file cannot be read: ${what}; check that the compiler writes ELF with DWARF debug information`,
  );
}

/**
 * Counts the steps taken for one object file. Offsets in a broken file can point at the same bytes again and again; the
 * budget ends that.
 */
export class Budget {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  /** Takes `steps` off; throws `compiler_failed` when nothing is left. */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw badObject("it is too large or refers to itself");
  }
}

/** A read position in a section. Every read past the end throws `compiler_failed`. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly littleEndian: boolean;
  offset: number;
  readonly #view: DataView;
  readonly #what: string;

  constructor(bytes: Uint8Array, littleEndian: boolean, what: string, offset = 0) {
    this.bytes = bytes;
    this.littleEndian = littleEndian;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#what = what;
    this.offset = 0;
    this.seek(offset);
  }

  get atEnd(): boolean {
    return this.offset >= this.bytes.length;
  }

  /** The same section up to `end`, from here on. */
  until(end: number): ByteReader {
    if (end < this.offset || end > this.bytes.length) this.#fail();
    return new ByteReader(this.bytes.subarray(0, end), this.littleEndian, this.#what, this.offset);
  }

  seek(offset: number): void {
    if (!Number.isSafeInteger(offset) || offset < 0 || offset > this.bytes.length) this.#fail();
    this.offset = offset;
  }

  skip(count: number): void {
    this.seek(this.offset + count);
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), this.littleEndian);
  }

  u24(): number {
    const [a = 0, b = 0, c = 0] = this.block(3);
    return this.littleEndian ? a | (b << 8) | (c << 16) : (a << 16) | (b << 8) | c;
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), this.littleEndian);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8), this.littleEndian);
  }

  /** A 64-bit offset or size; one beyond 2⁵³ cannot lie in any file. */
  u64Number(): number {
    const value = this.u64();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) this.#fail();
    return Number(value);
  }

  /** An unsigned integer of 1, 2, 4 or 8 bytes. */
  uint(bytes: number): number {
    switch (bytes) {
      case 1:
        return this.u8();
      case 2:
        return this.u16();
      case 4:
        return this.u32();
      case 8:
        return this.u64Number();
      default:
        throw badObject(`${this.#what} has numbers of ${String(bytes)} bytes`);
    }
  }

  /** An unsigned LEB128 number that must fit 2⁵³: lengths, codes, indices. */
  uleb(): number {
    const value = this.#leb(false);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) this.#fail();
    return Number(value);
  }

  /** An unsigned LEB128 number of up to 64 bits, exact. */
  ulebExact(): bigint {
    return this.#leb(false);
  }

  /** A signed LEB128 number of up to 64 bits, exact. */
  slebExact(): bigint {
    return this.#leb(true);
  }

  /** A view of the next `count` bytes. */
  block(count: number): Uint8Array {
    const start = this.offset;
    this.skip(count);
    return this.bytes.subarray(start, start + count);
  }

  /** A text up to its NUL. */
  text(): string {
    const end = this.bytes.indexOf(0, this.offset);
    if (end < 0) this.#fail();
    const text = Buffer.from(this.bytes.buffer, this.bytes.byteOffset + this.offset, end - this.offset).toString();
    this.offset = end + 1;
    return text;
  }

  #leb(signed: boolean): bigint {
    // Most are one byte, and a big header has millions of them.
    const first = this.u8();
    if (first < 0x80) return BigInt(signed && first >= 0x40 ? first - 0x80 : first);
    let value = BigInt(first & 0x7f);
    let shift = 7n;
    for (;;) {
      const byte = this.u8();
      value |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if (byte < 0x80) return signed ? BigInt.asIntN(Math.min(Number(shift), 64), value) : BigInt.asUintN(64, value);
      if (shift > 63n) this.#fail();
    }
  }

  #take(count: number): number {
    const start = this.offset;
    this.skip(count);
    return start;
  }

  #fail(): never {
    throw badObject(`${this.#what} ends too early or points outside itself`);
  }
}
