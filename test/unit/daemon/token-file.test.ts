// SPDX-License-Identifier: MIT
// The token of a bridge in a file of the user alone.
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { keptToken } from "../../../bridge/daemon/token-file.ts";
import { temporaryFolders } from "../../support/folder.ts";

describe("a bridge's token on disk", () => {
  const newFolder = temporaryFolders();
  const token = (folder: string, name = "rig1", renew = false): string => keptToken({ folder, name, renew });

  it("is the same at every start, another for every name, in folders and a file for its user alone", () => {
    const folder = join(newFolder(), "not", "there", "structwire");
    const first = token(folder);
    assert.match(first, /^[\w-]{32}$/);
    assert.equal(token(folder), first);
    assert.notEqual(token(folder, "rig2"), first);
    for (const path of [folder, join(folder, "tokens")]) assert.equal(statSync(path).mode & 0o777, 0o700);
    assert.equal(statSync(join(folder, "tokens", "rig1.token")).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(join(folder, "tokens")).sort(), ["rig1.token", "rig2.token"]);
  });

  it("is another once that is asked for, and stays that", () => {
    const folder = newFolder();
    const first = token(folder);
    const second = token(folder, "rig1", true);
    assert.notEqual(second, first);
    assert.equal(token(folder), second);
    assert.deepEqual(readdirSync(join(folder, "tokens")), ["rig1.token"]);
  });

  const spoilt: [string, (path: string) => void][] = [
    [
      "that others could read",
      (path) => {
        chmodSync(path, 0o644);
      },
    ],
    [
      "that is no token",
      (path) => {
        writeFileSync(path, "short\n");
      },
    ],
  ];
  for (const [what, spoil] of spoilt) {
    it(`${what} is replaced`, () => {
      const folder = newFolder();
      const path = join(folder, "tokens", "rig1.token");
      const first = token(folder);
      spoil(path);
      const second = token(folder);
      assert.notEqual(second, first);
      assert.equal(readFileSync(path, "utf8"), `${second}\n`);
      assert.equal(statSync(path).mode & 0o777, 0o600);
    });
  }

  it("is neither read nor written through a link", () => {
    const folder = newFolder();
    const elsewhere = join(newFolder(), "elsewhere");
    const planted = "x".repeat(32);
    writeFileSync(elsewhere, planted, { mode: 0o600 });
    mkdirSync(join(folder, "tokens"), { mode: 0o700 });
    symlinkSync(elsewhere, join(folder, "tokens", "rig1.token"));
    assert.notEqual(token(folder), planted);
    assert.equal(readFileSync(elsewhere, "utf8"), planted);
  });

  it("is refused a folder that is open to others", () => {
    const folder = newFolder();
    chmodSync(folder, 0o755);
    assert.throws(() => token(folder), { code: "folder_unsafe", message: /chmod 700.*XDG_STATE_HOME/ });
  });

  it("is refused with the system's reason where nothing can be written", () => {
    const file = join(newFolder(), "file");
    writeFileSync(file, "");
    assert.throws(() => token(join(file, "structwire")), { code: "system_error" });
    const folder = newFolder();
    mkdirSync(join(folder, "tokens", "rig1.token"), { recursive: true, mode: 0o700 });
    assert.throws(() => token(folder), { code: "system_error", message: /rig1\.token/ });
  });
});
