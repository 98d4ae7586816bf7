// SPDX-License-Identifier: MIT
// Where a JupyterLab of our own comes to stand.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { findJupyter } from "../../../../bridge/cli/notebook/jupyter.ts";

describe("a JupyterLab of our own", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "structwire-jupyter-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("stands in a state folder that nobody else can open, and leaves nothing there when it is given up", async () => {
    const state = join(folder, "structwire");
    const said: string[] = [];
    const search = { python: undefined, folder: join(state, "jupyter"), signal: AbortSignal.abort() };
    await assert.rejects(findJupyter({ ...search, say: (text) => said.push(text) }), { code: "cancelled" });
    assert.equal(said.length, 1);
    assert.equal(statSync(state).mode & 0o777, 0o700);
    assert.deepEqual(readdirSync(state), []);
  });

  it("is not looked for where another Python was named, which must have one", async () => {
    const python = join(folder, "python");
    const search = { python, folder: join(folder, "jupyter"), signal: new AbortController().signal };
    await assert.rejects(findJupyter({ ...search, say: () => undefined }), {
      code: "notebook_failed",
      message: /has no JupyterLab/,
    });
  });
});
