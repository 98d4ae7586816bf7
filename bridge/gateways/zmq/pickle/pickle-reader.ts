// SPDX-License-Identifier: MIT
// A bounds-checked cursor over the bytes of a pickle: lengths are held against what is there before anything is made.
import { BridgeError } from "../../../model/errors.ts";

/** The longest number that is read: its bytes, or the characters of its decimal text. Longer ones take quadratic time to read. */
const MAX_INT_BYTES = 128;
const MAX_LINE_NUMBER = 310;

/** Makes the error for a pickle that Python would not have written. */
export function badPickle(what: string): BridgeError {
  return new BridgeError("bad_message", `a pickle cannot be read: ${what}`);
}

/** A read position in a pickle. Every read past the end throws `bad_message`. */
export class PickleReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next byte's place. */
  get offset(): number {
    return this.#at;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8), false);
  }

  /** A length in eight bytes, which is never more than what is left. */
  length8(): number {
    const length = this.#view.getBigUint64(this.#take(8), true);
    if (length > BigInt(this.#bytes.length - this.#at)) throw badPickle("it ends too early");
    return Number(length);
  }

  /** A copy: the message it lies in is the socket's. */
  block(length: number): Uint8Array {
    const from = this.#take(length);
    return new Uint8Array(this.#bytes.subarray(from, from + length));
  }

  text(length: number): string {
    const from = this.#take(length);
    try {
      return this.#utf8.decode(this.#bytes.subarray(from, from + length));
    } catch (error) {
      throw new BridgeError("bad_message", "a pickle cannot be read: a text in it is not UTF-8", { cause: error });
    }
  }

  /** A whole number in `length` bytes, little-endian, two's complement; beyond 2⁵³ a bigint. */
  long(length: number): number | bigint {
    if (length > MAX_INT_BYTES) throw tooLong();
    const from = this.#take(length);
    let value = 0n;
    for (let at = from + length - 1; at >= from; at--) value = (value << 8n) | BigInt(this.#bytes[at] ?? 0);
    return whole(BigInt.asIntN(length * 8, value));
  }

  /** The rest of a line, without its end, byte for character. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw badPickle("it ends too early");
    const from = this.#take(end + 1 - this.#at);
    let text = "";
    // In pieces, because arguments lie on the stack.
    for (let at = from; at < end; at += 8192) {
      text += String.fromCharCode(...this.#bytes.subarray(at, Math.min(at + 8192, end)));
    }
    return text;
  }

  /** A whole number in a line of decimal digits; beyond 2⁵³ a bigint. */
  decimal(): number | bigint {
    const text = this.line();
    if (text.length > MAX_LINE_NUMBER) throw tooLong();
    if (!/^-?\d+L?$/.test(text)) throw badPickle("a number in it is none");
    return whole(BigInt(text.replace("L", "")));
  }

  /** A floating-point number in a line, as Python's repr() writes it. */
  floatLine(): number {
    const text = this.line();
    const special = /^([+-]?)(inf|nan)$/.exec(text);
    if (special) return special[2] === "nan" ? NaN : special[1] === "-" ? -Infinity : Infinity;
    if (text.length > MAX_LINE_NUMBER || !/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text))
      throw badPickle("a number in it is none");
    return Number(text);
  }

  #take(count: number): number {
    const from = this.#at;
    if (count > this.#bytes.length - from) throw badPickle("it ends too early");
    this.#at = from + count;
    return from;
  }
}

function tooLong(): BridgeError {
  return new BridgeError("bad_value", `a number in a pickle is longer than ${String(MAX_INT_BYTES)} bytes`);
}

function whole(value: bigint): number | bigint {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}
