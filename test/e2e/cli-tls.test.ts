// SPDX-License-Identifier: MIT
// A bridge that serves https: clients of this machine trust its certificate by its file and no other, others are told to use https.
import assert from "node:assert/strict";
import { copyFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { get as getSecure } from "node:https";
import { connect as connectTcp } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { certificateOf } from "../../bridge/daemon/tls/certificate.ts";
import { bridgeFilePath, parseBridgeFile, type BridgeFile } from "../../bridge/model/runtime.ts";
import { bridgeEnv, type BridgeProgram, startBridgeProgram } from "../support/bridge-program.ts";
import { runCli, untilListed } from "../support/cli.ts";
import { type DriverProgram, RuntimeFolder, startDriver } from "../support/driver-program.ts";

describe("a bridge with --tls", function () {
  this.timeout(400_000);
  let runtime: RuntimeFolder;
  let driver: DriverProgram;
  let bridge: BridgeProgram;
  const file = (): BridgeFile => {
    const found = parseBridgeFile(readFileSync(bridgeFilePath(runtime.path, "default"), "utf8"));
    assert.ok(found);
    return found;
  };
  const cli = (args: readonly string[], env: Record<string, string> = {}) =>
    runCli("built", args, { ...bridgeEnv(runtime), ...env });

  before(async () => {
    runtime = new RuntimeFolder();
    driver = await startDriver(runtime, "tally");
    bridge = await startBridgeProgram(runtime, ["--port", "0", "--tls"]);
    await untilListed("tally/count", bridgeEnv(runtime));
  });

  after(async () => {
    await bridge.stop();
    await driver.stop();
    runtime.remove();
  });

  it("is found, by name and by URL, and its certificate accepted without a setting", async () => {
    assert.match(bridge.link, /^https:\/\/127\.0\.0\.1:\d+\/#token=/);
    for (const more of [[], ["--bridge", bridge.link], ["--bridge", `https://localhost:${String(bridge.port)}`]]) {
      const { code, stdout, stderr } = await cli(["call", "tally/count", "value=3", "--json", ...more]);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /"total"/);
    }
  });

  it("is refused when it has another certificate than its file says", async () => {
    const path = bridgeFilePath(runtime.path, "default");
    copyFileSync(path, `${path}.kept`);
    const other = await certificateOf(
      { stateFolder: join(runtime.path, "other"), certFile: "", keyFile: "", names: ["127.0.0.1"] },
      Date.now(),
    );
    writeFileSync(path, JSON.stringify({ ...file(), certificate: other.chain }), { mode: 0o600 });
    try {
      const { code } = await cli(["ls"]);
      assert.equal(code, 1);
      const byUrl = await cli(["ls", "--bridge", bridge.link]);
      assert.equal(byUrl.code, 1);
      assert.match(byUrl.stderr, /certificate/);
    } finally {
      renameSync(`${path}.kept`, path);
    }
  });

  it("is trusted by programs without its file that are given its root, and by no others", async () => {
    const elsewhere = { STRUCTWIRE_RUNTIME_DIR: join(runtime.path, "elsewhere"), STRUCTWIRE_URL: bridge.link };
    const refused = await cli(["ls"], elsewhere);
    assert.equal(refused.code, 1);
    const root = join(runtime.path, "root.pem");
    writeFileSync(root, await fetched(bridge.url, "/certificate.crt", file().certificate ?? ""));
    const { code, stderr } = await cli(["ls"], { ...elsewhere, NODE_EXTRA_CA_CERTS: root });
    assert.equal(code, 0, stderr);
  });

  it("tells who comes without TLS, and shows pages the way", async () => {
    const plain = bridge.url.replace("https:", "http:");
    const page = await head(`${plain}/plot?channel=data`);
    assert.deepEqual([page.status, page.location], [307, `${bridge.url}/plot?channel=data`]);
    const api = await head(`${plain}/api/list`, { Authorization: "Bearer x" });
    assert.deepEqual([api.status, api.location], [426, undefined]);
    assert.match(api.body, /speaks https/);
  });

  it("is not held up by a peer that says nothing", async () => {
    const silent = connectTcp(bridge.port, "127.0.0.1");
    silent.on("error", () => undefined); // where the command takes long, the bridge hangs up first
    await once(silent, "connect");
    const { code } = await cli(["ls"]);
    assert.equal(code, 0);
    silent.destroy();
  });

  it("keeps its certificate over a restart", async () => {
    const before = file().certificate;
    await bridge.stop();
    bridge = await startBridgeProgram(runtime, ["--port", "0", "--tls"]);
    assert.equal(file().certificate, before);
  });
});

function fetched(origin: string, path: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    getSecure(origin + path, { ca, agent: false }, (response) => {
      let text = "";
      response.on("data", (part: Buffer) => (text += part.toString()));
      response.on("end", () => {
        resolve(text);
      });
    }).on("error", reject);
  });
}

interface Head {
  readonly status: number | undefined;
  readonly location: string | undefined;
  readonly body: string;
}

function head(url: string, headers: Record<string, string> = {}): Promise<Head> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false, headers }, (response) => {
      let body = "";
      response.on("data", (part: Buffer) => (body += part.toString()));
      response.on("end", () => {
        resolve({ status: response.statusCode, location: response.headers.location, body });
      });
    }).on("error", reject);
  });
}
