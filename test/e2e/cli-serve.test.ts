// SPDX-License-Identifier: MIT
// `serve`, and how the other commands find the bridge that is meant.
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { bridgeEnv } from "../support/bridge-program.ts";
import { CliRun, jsonObjects, runCli, untilListed } from "../support/cli.ts";
import { RuntimeFolder, startDriver } from "../support/driver-program.ts";

describe("serve", function () {
  this.timeout(400_000);
  let runtime: RuntimeFolder;
  let env: NodeJS.ProcessEnv = {};
  const runs: CliRun[] = [];

  beforeEach(() => {
    runtime = new RuntimeFolder();
    env = bridgeEnv(runtime);
  });

  afterEach(async () => {
    for (const run of runs.splice(0)) await run.stop("SIGKILL");
    runtime.remove();
  });

  /** Starts a bridge; gives the run and the link that it printed. */
  async function serve(...args: string[]): Promise<{ run: CliRun; link: string }> {
    const run = new CliRun("built", ["serve", "--port", "0", ...args], env);
    runs.push(run);
    return { run, link: (await run.line((line) => line.startsWith("ready "))).slice("ready ".length) };
  }

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`prints one line when it is up, and ends in good order on ${signal}`, async () => {
      const { run, link } = await serve();
      assert.match(link, /^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{32}$/);
      assert.ok(existsSync(join(runtime.path, "bridges", "default.json")));
      const { code, signal: killed, stdout } = await run.stop(signal);
      assert.deepEqual([code, killed], [0, null]);
      assert.equal(stdout, `ready ${link}\n`);
      assert.equal(existsSync(join(runtime.path, "bridges", "default.json")), false);
    });
  }

  it("says port_in_use and what to do when the port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const { code, stdout, stderr } = await runCli("built", ["serve", "--port", String(port), "--json"], env);
    other.close();
    assert.deepEqual([code, stdout], [1, ""]);
    const { error } = jsonObjects(stderr).at(-1) as { error: { code: string; message: string } };
    assert.equal(error.code, "port_in_use");
    assert.match(error.message, /--port/);
  });

  it("keeps its link from start to start, until a new token is asked for", async () => {
    const tokens: string[] = [];
    for (const args of [[], [], ["--new-token"], []]) {
      const { run, link } = await serve(...args);
      tokens.push(link.slice(link.indexOf("#")));
      await run.stop("SIGTERM");
    }
    const [first, second, third, fourth] = tokens;
    assert.equal(second, first);
    assert.notEqual(third, first);
    assert.equal(fourth, third);
  });

  it("says name_in_use when a bridge of that name runs", async () => {
    await serve("--name", "rig");
    const { code, stderr } = await runCli("built", ["serve", "--port", "0", "--name", "rig"], env);
    assert.equal(code, 1);
    assert.match(stderr, /name_in_use.*"rig".*--name/);
  });

  it("says config_invalid for a wrong flag, and for a file that is not there", async () => {
    const port = await runCli("built", ["serve", "--port", "70000"], env);
    assert.equal(port.code, 1);
    assert.match(port.stderr, /config_invalid.*--port/);
    const file = await runCli("built", ["serve", "--config", join(runtime.path, "none.json")], env);
    assert.equal(file.code, 1);
    assert.match(file.stderr, /config_invalid.*none\.json/);
  });

  it("reads a given configuration file, below the flags", async () => {
    const path = join(runtime.path, "own.json");
    writeFileSync(path, JSON.stringify({ name: "filed", logLevel: "silent", port: 1 }));
    await serve("--config", path);
    assert.ok(existsSync(join(runtime.path, "bridges", "filed.json")));
  });

  it("connects to drivers by address, and to those of the folder only when it watches it", async () => {
    const [watched, given] = [
      await startDriver(runtime, "tally"),
      await startDriver(runtime, "tally", ["--name", "own"]),
    ];
    await serve("--no-watch", "--driver", `unix:${runtime.socketOf("own")}`);
    await untilListed("own/count", env);
    const called = await runCli("built", ["call", "own/count", "value=1", "--json"], env);
    assert.equal(called.code, 0, called.stderr);
    const { stdout } = await runCli("built", ["ls", "--json"], env);
    assert.deepEqual([...new Set(jsonObjects(stdout).map((entry) => entry["driver"]))], ["own"]);
    await watched.stop();
    await given.stop();
  });

  it("opens gateways, says where they are and what they show, and counts their clients for Prometheus", async () => {
    const { run, link } = await serve(
      "--gateway",
      "socket-io:0,open=data,open=rig/*",
      "--gateway",
      "json-ws:0,open=x,service=x",
    );
    const note = await run.note(/gateway socket-io at \S+, open without a token: .*\n/);
    const [, url = "", open] = /at (http\S+), open without a token: (.*)\n/.exec(note) ?? [];
    assert.equal(open, "data rig/*");
    await run.note(/gateway json-ws at ws:\/\/127\.0\.0\.1:\d+\/ws, open without a token: x/);
    const token = new URLSearchParams(new URL(link).hash.slice(1)).get("token") ?? "";
    const metrics = await fetch(`${new URL(link).origin}/metrics`, { headers: { Authorization: `Bearer ${token}` } });
    assert.match(await metrics.text(), new RegExp(`structwire_gateway_peers\\{gateway="socket-io",url="${url}"\\} 0`));
    const { stdout } = await runCli("built", ["status"], env);
    assert.match(stdout, /GATEWAY +ADDRESS +CLIENTS +REFUSED +DROPPED +OPEN\n(?:json-ws|socket-io) /);
  });

  it("says config_invalid when a gateway shows nothing or is not known, and leaves nothing behind", async () => {
    const nothing = await runCli("built", ["serve", "--port", "0", "--gateway", "socket-io:0"], env);
    assert.equal(nothing.code, 1);
    assert.match(nothing.stderr, /config_invalid.*add open=/);
    const unknown = await runCli("built", ["serve", "--port", "0", "--gateway", "telnet,open=**"], env);
    assert.match(unknown.stderr, /config_invalid.*there is no gateway "telnet"; these are: json-ws, socket-io, zmq/);
    assert.equal(existsSync(join(runtime.path, "bridges", "default.json")), false);
  });

  it("is found by its name, its link, $STRUCTWIRE_URL, or for being the only one", async () => {
    const { link } = await serve("--name", "first");
    const nameOf = async (args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<unknown> => {
      const { stdout, stderr } = await runCli("built", [...args, "--json"], { ...env, ...more });
      return jsonObjects(stdout)[0]?.["name"] ?? stderr;
    };
    assert.equal(await nameOf(["status"]), "first");
    const second = await serve("--name", "second");
    assert.equal(await nameOf(["status", "--bridge", "second"]), "second");
    assert.equal(await nameOf(["--bridge", "first", "status"]), "first");
    assert.equal(await nameOf(["status", "--bridge", link]), "first");
    assert.equal(await nameOf(["status"], { STRUCTWIRE_URL: second.link }), "second");
    const { code, stderr } = await runCli("built", ["status"], env);
    assert.equal(code, 1);
    assert.match(stderr, /several_bridges.*first \(http.*second \(http/);
  });

  it("that was killed is no bridge any more", async () => {
    const { run } = await serve();
    await run.stop("SIGKILL");
    const { code, stderr } = await runCli("built", ["ls"], env);
    assert.equal(code, 1);
    assert.match(stderr, /no_bridge.*structwire serve/);
    await serve();
    assert.equal((await runCli("built", ["ls"], env)).code, 0);
  });

  it("that is started again is found by a sub that went on, which tells what it missed", async () => {
    const driver = await startDriver(runtime, "motor");
    const first = await serve();
    const watching = new CliRun("built", ["sub", "motor/state", "--wait", "--json"], env);
    runs.push(watching);
    await watching.line(() => true);
    await first.run.stop();
    await watching.note(/trying again/);
    await serve();
    const lost = await watching.line((line) => line.includes('"lost"'));
    assert.match(lost, /"reason":"disconnected"/);
    await watching.stop("SIGINT");
    const sequences: number[] = [];
    for (const line of jsonObjects((await watching.ended).stdout)) {
      if ("seq" in line) sequences.push(Number(line["seq"]));
      else if ("lost" in line) {
        const { from, to, count } = line["lost"] as { from: number; to: number; count: number };
        assert.equal(count, to - from + 1);
        for (let seq = from; seq <= to; seq++) sequences.push(seq);
      }
    }
    sequences.forEach((seq, i) => {
      assert.equal(seq, sequences[0]! + i);
    });
    await driver.stop();
  });
});
