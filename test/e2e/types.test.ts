// SPDX-License-Identifier: MIT
// What a notebook cell sees: our built types, read as the notebook's kernel reads them (TypeScript 5.0, Node10 resolution, not strict).
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";
import type Typescript from "typescript-5.0";
import { ROOT } from "../../scripts/tools/paths.ts";
import { mustRun } from "../../scripts/tools/run.ts";

const ts = createRequire(import.meta.url)("typescript-5.0") as typeof Typescript;
const CELL = join(ROOT, "notebooks", "cell.ts");

const OPTIONS: Typescript.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts"],
  types: ["node"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  esModuleInterop: true,
  noEmit: true,
};

/** A program of one cell that stands in the folder of the notebooks. */
function programOf(text: string, options: Typescript.CompilerOptions = {}): Typescript.Program {
  const all = { ...OPTIONS, ...options };
  const host = ts.createCompilerHost(all);
  const onDisk = ts.createCompilerHost(all);
  host.fileExists = (path) => path === CELL || onDisk.fileExists(path);
  host.getSourceFile = (path, language, ...rest) =>
    path === CELL ? ts.createSourceFile(path, text, language, true) : onDisk.getSourceFile(path, language, ...rest);
  return ts.createProgram([CELL], all, host);
}

const PRELUDE = `
  import { connect } from "structwire";
  import type { Motor } from "./motor";
  const client = await connect();
  const motor = client.driver<Motor>("motor");
`;

/** What the compiler says against a cell. */
function complaints(text: string): string[] {
  const program = programOf(PRELUDE + text, { skipLibCheck: true });
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

/** The types of the exported names of a cell. */
function typesOf(text: string): Record<string, string> {
  const program = programOf(PRELUDE + text, { skipLibCheck: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(CELL);
  const symbol = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  const names = symbol === undefined ? [] : checker.getExportsOfModule(symbol);
  const typeOf = (name: Typescript.Symbol): string => {
    const target = name.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(name) : name;
    return checker.typeToString(checker.getTypeOfSymbolAtLocation(target, target.valueDeclaration!));
  };
  return Object.fromEntries(names.map((name) => [name.name, typeOf(name)]));
}

describe("the types in a notebook", function () {
  this.timeout(300_000);

  it("are read without a complaint by TypeScript 5.0", () => {
    const own = join(ROOT, "dist");
    for (const strict of [false, true]) {
      const program = programOf(PRELUDE, { strict });
      const found = ts
        .getPreEmitDiagnostics(program)
        .filter(({ file }) => file === undefined || file.fileName.startsWith(own) || file.fileName === CELL);
      assert.deepEqual(
        found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
        [],
      );
    }
  });

  for (const [driver, header] of [
    ["motor", "native/drivers/motor/motor.h"],
    ["tally", "native/drivers/tally.h"],
  ] as const) {
    it(`are those that gen writes from the header of ${driver}`, async () => {
      const folder = await mkdtemp(join(tmpdir(), "structwire-types-"));
      const cli = join(ROOT, "dist", "bridge", "cli", "main.js");
      await mustRun(process.execPath, [cli, "gen", header, "--out", folder], { cwd: ROOT });
      const written = await readFile(join(folder, `${driver}.d.ts`), "utf8");
      await rm(folder, { recursive: true });
      assert.equal(await readFile(join(ROOT, "notebooks", `${driver}.d.ts`), "utf8"), written);
    });
  }

  it("keep the type of every column", () => {
    const types = typesOf(`
      const taken = await motor.channel("state").take(100);
      export const { angle, lateness, mode, saturated } = taken.columns;
      export const { times, sequences, timesNs } = taken;
      for await (const batch of motor.channel("state")) { var batchAngle = batch.columns.angle; break; }
      export { batchAngle };
    `);
    assert.deepEqual(types, {
      angle: "Float64Array",
      lateness: "Float32Array",
      mode: "Uint32Array",
      saturated: "Uint8Array",
      times: "Float64Array",
      sequences: "Float64Array",
      timesNs: "BigInt64Array",
      batchAngle: "Float64Array",
    });
  });

  it("keep the types of values, parameters and replies", () => {
    const types = typesOf(`
      export const value = (await motor.channel("state").latest()).value;
      export const kp = (await motor.get("gains")).kp;
      export const applied = (await motor.set("gains", { kp: 4 })).applied;
      export const samples = (await motor.call("step_response", { amplitude: 1 })).samples;
    `);
    assert.deepEqual(types, { value: "MotorState", kp: "number", applied: "MotorGains", samples: "number[]" });
  });

  it("keep the types of what other programs offer, all of it async", () => {
    const types = typesOf(`
      interface Camera { label: string; snap(exposure: number, gain?: number): { width: number }; later(): Promise<string> }
      const camera = client.remote<Camera>("camera");
      export const picture = await camera.snap(0.5);
      export const { snap, later } = camera;
      export const sample = (await client.channel<{ x: number }>("data").latest()).value;
      export const timed = await client.call("camera/snap", [1], { timestamp: true });
    `);
    assert.deepEqual(types, {
      picture: "{ width: number; }",
      snap: "(exposure: number, gain?: number) => Promise<{ width: number; }>",
      later: "() => Promise<string>",
      sample: "{ x: number; }",
      timed: "Timed",
    });
  });

  it("let programs publish, expose and stream", () => {
    assert.deepEqual(
      complaints(`
      import { cancellable } from "structwire";
      const out = client.publisher<{ x: number }>("data");
      out.publish({ x: 1 }, { time: 5 });
      client.publisher<Uint8Array>("frame", { contentType: "image/png" }).publish(new Uint8Array(3));
      const wait = cancellable(async (signal: AbortSignal, seconds: number) => seconds);
      await client.expose("camera", { wait }, { methods: ["wait"] }).ready;
      const seconds: number = await wait(3);
      client.streams.add("sine", { hz: 10, call: async () => 1 });
      client.streams.manual<number>("n").publish(1);
    `),
      [],
    );
  });

  it("let right cells pass", () => {
    assert.deepEqual(
      complaints(`
      import * as tslab from "tslab";
      client.attach(tslab);
      await motor.plot("state", ["angle", "reference"], { windowMs: 5000 });
      await motor.knobs("gains");
      await client.driver("any").set("thing", { "a.b": 1 });
    `),
      [],
    );
  });

  for (const [what, cell] of [
    ["field of a channel", `(await motor.channel("state").take(1)).columns.angel;`],
    ["channel", `motor.channel("stat");`],
    ["field to plot", `await motor.plot("state", ["angel"]);`],
    ["parameter", `await motor.set("gain", { kp: 4 });`],
    ["field of a parameter", `await motor.set("gains", { kq: 4 });`],
    ["type of a value", `await motor.set("gains", { kp: "4" });`],
    ["label", `await motor.set("reference", { mode: "SINUS" });`],
    ["service", `await motor.call("step", {});`],
    ["method of another program", `await client.remote<{ snap(): number }>("camera").snip();`],
    ["argument of another program", `await client.remote<{ snap(n: number): number }>("camera").snap("1");`],
    ["value of a channel", `client.publisher<{ x: number }>("data").publish({ x: "1" });`],
  ] as const) {
    it(`refuse a wrong ${what}`, () => {
      assert.equal(complaints(cell).length, 1);
    });
  }
});
