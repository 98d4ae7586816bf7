// SPDX-License-Identifier: MIT
// The names of a function's parameters, and the arguments of a call put in their places.
import assert from "node:assert/strict";
import { runInThisContext } from "node:vm";
import { describe, it } from "mocha";
import { cancellable } from "../../../../bridge/client/services/cancellable.ts";
import { providedBy } from "../../../../bridge/client/services/methods.ts";
import { parameterNames, placed } from "../../../../bridge/client/services/parameters.ts";

/** A function of this source, as a program may have it. */
function made(source: string): (...args: never[]) => unknown {
  return runInThisContext(`(${source})`) as (...args: never[]) => unknown;
}

describe("the names of parameters", () => {
  for (const [source, names] of [
    ["() => 1", []],
    ["x => x", ["x"]],
    ["async x => x", ["x"]],
    ["async (a, b) => a", ["a", "b"]],
    ["function (a, b = 2, c) {}", ["a", "b", "c"]],
    ["function* snap(exposure, /* in dB, roughly */ gain) {}", ["exposure", "gain"]],
    ["(a = ',)', b = [1, (2)], c = { d: `)` }) => a", ["a", "b", "c"]],
    ["(a, // the first, of (two)\n b) => a", ["a", "b"]],
    ["(a, ...rest) => a", ["a"]],
    ["({ snap(exposure, gain) {} }).snap", ["exposure", "gain"]],
    ["(a, { b }) => a", null],
    ["([a]) => a", null],
    ["((a) => a).bind(null)", null],
    ["class { constructor(a) {} }", null],
    ["Math.max", null],
  ] as const) {
    it(`of ${source.replaceAll("\n", " ")} are ${JSON.stringify(names)}`, () => {
      assert.deepEqual(parameterNames(made(source)), names);
    });
  }
});

describe("arguments", () => {
  const snap = ["exposure", "gain", "mode"];

  it("by name go where their parameter is, also over one by position", () => {
    assert.deepEqual(placed("snap", snap, [1], { mode: "raw" }), [1, undefined, "raw"]);
    assert.deepEqual(placed("snap", snap, [1, 2], { gain: 3 }), [1, 3]);
    assert.deepEqual(placed("snap", snap, [1, 2], {}), [1, 2]);
  });

  it("by name go as one object to a function whose parameters are not known", () => {
    assert.deepEqual(placed("snap", null, [1], { gain: 3 }), [1, { gain: 3 }]);
  });

  it("of a name that is no parameter are refused with the names that are", () => {
    assert.throws(() => placed("camera/snap", snap, [], { gian: 1 }), {
      name: "TypeError",
      message: 'camera/snap has no parameter "gian"; it has exposure, gain, mode',
    });
  });
});

describe("the services of an object", () => {
  class Device {
    close(): void {
      this.open = false;
    }
    open = true;
  }
  class Camera extends Device {
    readonly label = "c";
    gain = 2;
    snap(exposure: number): number {
      return exposure * this.gain;
    }
    _secret(): void {
      this.gain = 0;
    }
    readonly wait = cancellable((signal: AbortSignal, seconds: number) => [signal.aborted, seconds]);
  }

  it("are its methods, inherited ones too, without private ones and the constructor", () => {
    const all = providedBy("camera", new Camera(), {});
    assert.deepEqual(
      all.map(({ service, params }) => [service, params]),
      [
        ["camera/wait", ["seconds"]],
        ["camera/snap", ["exposure"]],
        ["camera/close", []],
      ],
    );
    const signal = AbortSignal.abort();
    assert.equal(all[1]?.run(signal, [3]), 6);
    assert.deepEqual(all[0]?.run(signal, [3]), [true, 3]);
    assert.deepEqual(new Camera().wait(1), [false, 1]);
  });

  it("are those that were asked for, with their texts and names", () => {
    const doc = { snap: "takes a picture" };
    const [snap] = providedBy("camera", new Camera(), { methods: ["snap"], doc, params: { snap: ["time"] } });
    assert.deepEqual([snap?.service, snap?.doc, snap?.params], ["camera/snap", "takes a picture", ["time"]]);
  });

  it("is one of a function's own name", () => {
    const [add] = providedBy("add", (a: number, b: number) => a + b, {});
    assert.deepEqual([add?.service, add?.params], ["add", ["a", "b"]]);
  });

  it("are none of an object without methods", () => {
    assert.throws(() => providedBy("camera", { a: 1 }, {}), { code: "invalid_argument" });
    assert.throws(() => providedBy("camera", new Camera(), { methods: ["label"] }), { code: "invalid_argument" });
  });
});
