// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { findEndpoint, isFixedTarget } from "../../../../bridge/client/place/target.ts";
import { isJupyterKernel } from "../../../../bridge/client/place/node-platform.ts";
import type { BridgeFile } from "../../../../bridge/model/runtime.ts";

describe("which bridge is meant", () => {
  let folder = "";
  let env: NodeJS.ProcessEnv = {};

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sw-target-"));
    env = { STRUCTWIRE_RUNTIME_DIR: folder };
    mkdirSync(join(folder, "bridges"), { mode: 0o700 });
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function put(name: string, change: Partial<BridgeFile> = {}): void {
    const url = `http://127.0.0.1:${String(8000 + name.length)}`;
    const file: BridgeFile = { name, pid: process.pid, url, token: `t-${name}`, started: 1, version: "0", ...change };
    writeFileSync(join(folder, "bridges", `${name}.json`), JSON.stringify(file));
  }

  /** The pid of a process that has just ended. */
  function deadPid(): number {
    return Number(execFileSync(process.execPath, ["-e", "console.log(process.pid)"]).toString());
  }

  it("is the only one that runs", async () => {
    put("rig");
    assert.deepEqual(await findEndpoint({}, env), { url: "ws://127.0.0.1:8003/ws", token: "t-rig" });
  });

  it("is the one that is named", async () => {
    put("rig");
    put("other");
    assert.equal((await findEndpoint({ bridge: "other" }, env)).token, "t-other");
  });

  it("must be named when there are several, which are listed", async () => {
    put("rig");
    put("other");
    await assert.rejects(findEndpoint({}, env), { code: "several_bridges", message: /other \(http.*rig \(http/ });
  });

  it("is none that has died", async () => {
    put("rig", { pid: deadPid() });
    await assert.rejects(findEndpoint({}, env), { code: "no_bridge", message: /structwire serve/ });
    put("other");
    assert.equal((await findEndpoint({}, env)).token, "t-other");
  });

  it("is none whose file is no bridge's", async () => {
    writeFileSync(join(folder, "bridges", "a.json"), "{");
    writeFileSync(join(folder, "bridges", "b.json"), '{"name":"b"}');
    writeFileSync(join(folder, "bridges", "c.json"), " ".repeat(100_000));
    put("d", { pid: -1 });
    await assert.rejects(findEndpoint({}, env), { code: "no_bridge" });
  });

  it("is told apart from those that run when its name is not there", async () => {
    put("rig");
    await assert.rejects(findEndpoint({ bridge: "motor" }, env), { code: "no_bridge", message: /"motor".*rig \(/ });
  });

  it("is refused when its name is none", async () => {
    await assert.rejects(findEndpoint({ bridge: "../x" }, env), { code: "name_invalid" });
  });

  it("is not believed from a folder that others can write to", async () => {
    put("rig");
    chmodSync(join(folder, "bridges"), 0o777);
    await assert.rejects(findEndpoint({}, env), { code: "folder_unsafe", message: /chmod 700/ });
  });

  it("is none when the folder is not there at all", async () => {
    await assert.rejects(findEndpoint({}, { STRUCTWIRE_RUNTIME_DIR: join(folder, "nowhere") }), { code: "no_bridge" });
  });

  it("is $STRUCTWIRE_URL before the one that runs, but not before a name", async () => {
    put("rig");
    const set = { ...env, STRUCTWIRE_URL: "http://127.0.0.1:9/#token=env" };
    assert.deepEqual(await findEndpoint({}, set), { url: "ws://127.0.0.1:9/ws", token: "env" });
    assert.equal((await findEndpoint({ bridge: "rig" }, set)).token, "t-rig");
    assert.equal((await findEndpoint({ url: "http://127.0.0.1:7/#token=own" }, set)).token, "own");
  });

  it("has its token from its file when its URL comes without one", async () => {
    put("rig");
    assert.equal((await findEndpoint({ url: "http://127.0.0.1:8003" }, env)).token, "t-rig");
    assert.equal((await findEndpoint({ url: "http://127.0.0.1:8004" }, env)).token, "");
    assert.equal((await findEndpoint({ url: "http://127.0.0.1:8003", token: "mine" }, env)).token, "mine");
  });

  it("can change only while it is not given with its token", () => {
    assert.equal(isFixedTarget({ url: "http://127.0.0.1:1/#token=a" }, {}), true);
    assert.equal(isFixedTarget({ url: "http://127.0.0.1:1" }, {}), false);
    assert.equal(isFixedTarget({ bridge: "rig" }, {}), false);
  });
});

describe("a Jupyter kernel", () => {
  const argv = ["node", "/opt/tslab", "kernel", "--config-path=/run/user/0/jupyter/kernel-1f.json"];

  it("is known by what Jupyter starts it with", () => {
    assert.equal(isJupyterKernel({ JPY_PARENT_PID: "1" }, argv), true);
  });

  it("is neither a program that a kernel starts nor one with a JSON file", () => {
    assert.equal(isJupyterKernel({ JPY_PARENT_PID: "1" }, ["node", "script.js"]), false);
    assert.equal(isJupyterKernel({}, argv), false);
  });
});
