// SPDX-License-Identifier: MIT
// Reads plain data from a pickle of any protocol without ever importing or calling anything.
import { BridgeError } from "../../../model/errors.ts";
import type { Value } from "../../../model/values.ts";
import { FOREIGN, OP, UNSAFE } from "./opcodes.ts";
import { badPickle, PickleReader } from "./pickle-reader.ts";
import { weigh } from "./weigh.ts";

/** What a pickle may be at most. A few bytes can stand for much: each of these is held before memory is taken. */
export interface PickleLimits {
  /** Of the pickle itself. */
  readonly maxBytes: number;
  /** Lists, tuples and dicts, with the marks between them. */
  readonly maxContainers: number;
  /** Lists in lists. What holds itself is deeper than any limit. */
  readonly maxDepth: number;
  /** Of everything written out, where something that is referred to twice counts twice. */
  readonly maxExpandedBytes: number;
}

export const PICKLE_LIMITS: PickleLimits = {
  maxBytes: 1 << 20,
  maxContainers: 1 << 16,
  maxDepth: 64,
  maxExpandedBytes: 4 << 20,
};

/** Protocols that are known. */
const NEWEST_PROTOCOL = 5;

/**
 * The value in a pickle: None, bool, int, float, str, bytes, list, tuple and dict with str keys. Tuples become arrays; whole numbers beyond 2⁵³ bigints.
 * Bytes after the end of the pickle are ignored, as Python does. Throws `unsafe_pickle` for what would import or call something, `unsupported` for other
 * types, `message_too_large` and `bad_value` for what is over a limit, `bad_message` for what is broken.
 */
export function unpickle(bytes: Uint8Array, limits: PickleLimits = PICKLE_LIMITS): Value {
  if (bytes.length > limits.maxBytes) {
    throw new BridgeError("message_too_large", `a pickle is larger than ${String(limits.maxBytes)} bytes`);
  }
  const value = new Unpickler(bytes, limits.maxContainers).run();
  weigh(value, limits);
  return value;
}

type Dict = Record<string, Value>;

/** Python's pickle machine, with the stack between two marks as a list of its own. */
class Unpickler {
  readonly #from: PickleReader;
  readonly #memo = new Map<number, Value>();
  readonly #outer: Value[][] = [];
  #stack: Value[] = [];
  #containersLeft: number;
  readonly #maxContainers: number;

  constructor(bytes: Uint8Array, maxContainers: number) {
    this.#from = new PickleReader(bytes);
    this.#containersLeft = maxContainers;
    this.#maxContainers = maxContainers;
  }

  run(): Value {
    for (;;) {
      const at = this.#from.offset;
      const op = this.#from.u8();
      if (op === OP.stop) break;
      if (!this.#scalar(op) && !this.#container(op) && !this.#arrange(op)) throw refused(op, at);
    }
    if (this.#outer.length > 0) throw badPickle("a mark in it is not used up");
    return this.#pop();
  }

  /** Numbers, texts and bytes. False: `op` is none of those. */
  #scalar(op: number): boolean {
    const from = this.#from;
    switch (op) {
      case OP.none:
        return this.#push(null);
      case OP.newTrue:
        return this.#push(true);
      case OP.newFalse:
        return this.#push(false);
      case OP.binInt:
        return this.#push(from.i32());
      case OP.binInt1:
        return this.#push(from.u8());
      case OP.binInt2:
        return this.#push(from.u16());
      case OP.long1:
        return this.#push(from.long(from.u8()));
      case OP.long4:
        return this.#push(from.long(from.u32()));
      case OP.int:
        return this.#push(intLine(from));
      case OP.long:
        return this.#push(from.decimal());
      case OP.float:
        return this.#push(from.floatLine());
      case OP.binFloat:
        return this.#push(from.f64());
      case OP.unicode:
        return this.#push(unescape(from.line()));
      case OP.shortBinUnicode:
        return this.#push(from.text(from.u8()));
      case OP.binUnicode:
        return this.#push(from.text(from.u32()));
      case OP.binUnicode8:
        return this.#push(from.text(from.length8()));
      case OP.shortBytes:
        return this.#push(from.block(from.u8()));
      case OP.bytes:
        return this.#push(from.block(from.u32()));
      case OP.bytes8:
      case OP.byteArray8:
        return this.#push(from.block(from.length8()));
      default:
        return false;
    }
  }

  /** Lists, tuples, dicts and what goes into them. */
  #container(op: number): boolean {
    switch (op) {
      case OP.emptyList:
      case OP.emptyTuple:
        return this.#push(this.#made([]));
      case OP.emptyDict:
        return this.#push(this.#made({}));
      case OP.list:
      case OP.tuple:
        return this.#push(this.#sinceMark());
      case OP.dict:
        return this.#push(fill(this.#made({}), this.#sinceMark()));
      case OP.tuple1:
        return this.#tuple(1);
      case OP.tuple2:
        return this.#tuple(2);
      case OP.tuple3:
        return this.#tuple(3);
      case OP.append: {
        const item = this.#pop();
        this.#list().push(item);
        return true;
      }
      case OP.appends: {
        const items = this.#sinceMark();
        const list = this.#list();
        for (const item of items) list.push(item);
        return true;
      }
      case OP.setItem: {
        const value = this.#pop();
        const key = this.#pop();
        fill(this.#dict(), [key, value]);
        return true;
      }
      case OP.setItems: {
        const items = this.#sinceMark();
        fill(this.#dict(), items);
        return true;
      }
      default:
        return false;
    }
  }

  /** What moves things about: the stack, the memo and the frame of the protocol. */
  #arrange(op: number): boolean {
    const from = this.#from;
    switch (op) {
      case OP.mark:
        this.#outer.push(this.#stack);
        this.#stack = this.#made([]);
        return true;
      case OP.pop:
        if (this.#stack.length > 0) this.#pop();
        else this.#sinceMark();
        return true;
      case OP.popMark:
        this.#sinceMark();
        return true;
      case OP.dup:
        return this.#push(this.#top());
      case OP.put:
        return this.#keep(index(from.decimal()));
      case OP.binPut:
        return this.#keep(from.u8());
      case OP.longBinPut:
        return this.#keep(from.u32());
      case OP.memoize:
        return this.#keep(this.#memo.size);
      case OP.get:
        return this.#recall(index(from.decimal()));
      case OP.binGet:
        return this.#recall(from.u8());
      case OP.longBinGet:
        return this.#recall(from.u32());
      case OP.proto: {
        const protocol = from.u8();
        if (protocol > NEWEST_PROTOCOL) {
          const known = `0 to ${String(NEWEST_PROTOCOL)}`;
          throw new BridgeError("unsupported", `a pickle of protocol ${String(protocol)}; known are ${known}`);
        }
        return true;
      }
      case OP.frame:
        from.length8(); // only says how much may be read at once
        return true;
      default:
        return false;
    }
  }

  #push(value: Value): true {
    this.#stack.push(value);
    return true;
  }

  #top(): Value {
    const top = this.#stack.at(-1);
    if (top === undefined) throw badPickle("something is missing in it");
    return top;
  }

