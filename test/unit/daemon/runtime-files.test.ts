// SPDX-License-Identifier: MIT
// The runtime folder and the file of a running bridge: private, and never that of a dead one.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { claimName, prepareFolders, refuseLiveName, removeStale } from "../../../bridge/daemon/runtime-files.ts";
import { temporaryFolders } from "../../support/folder.ts";

describe("the runtime folder on disk", () => {
  const newFolder = temporaryFolders();

  it("is made for its user alone", () => {
    const folder = join(newFolder(), "run");
    prepareFolders(folder);
    prepareFolders(folder);
    for (const path of [folder, join(folder, "drivers"), join(folder, "bridges")]) {
      assert.equal(statSync(path).mode & 0o777, 0o700);
    }
  });

  it("is refused when others can open it, when it is a link, or a file", () => {
    const open = newFolder();
    chmodSync(open, 0o755);
    const linked = join(newFolder(), "link");
    symlinkSync(newFolder(), linked);
    const file = join(newFolder(), "file");
    writeFileSync(file, "");
    for (const path of [open, linked, file]) {
      assert.throws(
        () => {
          prepareFolders(path);
        },
        { code: "folder_unsafe", message: /chmod 700/ },
      );
    }
  });

  it("is refused with the system's reason when it cannot be made", () => {
    assert.throws(
      () => {
        prepareFolders(join(newFolder(), "no", "parent"));
      },
      { code: "system_error" },
    );
  });
});

describe("a bridge's file on disk", () => {
  const newFolder = temporaryFolders();
  let folder: string;
  let server: Server;
  let url: string;
  let health: unknown;

  beforeEach(async () => {
    folder = newFolder();
    prepareFolders(folder);
    health = { name: "rig1", pid: process.pid };
    server = createServer((_request, response) => response.end(JSON.stringify(health)));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });

  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  const file = (token: string, pid = process.pid): Parameters<typeof claimName>[1] => ({
    name: "rig1",
    pid,
    url,
    token,
    started: 1,
    version: "0.1.0",
  });
  const path = (): string => join(folder, "bridges", "rig1.json");
  const deadPid = (): number => spawnSync("true").pid;

  it("is written whole and for its user alone, and removed by the one who wrote it", async () => {
    const release = await claimName(folder, file("a"));
    assert.equal(statSync(path()).mode & 0o777, 0o600);
    assert.equal((JSON.parse(readFileSync(path(), "utf8")) as { token: string }).token, "a");
    assert.deepEqual(readdirSync(join(folder, "bridges")), ["rig1.json"]);
    release();
    assert.equal(existsSync(path()), false);
  });

  it("of a live bridge keeps the name", async () => {
    await claimName(folder, file("a"));
    await assert.rejects(refuseLiveName(folder, "rig1"), { code: "name_in_use", message: /--name/ });
    await assert.rejects(claimName(folder, file("b")), { code: "name_in_use" });
    assert.equal((JSON.parse(readFileSync(path(), "utf8")) as { token: string }).token, "a");
    assert.deepEqual(readdirSync(join(folder, "bridges")), ["rig1.json"]);
  });

  it("of two that start at the same time one gets", async () => {
    const outcomes = await Promise.allSettled([claimName(folder, file("a")), claimName(folder, file("b"))]);
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  });

  const mine = { name: "rig1", pid: process.pid };
  const dead: [string, () => string, unknown][] = [
    ["whose process is gone", () => JSON.stringify(file("old", deadPid())), mine],
    ["whose process is another program by now", () => JSON.stringify(file("old")), { hello: "world" }],
    ["whose port another bridge has", () => JSON.stringify(file("old")), { name: "other", pid: process.pid }],
    ["whose port nobody has", () => JSON.stringify({ ...file("old"), url: "http://127.0.0.1:1" }), mine],
    ["that is garbage", () => "\0\0\0", mine],
    ["with a URL that is none", () => JSON.stringify({ ...file("old"), url: "rubbish" }), mine],
  ];
  for (const [what, content, answer] of dead) {
    it(`${what} is stale: it is removed, and its name free`, async () => {
      health = answer;
      writeFileSync(path(), content());
      await refuseLiveName(folder, "rig1");
      const release = await claimName(folder, file("new"));
      release();
      writeFileSync(path(), content());
      await removeStale(folder);
      assert.deepEqual(readdirSync(join(folder, "bridges")), []);
    });
  }

  it("of a live bridge is no stale one, nor is a draft that is being written", async () => {
    await claimName(folder, file("a"));
    writeFileSync(`${path()}.${String(process.pid)}.ab.draft`, "");
    writeFileSync(`${path()}.${String(deadPid())}.cd.draft`, "");
    mkdirSync(join(folder, "bridges", "more"));
    await removeStale(folder);
    assert.deepEqual(readdirSync(join(folder, "bridges")).sort(), [
      "more",
      "rig1.json",
      `rig1.json.${String(process.pid)}.ab.draft`,
    ]);
  });

  it("of a bridge that is stopped or too busy to answer is no stale one", async () => {
    await claimName(folder, file("a"));
    server.removeAllListeners("request"); // connections are still taken, as the kernel does for a stopped process
    await removeStale(folder);
    await assert.rejects(refuseLiveName(folder, "rig1"), { code: "name_in_use" });
    assert.deepEqual(readdirSync(join(folder, "bridges")), ["rig1.json"]);
  });

  it("is looked for past a folder, whose name is not free", async () => {
    mkdirSync(path());
    await removeStale(folder);
    await assert.rejects(claimName(folder, file("a")), { code: "system_error", message: /rig1\.json/ });
    assert.deepEqual(readdirSync(join(folder, "bridges")), ["rig1.json"]);
  });

  it("that somebody else has written since is left alone", async () => {
    const release = await claimName(folder, file("a"));
    writeFileSync(path(), JSON.stringify(file("b")));
    release();
    assert.equal(existsSync(path()), true);
  });
});
