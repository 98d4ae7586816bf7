// SPDX-License-Identifier: MIT
// The generated declarations mean something to TypeScript, also to the old one of notebooks: wrong names do not compile.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { describe, it } from "mocha";
import type Typescript from "typescript-5.0";
import { runGen } from "../../support/gen-runs.ts";

const ts = createRequire(import.meta.url)("typescript-5.0") as typeof Typescript;
const EVERYTHING = fileURLToPath(new URL("headers/everything.h", import.meta.url));

const HEADER = `
  #include <stdbool.h>
  #include <stdint.h>
  enum demo_mode { OFF = 0, ON = 1 };
  /* What it sees. [@channel state] */
  struct demo_state {
    double angle; ///< [rad] [@range -3, 3] of the shaft */ not the end
    enum demo_mode mode;
    enum demo_mode history[2];
    int64_t count;
    bool ready;
    char name[8];
    char names[2][8];
    uint8_t key[4]; // [@bytes]
    float grid[2][3];
    unsigned bits : 3;
    struct { float kp; struct { uint16_t x; } deep[2]; } pid;
    int class;
  };
  /* [@parameter gains] */
  struct gains { float kp; };
  /* [@service home request] */
  struct home_request { uint8_t speed; };
  /* [@service home reply] */
  struct home_reply { double took; };
  /* [@service stop reply] */
  struct stop_reply { double angle; };
  /* [@channel other/name.x] */
  struct test { int a; };
`;

const declarations = runGen(HEADER).files["d.ts"] ?? "";

/** TypeScript's own declarations, read once. */
const libraries = new Map<string, Typescript.SourceFile>();

/** What TypeScript 5.0 says against a program that uses the declarations. */
function complaints(program: string, types = declarations): string[] {
  const files: Record<string, string> = {
    "/test.d.ts": types,
    "/main.ts": `import type { Test, DemoState, DemoStateColumns, Gains } from "./test";\n${program}`,
  };
  const options: Typescript.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    types: [],
    lib: ["lib.es2022.d.ts"],
    skipDefaultLibCheck: true,
  };
  const host = ts.createCompilerHost(options);
  const onDisk = { ...host };
  host.fileExists = (path) => path in files || onDisk.fileExists(path);
  host.readFile = (path) => files[path] ?? onDisk.readFile(path);
  host.getSourceFile = (path, language) => {
    const known = libraries.get(path);
    if (known !== undefined) return known;
    const text = files[path] ?? onDisk.readFile(path);
    const parsed = text === undefined ? undefined : ts.createSourceFile(path, text, language, true);
    if (parsed !== undefined && !(path in files)) libraries.set(path, parsed);
    return parsed;
  };
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram(Object.keys(files), options, host));
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

describe("generated declarations", function () {
  this.timeout(300_000);

  it("type every kind of value", () => {
    assert.deepEqual(
      complaints(`
        declare const state: DemoState;
        const angle: number = state.angle;
        const mode: "OFF" | "ON" | number = state.mode;
        const first: "OFF" | "ON" | number | undefined = state.history[0];
        const count: bigint = state.count;
        const ready: boolean = state.ready;
        const name: string = state.name;
        const names: string[] = state.names;
        const key: Uint8Array = state.key;
        const grid: number[][] = state.grid;
        const bits: number = state.bits;
        const x: number = state.pid.deep[0]!.x;
        const keyword: number = state.class;
        export { angle, mode, first, count, ready, name, names, key, grid, bits, x, keyword };
      `),
      [],
    );
  });

  it("type every column, none of them any", () => {
    assert.deepEqual(
      complaints(`
        type Is<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
        type Column<K extends keyof DemoStateColumns> = DemoStateColumns[K];
        const all: [
          Is<Column<"angle">, Float64Array>, Is<Column<"mode">, Uint32Array>, Is<Column<"history">, Uint32Array>,
          Is<Column<"count">, BigInt64Array>, Is<Column<"ready">, Uint8Array>, Is<Column<"name">, readonly string[]>,
          Is<Column<"names">, readonly string[]>, Is<Column<"key">, Uint8Array>, Is<Column<"grid">, Float32Array>,
          Is<Column<"bits">, Uint32Array>, Is<Column<"pid.kp">, Float32Array>, Is<Column<"pid.deep.x">, Uint16Array>,
          Is<Column<"class">, Int32Array>,
        ] = [true, true, true, true, true, true, true, true, true, true, true, true, true];
        export { all };
      `),
      [],
    );
  });

  it("name channels, parameters and services", () => {
    assert.deepEqual(
      complaints(`
        declare const test: Test;
        const value: DemoState = test.channels.state.value;
        const columns: DemoStateColumns = test.channels.state.columns;
        const odd: number = test.channels["other/name.x"].value.a;
        const kp: number = test.parameters.gains.kp;
        const gains: Gains = { kp: 1 };
        const request: Test["services"]["home"]["request"] = { speed: 3 };
        const took: number = test.services.home.reply.took;
        const nothing: Test["services"]["stop"]["request"] = {};
        export { value, columns, odd, kp, gains, request, took, nothing };
      `),
      [],
    );
  });

  for (const [what, program] of [
    ["field", "export const x = (state: DemoState) => state.angel;"],
    ["column", "export const x = (columns: DemoStateColumns) => columns.angel;"],
    ["nested column", 'export const x = (columns: DemoStateColumns) => columns["pid.kq"];'],
    ["label", 'export const x = (state: DemoState) => state.mode === "OF";'],
    ["channel", "export const x = (test: Test) => test.channels.stat;"],
    ["parameter", "export const x = (test: Test) => test.parameters.gain;"],
    ["service", "export const x = (test: Test) => test.services.hom;"],
    ["type of a value", 'export const x: Gains = { kp: "1" };'],
    ["argument of a service that takes none", 'export const x: Test["services"]["stop"]["request"] = { a: 1 };'],
  ] as const) {
    it(`refuse a wrong ${what}`, () => {
      assert.equal(complaints(program).length, 1);
    });
  }

  it("tell unit, range and text where the editor shows them", () => {
    assert.match(
      declarations,
      /\* of the shaft \*\\\/ not the end\n {3}\*\n {3}\* Unit: rad\.\n {3}\*\n {3}\* Range: -3 to 3\.\n {3}\*\/\n {2}angle: number;/,
    );
    assert.match(declarations, /\/\*\* What it sees\. \*\/\nexport interface DemoState \{/);
  });

  it("give every type a name of its own", () => {
    // The struct "test" cannot be called Test, which is the whole.
    assert.match(declarations, /export interface Test2 \{/);
    const clash = runGen(
      `struct a_b { int x; }; struct aB { int y; }; struct ab_columns { int z; }; struct ab { int w; };`,
    );
    assert.deepEqual(
      complaints(
        "export {};",
        `${clash.files["d.ts"] ?? ""}\nexport type DemoState = 1; export type DemoStateColumns = 1; export type Gains = 1;`,
      ),
      [],
    );
  });

  it("of one of everything are read without a complaint", () => {
    const { files } = runGen(readFileSync(EVERYTHING, "utf8"), { flags: ["-DWIDE_ENUMS"] });
    const extra = "\nexport type DemoState = 1; export type DemoStateColumns = 1; export type Gains = 1;";
    assert.deepEqual(complaints("export {};", `${files["d.ts"] ?? ""}${extra}`), []);
    assert.match(files["d.ts"] ?? "", /wide: Wide \| bigint;/);
  });
});
