// SPDX-License-Identifier: MIT
// The addon itself: it is what Node uses, says so when it is missing, and no argument brings it down.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { describe, it } from "mocha";
import type { AddonModule } from "../../../bridge/layout/native/addon-module.ts";
import { describePlan } from "../../../bridge/layout/native/plan.ts";
import { layoutOf, outcome, vector } from "../../support/codecs.ts";
import { batchRecord } from "../../support/records.ts";

type Call = (...args: readonly unknown[]) => unknown;
type Native = Readonly<Record<string, Call>>;
type NativeClass = new (...args: readonly unknown[]) => Native;

interface Addon {
  readonly Plan: NativeClass;
  readonly Splitter: NativeClass;
  readonly Thinner: NativeClass;
  readonly Filter: NativeClass;
  readonly merge: Call;
  readonly payloadsJson: Call;
  readonly send: Call;
}

const root = fileURLToPath(new URL("../../../", import.meta.url));
const path = join(root, "build/addon/Release/structwire_addon.node");
const addon = createRequire(import.meta.url)(path) as Addon;
/** The same as the codec knows it. */
const typed = createRequire(import.meta.url)(path) as AddonModule;

/** Without the coverage of this process, which another program of the same files would spoil. */
const env = { ...process.env, NODE_V8_COVERAGE: undefined };

const layout = layoutOf(16, [
  { n: "x", t: "f64", o: 0 },
  { n: "t", t: "c8", o: 8, d: [4] },
  { n: "n", t: "u32", o: 12 },
]);
const description = describePlan(layout);
const batch = batchRecord({ stream: 1, first: 0, samples: [new Uint8Array(16)] });

/** Asserts that a call ended in a TypeError of this code, or in an error of another. */
function refuses(run: () => unknown, what: string): void {
  const end = outcome(run);
  assert.ok("code" in end, `${what} was taken`);
  assert.ok(typeof end.code === "string", `${what} threw ${String(end.code)}`);
}

