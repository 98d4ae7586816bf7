// SPDX-License-Identifier: MIT
// The package as a program of somebody else gets it: `import "structwire"` and `require("structwire")`, in a process of its own.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { ROOT } from "../../scripts/tools/paths.ts";
import { ScriptedBridge, type Peer } from "../support/scripted-bridge.ts";

describe("the package", () => {
  let folder = "";

  before(async () => {
    // Below the checkout, so that the package finds itself.
    folder = await mkdtemp(join(ROOT, "build", "package-test-"));
  });

  after(async () => {
    await rm(folder, { recursive: true });
  });

  /** Runs a script and resolves with what it printed, once it has ended by itself. */
  async function run(
    name: string,
    script: string,
    env: NodeJS.ProcessEnv = {},
    args: readonly string[] = [],
  ): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, script);
    const child = spawn(process.execPath, [path, ...args], { env: { ...process.env, ...env } });
    let [out, err] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    assert.equal(code, 0, err);
    return out.trim();
  }

  const LOADED = `process.report.getReport().sharedObjects.filter((path) => path.includes("structwire")).length`;

  it("is imported without its addon, and keeps nothing alive", async () => {
    assert.equal(
      await run("a.mjs", `import { connect } from "structwire"; console.log(typeof connect, ${LOADED});`),
      "function 0",
    );
  });

  it("is required by CommonJS, as notebooks do", async () => {
    const script = `const { connect, BridgeError } = require("structwire"); console.log(typeof connect, typeof BridgeError, ${LOADED});`;
    assert.equal(await run("b.cjs", script), "function function 0");
  });

  /** Runs a script that connects to `process.env.URL`, with a bridge that welcomes it. */
  async function connecting(
    start: (url: string) => Promise<string>,
    meanwhile: (peer: Peer) => Promise<void> = () => Promise.resolve(),
  ): Promise<string> {
    const bridge = await ScriptedBridge.start();
    try {
      const running = start(bridge.url);
      const peer = await Promise.race([bridge.peer(), running.then(() => assert.fail("ended before it connected"))]);
      await peer.welcome();
      await meanwhile(peer);
      return await running;
    } finally {
      await bridge.stop();
    }
  }

  it("lets a process end that only forgot to close, when it is told to", async () => {
    const script = `import { connect } from "structwire";
      const client = await connect({ url: process.env.URL, unref: true });
      await client.subscribe("a/b").ready;
      console.log(client.bridge.name);`;
    const accept = async (peer: Peer): Promise<void> => {
      await peer.answer("subscribe", { subscription: 1 });
    };
    assert.equal(await connecting((url) => run("c.mjs", script, { URL: url }), accept), "scripted");
  });

  it("lets a notebook's kernel end by itself", async () => {
    const script = `const { connect } = require("structwire");
      connect(process.env.URL).then((client) => console.log(client.bridge.name));`;
    const args = ["kernel", "--config-path=/run/kernel-1.json"];
    const start = (url: string): Promise<string> => run("d.cjs", script, { URL: url, JPY_PARENT_PID: "1" }, args);
    assert.equal(await connecting(start), "scripted");
  });

  it("waits for an answer even so", async () => {
    const script = `import { connect } from "structwire";
      const client = await connect({ url: process.env.URL, unref: true });
      console.log(JSON.stringify(await client.status()));`;
    const answer = async (peer: Peer): Promise<void> => {
      await peer.answer("status", { fine: true });
    };
    assert.equal(await connecting((url) => run("e.mjs", script, { URL: url }), answer), '{"fine":true}');
  });

  it("keeps a program alive while it is connected, until it closes", async () => {
    const script = `import { connect } from "structwire";
      const client = await connect(process.env.URL);
      const sockets = () => process.getActiveResourcesInfo().filter((name) => name.includes("TCP")).length;
      const before = sockets();
      await client.close();
      console.log(before, sockets());`;
    assert.equal(await connecting((url) => run("f.mjs", script, { URL: url })), "1 0");
  });
});
