// SPDX-License-Identifier: MIT
// The addon as node-gyp builds it, for machines without CMake: the same sources, and the same results.
import assert from "node:assert/strict";
import { cpSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, it } from "mocha";
import type { AddonModule } from "../../bridge/layout/native/addon-module.ts";
import { describePlan } from "../../bridge/layout/native/plan.ts";
import { compileLayout } from "../../bridge/layout/compile.ts";
import { findNodeGyp, findNodeHeaders } from "../../scripts/tools/node-headers.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import { run } from "../support/compilers.ts";
import { temporaryFolders } from "../support/folder.ts";
import { runGen } from "../support/gen-runs.ts";

const HEADER = `
enum mode { OFF, ON };
/* [@channel state] */
struct state { double value; enum mode mode; unsigned char raw[4]; };`;

describe("node-gyp rebuild", function () {
  this.timeout(800_000);
  const newFolder = temporaryFolders();
  const [program, headers] = [findNodeGyp(), findNodeHeaders()];

  it(`builds the same addon from binding.gyp${headers === undefined ? " (no headers of Node here)" : ""}`, function () {
    if (program === undefined || headers === undefined) return this.skip();
    // A copy, because node-gyp empties the folder build before it begins.
    const folder = newFolder();
    for (const name of ["binding.gyp", "native", "package.json"])
      cpSync(join(ROOT, name), join(folder, name), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    run(process.execPath, [program, "rebuild", "-C", folder, `--nodedir=${headers}`, "--jobs=2"]);

    const load = (path: string): AddonModule => createRequire(import.meta.url)(path) as AddonModule;
    const built = load(join(folder, "build/Release/structwire_addon.node"));
    const usual = load(join(ROOT, "build/addon/Release/structwire_addon.node"));
    assert.deepEqual(Object.keys(built).sort(), Object.keys(usual).sort());
    const plan = describePlan(compileLayout(runGen(HEADER).schema, "state"));
    const struct = Uint8Array.from([0, 0, 0, 0, 0, 0, 4, 64, 1, 0, 0, 0, 1, 2, 3, 255]);
    const text = new built.Plan(plan).valueJson(struct);
    assert.equal(text, '{"value":2.5,"mode":"ON","raw":[1,2,3,255]}');
    assert.equal(text, new usual.Plan(plan).valueJson(struct));
  });
});
