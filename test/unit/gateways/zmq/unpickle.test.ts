// SPDX-License-Identifier: MIT
// Reading pickles: plain data of every protocol, and nothing that imports, calls or takes more than it may.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, it } from "mocha";
import { pickle, pickleCall, pickleTuple } from "../../../../bridge/gateways/zmq/pickle/pickle.ts";
import { PICKLE_LIMITS, unpickle } from "../../../../bridge/gateways/zmq/pickle/unpickle.ts";
import { BridgeError, type ErrorCode } from "../../../../bridge/model/errors.ts";
import type { Value } from "../../../../bridge/model/values.ts";
import { isBridgeError } from "../../../support/errors.ts";
import { PICKLE_VALUES, PICKLED_BYTES } from "../../../support/pickle-values.ts";
import { plainValues } from "../../../support/plain-values.ts";

const FILE = new URL("../../../vectors/pickle/cpython-3.11.json", import.meta.url);
const CPYTHON = JSON.parse(readFileSync(FILE, "utf8")) as Record<string, string[]>;

const PROTOCOLS = [0, 1, 2, 3, 4, 5] as const;

function bytesOf(...parts: (string | Uint8Array | number)[]): Uint8Array {
  return Buffer.concat(parts.map((part) => (typeof part === "number" ? Uint8Array.of(part) : Buffer.from(part))));
}

function refuses(bytes: Uint8Array, code: ErrorCode, message?: RegExp): void {
  assert.throws(
    () => unpickle(bytes),
    (error) => isBridgeError(error, code, message),
  );
}

function vector(python: string, protocol: number): Uint8Array {
  const hex = CPYTHON[python]?.[protocol];
  assert.ok(hex !== undefined, `no golden pickle of ${python}`);
  return Buffer.from(hex, "hex");
}

describe("unpickle", () => {
  for (const protocol of PROTOCOLS) {
    it(`reads what CPython writes in protocol ${String(protocol)}`, () => {
      for (const [python, value] of PICKLE_VALUES) {
        assert.deepEqual(unpickle(vector(python, protocol)), value, python);
      }
    });
  }

  it("reads bytes of protocols 3 and later, and refuses the call that earlier ones make of them", () => {
    for (const [python, value] of PICKLED_BYTES) {
      for (const protocol of [3, 4, 5]) assert.deepEqual(unpickle(vector(python, protocol)), value, python);
      for (const protocol of [0, 1, 2]) refuses(vector(python, protocol), "unsafe_pickle", /GLOBAL/);
    }
  });

  it("takes bytes of its own, so that the socket may use its memory again", () => {
    const message = Uint8Array.from(vector(String.raw`b'\x00\xff'`, 4));
    const value = unpickle(message);
    message.fill(7);
    assert.deepEqual(value, Uint8Array.of(0, 255));
  });

  it("reads a bytearray and a text of more than 4 GiB's header", () => {
    assert.deepEqual(unpickle(bytesOf(0x96, 2, new Uint8Array(7), "ab.")), Uint8Array.from(Buffer.from("ab")));
    assert.equal(unpickle(bytesOf(0x8d, 2, new Uint8Array(7), "ab.")), "ab");
  });

  it("keeps what is referred to twice, and ignores what follows the end", () => {
    // x = []; [x, x]
    assert.deepEqual(unpickle(bytesOf("]q\x00(]q\x01h\x01e.")), [[], []]);
    assert.equal(unpickle(bytesOf("K\x05.garbage")), 5);
  });

  it("gives a dict no other prototype", () => {
    const value = unpickle(bytesOf(pickle({ a: 1 }))) as Record<string, Value>;
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    const hostile = unpickle(vector("{'__proto__': 1}", 4)) as Record<string, Value>;
    assert.equal(Object.getPrototypeOf(hostile), Object.prototype);
    assert.deepEqual(Object.keys(hostile), ["__proto__"]);
  });
});