  #pop(): Value {
    const top = this.#top();
    this.#stack.pop();
    return top;
  }

  #sinceMark(): Value[] {
    const items = this.#stack;
    const outer = this.#outer.pop();
    if (outer === undefined) throw badPickle("a mark is missing in it");
    this.#stack = outer;
    return items;
  }

  #tuple(length: number): true {
    if (this.#stack.length < length) throw badPickle("something is missing in it");
    return this.#push(this.#made(this.#stack.splice(-length)));
  }

  #list(): Value[] {
    const list = this.#top();
    if (!isList(list)) throw badPickle("something is appended to what is no list");
    return list;
  }

  #dict(): Dict {
    const dict = this.#top();
    if (!isDict(dict)) throw badPickle("a key is set of what is no dict");
    return dict;
  }

  #keep(key: number): true {
    this.#memo.set(key, this.#top());
    return true;
  }

  #recall(key: number): true {
    const value = this.#memo.get(key);
    if (value === undefined) throw badPickle("it refers to what is not in it");
    return this.#push(value);
  }

  #made<Container>(container: Container): Container {
    if (--this.#containersLeft < 0) {
      const most = String(this.#maxContainers);
      throw new BridgeError("message_too_large", `a pickle has more than ${most} lists, tuples and dicts`);
    }
    return container;
  }
}

function refused(op: number, at: number): BridgeError {
  const unsafe = UNSAFE.get(op);
  const plain = "send only None, bool, int, float, str, bytes, list, tuple and dict";
  if (unsafe !== undefined) {
    const what = `a pickle would import or call something (${unsafe} at byte ${String(at)})`;
    return new BridgeError("unsafe_pickle", `${what}; ${plain}`);
  }
  const foreign = FOREIGN.get(op);
  if (foreign !== undefined) return new BridgeError("unsupported", `a pickle holds ${foreign}; ${plain}`);
  return badPickle(`there is no opcode 0x${op.toString(16).padStart(2, "0")} (at byte ${String(at)})`);
}

function isList(value: Value): value is Value[] {
  return Array.isArray(value);
}

function isDict(value: Value): value is Dict {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function fill(dict: Dict, items: readonly Value[]): Dict {
  if (items.length % 2 !== 0) throw badPickle("a key of a dict has no value");
  for (let i = 0; i < items.length; i += 2) {
    const [key, value = null] = [items[i], items[i + 1]];
    if (typeof key !== "string") throw new BridgeError("bad_value", "the keys of a dict must be str");
    // An assignment would take this one name for the object's prototype.
    if (key !== "__proto__") dict[key] = value;
    else Object.defineProperty(dict, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return dict;
}

/** Protocols 0 and 1 write True as 01 and False as 00. */
function intLine(from: PickleReader): Value {
  const before = from.offset;
  const value = from.decimal();
  if (from.offset - before !== 3 || (value !== 0 && value !== 1)) return value;
  return value === 1;
}

function index(key: number | bigint): number {
  if (typeof key !== "number" || key < 0) throw badPickle("it refers to what is not in it");
  return key;
}

/** Text as protocol 0 writes it: Latin-1, and escapes for all else and for the backslash itself. */
function unescape(line: string): string {
  return line.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (_, short?: string, long?: string) => {
    const code = parseInt(short ?? long ?? "", 16);
    if (code > 0x10ffff) throw badPickle("a character in it does not exist");
    return short === undefined ? String.fromCodePoint(code) : String.fromCharCode(code);
  });
}