describe("the addon in Node", () => {
  it("decodes for whoever imports the package, and only once something is decoded", function () {
    this.timeout(300_000);
    const script = join(root, "test/support/decode-once.ts");
    const output = execFileSync(process.execPath, ["--import", "tsx", script], { cwd: root, env, encoding: "utf8" });
    assert.deepEqual(JSON.parse(output), { before: false, column: [1, 2], after: true });
  });

  it("is told to be built where it is missing or does not load", function () {
    this.timeout(300_000);
    const folder = mkdtempSync(join(tmpdir(), "structwire-"));
    try {
      for (const room of ["model", "layout"])
        cpSync(join(root, "bridge", room), join(folder, "bridge", room), { recursive: true });
      symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
      writeFileSync(join(folder, "package.json"), '{"type":"module"}');
      const script = `import { addonCodec } from "./bridge/layout/addon.ts";
        try { addonCodec().splitter(); } catch (error) { console.log(error.code, error.message); }`;
      writeFileSync(join(folder, "run.ts"), script);
      const run = (): string =>
        execFileSync(process.execPath, ["--import", "tsx", join(folder, "run.ts")], {
          cwd: folder,
          env,
          encoding: "utf8",
        });
      assert.match(run(), /^addon_missing the native addon is not built: build it with `npm run install`/);
      cpSync(join(root, "package.json"), join(folder, "build/addon/Release/structwire_addon.node"));
      assert.match(run(), /^addon_missing the native addon at .* does not load/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("works in several worker threads at once, which may end at any time", async function () {
    this.timeout(300_000);
    const code = `
      const { parentPort, workerData } = require("node:worker_threads");
      const addon = require(workerData.path);
      const plan = new addon.Plan(workerData.description);
      const splitter = new addon.Splitter();
      splitter.route(1, 2, 3, 16);
      let text;
      for (let i = 0; i < 2000; i++) text = plan.json(new Uint8Array(splitter.push(workerData.batch)));
      parentPort.postMessage({ text, batches: splitter.state[3] });`;
    const answers = await Promise.all(
      [1, 2, 3].map(
        () =>
          new Promise((resolve, reject) => {
            const worker = new Worker(code, { eval: true, workerData: { path, description, batch } });
            worker.once("message", (message) => {
              resolve(message);
              void worker.terminate();
            });
            worker.once("error", reject);
          }),
      ),
    );
    const text = ['[{"seq":0,"time":0,"value":{"x":0,"t":"","n":0}}]'];
    assert.deepEqual(
      answers,
      Array.from({ length: 3 }, () => ({ text, batches: 2000 })),
    );
  });
});

describe("wrong arguments to the addon", () => {
  const plan = new addon.Plan(description);
  const filter = new addon.Filter(description, Uint32Array.of(5, 1, 0, 0), new BigUint64Array(0), []);
  const calls: Readonly<Record<string, Call>> = {
    "new Plan": (...args) => new addon.Plan(...args),
    "Plan.columns": (...args) => plan["columns"]?.(...args),
    "Plan.json": (...args) => plan["json"]?.(...args),
    "Plan.valueJson": (...args) => plan["valueJson"]?.(...args),
    "Plan.encode": (...args) => plan["encode"]?.(...args),
    "Plan.structs": (...args) => plan["structs"]?.(...args),
    "Plan.project": (...args) => plan["project"]?.(...args),
    "new Filter": (...args) => new addon.Filter(...args),
    "Filter.select": (...args) => filter["select"]?.(...args),
    "new Thinner": (...args) => new addon.Thinner(...args),
    "Thinner.push": (...args) => new addon.Thinner(1)["push"]?.(...args),
    "Splitter.push": (...args) => new addon.Splitter()["push"]?.(...args),
    "Splitter.limit": (...args) => new addon.Splitter()["limit"]?.(...args),
    "Splitter.route": (...args) => new addon.Splitter()["route"]?.(...args),
    "Splitter.unroute": (...args) => new addon.Splitter()["unroute"]?.(...args),
    "Splitter.offset": (...args) => new addon.Splitter()["offset"]?.(...args),
    merge: addon.merge,
    payloadsJson: addon.payloadsJson,
    // No number that could be a socket of this process.
    send: (pieces, _, count, taken) => addon.send(pieces, new Int32Array([-1, -2]), count, taken),
  };
  const strange = [
    undefined,
    null,
    "text",
    -1,
    1.5,
    NaN,
    2 ** 33,
    {},
    [],
    () => 1,
    new DataView(new ArrayBuffer(8)),
    new Float32Array(2),
    new Uint8Array(new SharedArrayBuffer(64)),
  ];

  for (const [name, call] of Object.entries(calls)) {
    it(`of ${name} are refused`, () => {
      refuses(() => call(), "nothing");
      for (const value of strange) {
        refuses(() => call(value, value, value, value, value), typeof value);
      }
    });
  }

  it("are refused where only one is wrong", () => {
    const columns = (...args: readonly unknown[]): unknown => plan["columns"]?.(...args);
    const x = new Uint8Array(8);
    assert.equal(columns(batch, Uint32Array.of(0), x), undefined);
    for (const value of strange) {
      refuses(() => columns(value, Uint32Array.of(0), x), "a batch");
      refuses(() => columns(batch, value, x), "a list of fields");
      refuses(() => columns(batch, Uint32Array.of(0), value), "the columns");
    }
    refuses(() => columns(batch, Uint32Array.of(0), new Uint8Array(16)), "a longer column");
    refuses(() => columns(batch, Uint32Array.of(0), new Uint8Array(7)), "a shorter column");
    refuses(() => columns(batch, Uint32Array.of(0), new Uint8Array(new ArrayBuffer(12), 4)), "a crooked column");
    refuses(() => columns(batch, Uint32Array.of(1), new Uint8Array(8)), "a column of texts");
    refuses(() => columns(batch, Uint32Array.of(9), x), "a field that is not there");
    refuses(() => columns(batch, Uint32Array.of(0, 2), x), "too few columns");
    const project = (size: number, moves: readonly number[], widenings: readonly number[]): unknown =>
      plan["project"]?.(batch, size, Uint32Array.from(moves), Uint32Array.from(widenings));
    assert.ok(project(8, [0, 0, 8], [2, 0, 4]) instanceof ArrayBuffer);
    refuses(() => project(8, [0, 0], []), "half a move");
    refuses(() => project(8, [0, 4, 5], []), "a move beyond the smaller struct");
    refuses(() => project(64, [9, 0, 8], []), "a move from beyond the struct");
    refuses(() => project(8, [2 ** 32 - 1, 0, 8], []), "a move that overflows");
    refuses(() => project(8, [], [9, 0, 0]), "a field that is not there");
    refuses(() => project(8, [], [2, 1, 0]), "an element that is not there");
    refuses(() => project(8, [], [2, 0, 5]), "a field beyond the smaller struct");
    refuses(() => project(8, [], [1, 0, 0]), "a text");
    refuses(() => project(0, [], []), "a struct of nothing");
    const writes = (indices: readonly number[], given: readonly unknown[], bytes: number): unknown =>
      plan["structs"]?.(1, Uint32Array.from(indices), given, new Uint8Array(bytes));
    assert.equal(writes([0], [new Uint8Array(8)], 16), undefined);
    refuses(() => writes([0], [new Uint8Array(8)], 15), "less memory");
    refuses(() => writes([0], [new Uint8Array(9)], 16), "a longer column");
    refuses(() => writes([9], [new Uint8Array(8)], 16), "a field that is not there");
    refuses(() => writes([0, 1], [new Uint8Array(8)], 16), "too few columns");
    refuses(() => writes([0], [new Float64Array(1)], 16), "a column that is not given as bytes");
    const makes = (steps: readonly number[], bounds = 2, texts: readonly unknown[] = [new Uint8Array(2)]): unknown =>
      new addon.Filter(description, Uint32Array.from(steps), new BigUint64Array(bounds), texts);
    assert.ok(makes([0, 0, 0, 0]));
    refuses(() => makes([]), "no test at all");
    refuses(() => makes([0, 0, 0, 0, 0, 0, 0, 0]), "two results");
    refuses(() => makes([2, 0, 0, 0]), "nothing to put together");
    refuses(() => makes([5, 1, 0, 0, 2, 0, 0, 0]), "one thing to put together");
    refuses(() => makes([4, 0, 0, 0]), "nothing to turn");
    refuses(() => makes([6, 0, 0, 0]), "an unknown operation");
    refuses(() => makes([0, 9, 0, 0]), "a field that is not there");
    refuses(() => makes([0, 0, 1, 0]), "an element that is not there");
    refuses(() => makes([0, 0, 0, 1]), "bounds that are not there");
    refuses(() => makes([0, 0, 0, 0], 3), "half a pair of bounds");
    refuses(() => makes([0, 1, 0, 0]), "a range of a text");
    refuses(() => makes([1, 0, 0, 0]), "a number as a text");
    refuses(() => makes([1, 1, 0, 1]), "a text that is not there");
    refuses(() => makes([1, 1, 0, 0], 2, [new Uint8Array(999)]), "a text that is too long");
    refuses(() => makes([1, 1, 0, 0], 2, ["text"]), "a text that is no bytes");
    refuses(() => makes([0, 0, 0]), "half a step");
    refuses(() => makes(Array.from({ length: 65 }, () => [5, 1, 0, 0]).flat()), "more results than may wait");
    const encode = (indices: Uint32Array, elements: Uint32Array, bits: number): unknown =>
      plan["encode"]?.(new Uint8Array(16), new Uint8Array(16), indices, elements, new Uint8Array(bits));
    assert.equal(encode(Uint32Array.of(0), Uint32Array.of(0), 8), -1);
    refuses(() => encode(Uint32Array.of(3), Uint32Array.of(0), 8), "a field that is not there");
    refuses(() => encode(Uint32Array.of(0), Uint32Array.of(1), 8), "an element that is not there");
    refuses(() => encode(Uint32Array.of(0), Uint32Array.of(0), 7), "too few bits");
  });

  it("are refused when reading them takes memory away from others", () => {
    const buffer = batch.slice().buffer;
    const trap = [new Float64Array(1)];
    Object.defineProperty(trap, 0, {
      get() {
        structuredClone(buffer, { transfer: [buffer] });
        return new Float64Array(1);
      },
    });
    refuses(() => plan["columns"]?.(new Uint8Array(buffer), Uint32Array.of(0), trap), "a detached batch");
  });

  it("never bring it down, whatever a plan's description says", () => {
    const number = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(64, 1_048_576, 4_294_967_295));
    const numbers = fc.array(number, { maxLength: 8 });
    const leaf = fc.record({
      kind: fc.nat(6),
      scalar: fc.nat(12),
      offset: number,
      capacity: number,
      bits: fc.oneof(fc.constant([]), numbers),
      dims: numbers,
      labelValues: fc.constant(new BigUint64Array(1)),
      labelTexts: fc.constant(['"A"']),
    });
    const steps = fc
      .array(fc.tuple(fc.nat(4), number, number), { maxLength: 6 })
      .map((list) => Uint32Array.from(list.flat()));
    const any = fc.record({
      size: fc.integer({ min: 0, max: 24 }),
      little: fc.boolean(),
      leaves: fc.array(leaf, { maxLength: 3 }),
      steps,
      texts: fc.constant(["a", "b"]),
    });
    fc.assert(
      fc.property(any, (wild) => {
        const end = outcome(() => new addon.Plan(wild));
        if ("code" in end) {
          assert.equal(end.code, "invalid_argument");
          return;
        }
        const text = end.result["valueJson"]?.(new Uint8Array(wild.size));
        assert.equal(typeof text, "string");
      }),
      { numRuns: 5000 },
    );
  });

  it("include methods called on other objects", () => {
    const splitter = new addon.Splitter();
    for (const other of [splitter, {}, Object.create(addon.Plan.prototype as object) as object, undefined]) {
      assert.throws(() => plan["json"]?.call(other as Native, batch), TypeError);
    }
    assert.throws(() => splitter["push"]?.call(plan, new Uint8Array(0)), TypeError);
    assert.throws(() => Reflect.apply(addon.Plan, undefined, [description]), TypeError);
  });

  it("do not stop a splitter whose numbers were taken away", () => {
    const splitter = new typed.Splitter();
    structuredClone(splitter.state.buffer, { transfer: [splitter.state.buffer as ArrayBuffer] });
    splitter.route(3, 3, 3, 8);
    const record = vector("good/batch.bin");
    assert.equal(splitter.push(record)?.byteLength, record.length);
  });
});
