// SPDX-License-Identifier: MIT
// The link in JupyterLab's launcher: its token is that of the bridge, whatever a crash or a person left in its file.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { keptToken } from "../../bridge/daemon/token-file.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import { temporaryFolders } from "../support/folder.ts";

describe("the link in JupyterLab's launcher", () => {
  const newFolder = temporaryFolders();

  const linkOf = (state: string): string => {
    const source = "import structwire_jupyter; print(structwire_jupyter.bridge()['launcher_entry']['path_info'])";
    const env = { ...process.env, PYTHONPATH: join(ROOT, "notebooks", "jupyter"), PYTHONDONTWRITEBYTECODE: "1" };
    const given = { ...env, XDG_STATE_HOME: state, STRUCTWIRE_NAME: "lab" };
    return execFileSync("python3", ["-c", source], { env: given, encoding: "utf8" }).trim();
  };

  it("has the token that the bridge keeps, also after a torn or open file", () => {
    const state = newFolder();
    const folder = join(state, "structwire");
    const path = join(folder, "tokens", "lab.token");
    const token = (): string => keptToken({ folder, name: "lab", renew: false });
    const first = linkOf(state);
    assert.equal(first, `structwire/#token=${token()}`);
    assert.equal(linkOf(state), first);
    writeFileSync(path, "");
    const second = linkOf(state);
    assert.notEqual(second, first);
    assert.equal(second, `structwire/#token=${token()}`);
    chmodSync(path, 0o644);
    const third = linkOf(state);
    assert.notEqual(third, second);
    assert.equal(third, `structwire/#token=${token()}`);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(readFileSync(path, "utf8").length, 33);
  });
});
