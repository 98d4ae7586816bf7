// SPDX-License-Identifier: MIT
// Writes plain data, and the few calls that Python readers expect, as pickles of protocol 4.
import { BridgeError } from "../../../model/errors.ts";
import type { Value } from "../../../model/values.ts";
import { OP } from "./opcodes.ts";

/** Deeper values are refused: they hold themselves, or no reader would take them. */
const MAX_DEPTH = 128;

const PROTOCOL = 4;

/** A pickle of `value`. Whole numbers become int, others float. Throws `bad_value` when it is nested too deep. */
export function pickle(value: Value): Uint8Array {
  const writer = new PickleWriter();
  writer.value(value, 0);
  return writer.end();
}

/** A pickle of a tuple of these. */
export function pickleTuple(values: readonly [Value, Value]): Uint8Array {
  const writer = new PickleWriter();
  for (const value of values) writer.value(value, 0);
  writer.op(OP.tuple2);
  return writer.end();
}

/** A pickle that the reader turns into `module.name(argument)`; `name` may be dotted. Only for names that the reader has anyway. */
export function pickleCall(module: string, name: string, argument: Value): Uint8Array {
  const writer = new PickleWriter();
  writer.value(module, 0);
  writer.value(name, 0);
  writer.op(OP.stackGlobal);
  writer.value(argument, 0);
  writer.op(OP.tuple1);
  writer.op(OP.reduce);
  return writer.end();
}

/** A growing pickle. */
class PickleWriter {
  #bytes = Buffer.allocUnsafe(256);
  #length = 0;

  constructor() {
    this.op(OP.proto);
    this.#byte(PROTOCOL);
  }

  /** The finished pickle. */
  end(): Uint8Array {
    this.op(OP.stop);
    return this.#bytes.subarray(0, this.#length);
  }

  op(code: number): void {
    this.#byte(code);
  }

  value(value: Value, depth: number): void {
    if (depth > MAX_DEPTH) throw new BridgeError("bad_value", `nested deeper than ${String(MAX_DEPTH)}`);
    if (value === null) this.op(OP.none);
    else if (typeof value === "boolean") this.op(value ? OP.newTrue : OP.newFalse);
    else if (typeof value === "number") this.#number(value);
    else if (typeof value === "bigint") this.#long(value);
    else if (typeof value === "string") this.#text(value);
    else if (value instanceof Uint8Array) this.#block(value);
    else if (isArray(value)) this.#list(value, depth);
    else this.#dict(value, depth);
  }

  #list(items: readonly Value[], depth: number): void {
    this.op(OP.emptyList);
    if (items.length === 0) return;
    this.op(OP.mark);
    for (const item of items) this.value(item, depth + 1);
    this.op(OP.appends);
  }

  #dict(dict: { readonly [key: string]: Value }, depth: number): void {
    this.op(OP.emptyDict);
    const entries = Object.entries(dict);
    if (entries.length === 0) return;
    this.op(OP.mark);
    for (const [key, item] of entries) {
      this.#text(key);
      this.value(item, depth + 1);
    }
    this.op(OP.setItems);
  }

  #number(value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      this.op(OP.binFloat);
      this.#length = this.#room(8).writeDoubleBE(value, this.#length);
    } else if (value >= 0 && value < 0x100) {
      this.op(OP.binInt1);
      this.#byte(value);
    } else if (value >= -0x8000_0000 && value < 0x8000_0000) {
      this.op(OP.binInt);
      this.#length = this.#room(4).writeInt32LE(value, this.#length);
    } else {
      this.#long(BigInt(value));
    }
  }

  #long(value: bigint): void {
    let length = 1;
    while (BigInt.asIntN(length * 8, value) !== value) length++;
    if (length < 0x100) {
      this.op(OP.long1);
      this.#byte(length);
    } else {
      this.op(OP.long4);
      this.#length = this.#room(4).writeUInt32LE(length, this.#length);
    }
    for (let rest = value; length > 0; length--, rest >>= 8n) this.#byte(Number(BigInt.asUintN(8, rest)));
  }

  #text(text: string): void {
    const length = Buffer.byteLength(text);
    this.#head(length, OP.shortBinUnicode, OP.binUnicode);
    this.#length += this.#room(length).write(text, this.#length, "utf8");
  }

  #block(block: Uint8Array): void {
    this.#head(block.length, OP.shortBytes, OP.bytes);
    this.#room(block.length).set(block, this.#length);
    this.#length += block.length;
  }

  #head(length: number, short: number, long: number): void {
    if (length < 0x100) {
      this.op(short);
      this.#byte(length);
    } else {
      this.op(long);
      this.#length = this.#room(4).writeUInt32LE(length, this.#length);
    }
  }

  #byte(value: number): void {
    this.#room(1)[this.#length++] = value;
  }

  #room(count: number): Buffer {
    const wanted = this.#length + count;
    if (wanted > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(wanted, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    return this.#bytes;
  }
}

/** `Array.isArray` does not narrow what is readonly. */
function isArray(value: object): value is readonly Value[] {
  return Array.isArray(value);
}
