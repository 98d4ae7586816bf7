// SPDX-License-Identifier: MIT
// Our pickles against CPython's own, both ways, with random values.
import assert from "node:assert/strict";
import fc from "fast-check";
import { after, before, describe, it } from "mocha";
import { pickle, pickleTuple } from "../../bridge/gateways/zmq/pickle/pickle.ts";
import { unpickle } from "../../bridge/gateways/zmq/pickle/unpickle.ts";
import { pickledException } from "../../bridge/gateways/zmq/python-names.ts";
import type { Value } from "../../bridge/model/values.ts";
import { PICKLE_VALUES, PICKLED_BYTES } from "../support/pickle-values.ts";
import { plainValues } from "../support/plain-values.ts";
import { PythonLines } from "../support/python-lines.ts";

describe("pickles and CPython", () => {
  let load: PythonLines;
  let dump: PythonLines;

  before(() => {
    load = new PythonLines("zmq", "pickles.py", "load");
    dump = new PythonLines("zmq", "pickles.py", "dump");
  });
  after(async () => {
    await Promise.all([load.end(), dump.end()]);
  });

  const loaded = (bytes: Uint8Array): Promise<string> => load.ask(Buffer.from(bytes).toString("hex"));
  const dumped = async (literal: string): Promise<Uint8Array[]> =>
    (await dump.ask(literal)).split(" ").map((hex) => Buffer.from(hex, "hex"));

  it("agree on random values, written here, read and written there in every protocol, and read here again", async () => {
    await fc.assert(
      fc.asyncProperty(plainValues, async (value) => {
        const pickles = await dumped(await loaded(pickle(value)));
        const bytes = holdsBytes(value);
        for (const [protocol, each] of pickles.entries()) {
          // Protocols before 3 have no bytes: Python writes a call that makes them, which is refused.
          if (bytes && protocol < 3) assert.throws(() => unpickle(each), { code: "unsafe_pickle" });
          else assert.deepEqual(unpickle(each), value, `protocol ${String(protocol)}`);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("agree on the golden values", async () => {
    for (const [python, value] of [...PICKLE_VALUES, ...PICKLED_BYTES]) {
      const pickles = await dumped(python);
      for (const each of pickles.slice(3)) assert.deepEqual(unpickle(each), value, python);
    }
  });

  it("make the same of what only we write", async () => {
    assert.equal(await loaded(pickleTuple([true, 1.5])), "(True, 1.5)");
    assert.equal(await loaded(pickle([NaN, Infinity, -Infinity, -0])), "[nan, inf, -inf, -0.0]");
    assert.equal(await loaded(pickledException("TypeError", "it's")), `TypeError("it's")`);
    assert.equal(await loaded(pickledException("RangeError", "x")), "ValueError('x')");
    assert.equal(await loaded(pickledException("Error", "x")), "Exception('x')");
    assert.equal(await loaded(pickledException("os.system", "x")), "Exception('os.system: x')");
    assert.equal(await loaded(pickledException("SystemExit", "x")), "Exception('SystemExit: x')");
  });
});

function holdsBytes(value: Value): boolean {
  if (value instanceof Uint8Array) return true;
  return typeof value === "object" && value !== null && Object.values(value).some((each: Value) => holdsBytes(each));
}
