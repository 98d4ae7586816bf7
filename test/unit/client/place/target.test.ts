// SPDX-License-Identifier: MIT
// Which bridge is meant by a URL, a name, the environment, or nothing at all.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { findEndpoint, isFixedTarget } from "../../../../bridge/client/place/target.ts";
import type { BridgeFile } from "../../../../bridge/model/runtime.ts";

describe("which bridge is meant", () => {
  let folder = "";
  let env: NodeJS.ProcessEnv = {};
  const servers: Server[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sw-target-"));
    env = { STRUCTWIRE_RUNTIME_DIR: folder };
    mkdirSync(join(folder, "bridges"), { mode: 0o700 });
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  /** Answers every request with `text`; with nothing, it never answers. Gives the URL. */
  async function answering(text?: string): Promise<string> {
    const server = createServer((_, response) => {
      if (text !== undefined) response.end(text);
    });
    servers.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  /** The file of a bridge, which answers; gives its URL. */
  async function put(name: string, change: Partial<BridgeFile> = {}): Promise<string> {
    const url = change.url ?? (await answering(JSON.stringify({ name, pid: process.pid })));
    const file = { name, pid: process.pid, token: `t-${name}`, started: 1, version: "0", ...change, url };
    writeFileSync(join(folder, "bridges", `${name}.json`), JSON.stringify(file));
    return url;
  }

  /** The pid of a process that has just ended. */
  function deadPid(): number {
    return Number(execFileSync(process.execPath, ["-e", "console.log(process.pid)"]).toString());
  }

  it("is the only one that runs", async () => {
    const url = await put("rig");
    assert.deepEqual(await findEndpoint({}, env), { url: `${url.replace("http", "ws")}/ws`, token: "t-rig" });
  });

  it("is the one that is named", async () => {
    await put("rig");
    await put("other");
    assert.equal((await findEndpoint({ bridge: "other" }, env)).token, "t-other");
  });

  it("must be named when there are several, which are listed", async () => {
    await put("rig");
    await put("other");
    await assert.rejects(findEndpoint({}, env), { code: "several_bridges", message: /other \(http.*rig \(http/ });
  });

  it("is none that has died", async () => {
    await put("rig", { pid: deadPid() });
    await assert.rejects(findEndpoint({}, env), { code: "no_bridge", message: /structwire serve/ });
    await put("other");
    assert.equal((await findEndpoint({}, env)).token, "t-other");
  });

  it("is none whose file is no bridge's", async () => {
    writeFileSync(join(folder, "bridges", "a.json"), "{");
    writeFileSync(join(folder, "bridges", "b.json"), '{"name":"b"}');
    writeFileSync(join(folder, "bridges", "c.json"), " ".repeat(100_000));
    await put("d", { pid: -1 });
    await assert.rejects(findEndpoint({}, env), { code: "no_bridge" });
  });

  it("is told apart from those that run when its name is not there", async () => {
    await put("rig");
    await assert.rejects(findEndpoint({ bridge: "motor" }, env), { code: "no_bridge", message: /"motor".*rig \(/ });
  });

  it("is refused when its name is none", async () => {
    await assert.rejects(findEndpoint({ bridge: "../x" }, env), { code: "name_invalid" });
  });

  it("is not believed from a folder that others can write to", async () => {
    await put("rig");
    chmodSync(join(folder, "bridges"), 0o777);
    await assert.rejects(findEndpoint({}, env), { code: "folder_unsafe", message: /chmod 700/ });
  });

  it("is none when the folder is not there at all", async () => {
    await assert.rejects(findEndpoint({}, { STRUCTWIRE_RUNTIME_DIR: join(folder, "nowhere") }), { code: "no_bridge" });
  });

  it("is $STRUCTWIRE_URL before the one that runs, but not before a name", async () => {
    await put("rig");
    const set = { ...env, STRUCTWIRE_URL: "http://127.0.0.1:9/#token=env" };
    assert.deepEqual(await findEndpoint({}, set), { url: "ws://127.0.0.1:9/ws", token: "env" });
    assert.equal((await findEndpoint({ bridge: "rig" }, set)).token, "t-rig");
    assert.equal((await findEndpoint({ url: "http://127.0.0.1:7/#token=own" }, set)).token, "own");
  });

  it("has its token from its file when its URL comes without one", async () => {
    const url = await put("rig");
    assert.equal((await findEndpoint({ url }, env)).token, "t-rig");
    assert.equal((await findEndpoint({ url: "http://127.0.0.1:9" }, env)).token, "");
    assert.equal((await findEndpoint({ url, token: "mine" }, env)).token, "mine");
  });

  it("has its token and its own address when its URL says localhost", async () => {
    const url = await put("rig");
    const found = await findEndpoint({ url: url.replace("127.0.0.1", "localhost") }, env);
    assert.deepEqual(found, { url: `${url.replace("http", "ws")}/ws`, token: "t-rig" });
  });

  it("is none whose process number or port another program has now", async () => {
    await put("gone", { url: await answering(JSON.stringify({ name: "other", pid: process.pid })) });
    await put("lost", { url: await answering("<html>no bridge</html>") });
    await put("dead", { url: "http://127.0.0.1:1" });
    await assert.rejects(findEndpoint({}, env), { code: "no_bridge" });
    await put("rig");
    assert.equal((await findEndpoint({}, env)).token, "t-rig");
  });

  it("may be one that is too busy to answer", async () => {
    await put("rig", { url: await answering() });
    assert.equal((await findEndpoint({}, env)).token, "t-rig");
  });

  it("is found beside files whose URL is none of a bridge", async () => {
    for (const url of ["ftp://127.0.0.1/x", "https://x", "no url", "http://[", "unix:/x"]) {
      await put(`f${String(url.length)}`, { url });
    }
    const url = await put("rig");
    assert.equal((await findEndpoint({}, env)).token, "t-rig");
    assert.equal((await findEndpoint({ url }, env)).token, "t-rig");
  });

  it("can change only while it is not given with its token", () => {
    assert.equal(isFixedTarget({ url: "http://127.0.0.1:1/#token=a" }, {}), true);
    assert.equal(isFixedTarget({ url: "http://127.0.0.1:1" }, {}), false);
    assert.equal(isFixedTarget({ bridge: "rig" }, {}), false);
  });
});
