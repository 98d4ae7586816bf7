// SPDX-License-Identifier: MIT
// Which exports of a module become services, and by which names.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { loadProviders, providersOf } from "../../../../bridge/cli/programs/providers.ts";

const camera = { snap: () => 1 };
const add = (a: number, b: number): number => a + b;

/** The names of what a module called `lab` exports to be called. */
function names(exported: Readonly<Record<string, unknown>>, name?: string): readonly string[] {
  return providersOf(exported, "lab", name).map((provider) => provider.name);
}

describe("the providers of a module", () => {
  it("are its exported objects with methods and its functions, by their names", () => {
    class Unused {
      readonly nothing = 1;
    }
    const values = { pi: 3, text: "x", nothing: null, plain: { a: 1 }, _hidden: camera, Unused };
    assert.deepEqual(names({ camera, add, instance: new Date(), ...values }), ["camera", "add", "instance"]);
  });

  it("have the file's name when they are the default export, or the name that was given", () => {
    assert.deepEqual(names({ default: camera }), ["lab"]);
    assert.deepEqual(names({ default: camera, add }, "rig"), ["rig/add", "rig"]);
  });

  it("of a CommonJS module are its exports, each once", () => {
    assert.deepEqual(names({ default: { camera, add }, camera, add }), ["camera", "add"]);
    assert.deepEqual(names({ default: { camera } }), ["camera"]);
  });

  it("cannot come from a file that is not there", async () => {
    await assert.rejects(loadProviders("/nowhere/lab.js", undefined), {
      code: "usage",
      message: "there is no file /nowhere/lab.js",
    });
  });
});
