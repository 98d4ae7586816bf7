// SPDX-License-Identifier: MIT
// Drivers and bridges started by a program, as a notebook does it.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { connect, launch, startBridge, type LocalBridge } from "../../bridge/index.ts";
import { bridgeEnv } from "../support/bridge-program.ts";
import { driverPath, RuntimeFolder } from "../support/driver-program.ts";

describe("launching a driver", () => {
  let runtime: RuntimeFolder;

  beforeEach(() => {
    runtime = new RuntimeFolder();
  });

  afterEach(() => {
    runtime.remove();
  });

  const env = (): Record<string, string> => ({ STRUCTWIRE_RUNTIME_DIR: runtime.path });

  it("resolves once it listens; it is stopped, started and restarted", async () => {
    const tally = await launch(driverPath("tally"), { env: env() });
    const { pid } = tally;
    assert.equal(tally.state, "running");
    await tally.restart();
    assert.notEqual(tally.pid, pid);
    assert.deepEqual(await tally.stop(), { code: 0, signal: null });
    assert.deepEqual([tally.state, tally.pid, tally.ending?.code], ["ended", undefined, 0]);
    await tally.start();
    await tally.start();
    assert.equal(tally.state, "running");
    await tally.stop();
  });

  it("has its lines, from the first one on", async () => {
    const heard: string[] = [];
    const shell = await launch("sh", {
      args: ["-c", "echo one; echo two >&2; echo three"],
      name: null,
      onLine: (line) => heard.push(line),
    });
    assert.deepEqual(await shell.ended, { code: 0, signal: null });
    assert.deepEqual([...shell.lines].sort(), ["one", "three", "two"]);
    assert.deepEqual(heard, [...shell.lines]);
  });

  it("says how a program failed to start", async () => {
    await assert.rejects(launch("sh", { args: ["-c", "echo no such device >&2; exit 3"], env: env() }), {
      code: "driver_failed",
      message: "sh did not start: it ended with exit code 3: no such device",
    });
    await assert.rejects(launch("/no/such/program", { env: env() }), { code: "driver_failed", message: /ENOENT/ });
  });

  it("gives up a program that is no driver of that name, and ends it", async () => {
    const running = launch(driverPath("tally"), { env: env(), name: "kettle", timeoutMs: 300 });
    await assert.rejects(running, { code: "timeout", message: /no driver "kettle" listens/ });
  });

  it("kills what does not end when it is asked to", async () => {
    const stubborn = await launch("sh", {
      args: ["-c", "trap '' TERM; echo up; while :; do sleep 1; done"],
      name: null,
    });
    if (stubborn.lines.length === 0) await new Promise((resolve) => stubborn.onLine(resolve));
    assert.equal((await stubborn.stop()).signal, "SIGKILL");
  });
});

describe("a bridge in this program", () => {
  const saved = { ...process.env };
  let runtime: RuntimeFolder;
  let bridge: LocalBridge | undefined;

  beforeEach(() => {
    runtime = new RuntimeFolder();
    Object.assign(process.env, bridgeEnv(runtime));
  });

  afterEach(async () => {
    await bridge?.stop();
    for (const name of Object.keys(bridgeEnv(runtime))) {
      if (saved[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = saved[name];
    }
    runtime.remove();
  });

  it("serves drivers that this program launched, under its name and by its link", async () => {
    bridge = await startBridge({ name: "here", port: 0 });
    const tally = await launch(driverPath("tally"));
    const client = await connect("here");
    try {
      await client.watch();
      if (client.directory.services.length === 0) {
        await new Promise<void>((resolve) =>
          client.on("directory", () => {
            if (client.directory.services.length > 0) resolve();
          }),
        );
      }
      await client.call("tally/count", { value: 3 });
      assert.equal(client.url, bridge.url);
    } finally {
      await client.close();
      await tally.stop();
    }
  });

  it("is refused for a name that is taken", async () => {
    bridge = await startBridge({ name: "here", port: 0 });
    await assert.rejects(startBridge({ name: "here", port: 0 }), { code: "name_in_use" });
  });
});