describe("a hostile pickle", () => {
  const SYSTEM = {
    "a call in protocol 0": "cos\nsystem\n(S'id'\ntR.",
    "a call in protocol 4": bytesOf(0x80, 4, 0x8c, 2, "os", 0x8c, 6, "system", 0x93, 0x8c, 2, "id", 0x85, "R."),
    "an import alone": "cos\nsystem\n.",
    "an instance of protocol 0": "(ios\nsystem\n.",
    "an instance of protocol 1": "(N)o.",
    "a new object": bytesOf(0x4e, 0x29, 0x81, "."),
    "a new object with names": bytesOf(0x4e, 0x29, 0x7d, 0x92, "."),
    "a state": "}}b.",
    "a persistent text": "P1\n.",
    "a persistent value": "K\x01Q.",
    "a registered extension": bytesOf(0x82, 1, "."),
    "a larger registered extension": bytesOf(0x83, 1, 0, "."),
    "the largest registered extension": bytesOf(0x84, 1, 0, 0, 0, "."),
    "a buffer beside the pickle": bytesOf(0x97, "."),
    "a buffer that cannot be written": bytesOf(0x4e, 0x98, "."),
    "an exception as a stream would send it": pickleCall("builtins", "ValueError", "boom"),
  };

  for (const [what, bytes] of Object.entries(SYSTEM)) {
    it(`with ${what} is refused, and nothing is imported or called`, () => {
      refuses(bytesOf(bytes), "unsafe_pickle", /at byte \d+/);
    });
  }

  it("with types that messages do not have is refused", () => {
    refuses(bytesOf(0x8f, "."), "unsupported", /a set/);
    refuses(bytesOf("(", 0x91, "."), "unsupported", /frozenset/);
    refuses(bytesOf("S'py2'\n."), "unsupported", /Python 2/);
    refuses(bytesOf("}(K\x01K\x02u."), "bad_value", /keys/);
    refuses(bytesOf(0x80, 6, "N."), "unsupported", /protocol 6/);
  });

  it("that holds itself is refused", () => {
    refuses(bytesOf("]q\x00h\x00a."), "bad_value", /holds itself/);
    refuses(bytesOf("}q\x00X\x01\0\0\0ah\x00s."), "bad_value", /holds itself/);
  });

  it("of a billion laughs is refused for what it stands for", () => {
    let bomb: Uint8Array = bytesOf("X", 3, 0, 0, 0, "lolq\x00");
    for (let level = 1; level < 30; level++) {
      bomb = bytesOf(bomb, "0](", ...Array<string>(10).fill(`h${String.fromCharCode(level - 1)}`), "eq", level);
    }
    refuses(bytesOf(bomb, "."), "message_too_large", /stands for more/);
  });

  it("nested too deep is refused, and as deep as allowed it is read", () => {
    const nested = (depth: number): Uint8Array => bytesOf("]".repeat(depth), "a".repeat(depth - 1), ".");
    refuses(nested(PICKLE_LIMITS.maxDepth + 1), "bad_value", /deeper than 64/);
    assert.ok(unpickle(nested(PICKLE_LIMITS.maxDepth)));
    refuses(nested(50_000), "bad_value", /deeper than 64/);
  });

  it("with more lists, marks or bytes than allowed is refused before they take memory", () => {
    refuses(bytesOf("]0".repeat(PICKLE_LIMITS.maxContainers + 1), "N."), "message_too_large", /lists/);
    refuses(bytesOf("(".repeat(PICKLE_LIMITS.maxContainers + 1), "N."), "message_too_large", /lists/);
    refuses(new Uint8Array(PICKLE_LIMITS.maxBytes + 1), "message_too_large", /larger/);
  });

  it("with lengths that are not there is refused", () => {
    const huge = [0xff, 0xff, 0xff, 0x7f];
    for (const op of ["X", "B"]) refuses(bytesOf(op, ...huge, "."), "bad_message", /too early/);
    const wide = [0, 0, 0, 0, 0, 1, 0, 0];
    for (const op of [0x8d, 0x8e, 0x95, 0x96]) refuses(bytesOf(op, ...wide, "."), "bad_message", /too early/);
    refuses(bytesOf(0x8b, ...huge, "."), "bad_value", /number/);
    refuses(bytesOf("L", "9".repeat(5000), "L\n."), "bad_value", /number/);
    refuses(bytesOf("r", 0xff, 0xff, 0xff, 0xff, "."), "bad_message", /missing/);
    refuses(bytesOf("F", "1".repeat(400), "\n."), "bad_message");
  });

  it("that is broken is told so", () => {
    const broken = ["", ".", "N", "t.", "(N", "(N.", "e.", "(e.", "K\x01K\x02a.", "h\x05.", "g1\n.", "p-1\n.", "Ix\n."];
    for (const text of broken) refuses(bytesOf(text), "bad_message", /cannot be read/);
    refuses(bytesOf("}(X", 1, 0, 0, 0, "au."), "bad_message", /no value/);
    refuses(bytesOf("X", 1, 0, 0, 0, 0xff, "."), "bad_message", /UTF-8/);
    refuses(bytesOf(0xfe, "."), "bad_message", /opcode 0xfe/);
    refuses(bytesOf("V\\U00110000\n."), "bad_message", /character/);
    refuses(bytesOf("]K\x01s."), "bad_message");
    refuses(bytesOf("K\x01", 0x86, "."), "bad_message", /missing/);
    refuses(bytesOf("Fx\n."), "bad_message");
  });

  it("of any bytes ends in a value or in an error with a code", () => {
    const seeds = Object.values(CPYTHON).flat();
    const random = fc.uint8Array({ maxLength: 200 });
    const changed = fc
      .tuple(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
      )
      .map(([hex, changes]) => {
        const bytes = Buffer.from(hex, "hex");
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        return new Uint8Array(bytes);
      });
    fc.assert(
      fc.property(fc.oneof(random, changed), (bytes) => {
        try {
          unpickle(bytes);
        } catch (error) {
          assert.ok(error instanceof BridgeError, String(error));
          assert.notEqual(error.code, "internal");
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("cut off anywhere is refused", () => {
    const whole = vector("('camera', 'snap', [0.5, 'x'], {'gain': 2}, False)", 4);
    for (let end = 0; end < whole.length; end++) assert.throws(() => unpickle(whole.subarray(0, end)), BridgeError);
  });
});

describe("pickle", () => {
  it("gives back what it was given", () => {
    fc.assert(
      fc.property(plainValues, (value) => {
        assert.deepEqual(unpickle(pickle(value)), value);
      }),
      { numRuns: 500 },
    );
  });

  it("keeps NaN, and writes protocol 4", () => {
    assert.ok(Number.isNaN(unpickle(pickle(NaN))));
    assert.deepEqual([...pickle(null)], [0x80, 4, 0x4e, 0x2e]);
  });

  it("writes pairs as tuples", () => {
    assert.deepEqual(Buffer.from(pickleTuple([true, 1.5])).toString("hex"), "800488473ff8000000000000862e");
  });

  it("refuses what is nested without end", () => {
    const list: Value[] = [];
    list.push(list);
    assert.throws(
      () => pickle(list),
      (error) => isBridgeError(error, "bad_value"),
    );
  });
});
