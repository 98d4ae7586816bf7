// SPDX-License-Identifier: MIT
// Drivers and bridges started by a program, as a notebook does it.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, statSync, watch, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { afterEach, before, beforeEach, describe, it } from "mocha";
import { makeRoom } from "../../bridge/console/make-room.ts";
import { connect, launch, type BridgeOptions, type LocalBridge } from "../../bridge/index.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import type * as Sources from "../../bridge/console/start-bridge.ts";
import { bridgeEnv } from "../support/bridge-program.ts";
import { driverPath, RuntimeFolder } from "../support/driver-program.ts";
import * as says from "../support/driver-records.ts";
import { ForeignDriver } from "../support/foreign-driver.ts";
import { schemaBlob } from "../support/schemas.ts";

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

  it("takes the place of one that this program launched before: a notebook cell is run again", async () => {
    const first = await launch(driverPath("tally"), { env: env() });
    const second = await launch(driverPath("tally"), { env: env() });
    assert.deepEqual(await first.ended, { code: 0, signal: null });
    assert.deepEqual([first.state, second.state], ["ended", "running"]);
    await second.stop();
  });

  it("is refused where another program is the driver of that name; that one ends with whoever launched it, also by a signal", async () => {
    const source = `
      import { launch } from ${JSON.stringify(join(ROOT, "bridge", "index.ts"))};
      const tally = await launch(${JSON.stringify(driverPath("tally"))});
      console.log(tally.pid);
      setInterval(() => undefined, 1000);
    `;
    const other = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", source], {
      cwd: ROOT,
      env: runtime.env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [pid] = (await once(createInterface({ input: other.stdout }), "line")) as [string];
    await assert.rejects(launch(driverPath("tally"), { env: env() }), {
      code: "name_in_use",
      message: new RegExp(`\\(pid ${pid}\\) is the driver "tally" already`),
    });
    assert.ok(existsSync(runtime.socketOf("tally")));
    const folder = watch(dirname(runtime.socketOf("tally")));
    other.kill("SIGKILL");
    while (existsSync(runtime.socketOf("tally"))) await once(folder, "change"); // it takes its socket away when it ends
    folder.close();
  });

  it("is shown in a cell: its lines with their level, that it runs, how it ended", async () => {
    const shown: string[] = [];
    const notebook = {
      display: { html: (): void => undefined },
      newDisplay: () => ({ html: (html: string) => shown.push(html) }),
    };
    const shell = await launch("sh", {
      args: ["-c", "trap 'echo motor: warning: hot; exit 3' TERM; echo up; while :; do sleep 0.1; done"],
      name: null,
    });
    if (shell.lines.length === 0) await new Promise((resolve) => shell.onLine(resolve));
    const panel = shell.show(notebook, { title: "the shell" });
    assert.match(shown.at(-1) ?? "", new RegExp(`the shell.*running.*pid ${String(shell.pid)}.*since.*up<`));
    await shell.stop();
    panel.close();
    assert.match(shown.at(-1) ?? "", /ended.*exit code 3.*>warn<.*motor: warning: hot/);
    assert.throws(() => shell.show({ notebook: undefined }), {
      code: "invalid_argument",
      message: /client\.attach\(tslab\)/,
    });
  });

  it("kills what does not end when it is asked to", async () => {
    const stubborn = await launch("sh", {
      args: ["-c", "trap '' TERM; echo up; while :; do sleep 1; done"],
      name: null,
    });
    if (stubborn.lines.length === 0) await new Promise((resolve) => stubborn.onLine(resolve));
    assert.equal((await stubborn.stop()).signal, "SIGKILL");
  });

  it("has ended when the program has, although another that it started holds its output open", async () => {
    const parent = await launch("sh", { args: ["-c", "sleep 60 & echo $!; exit 3"], name: null });
    assert.deepEqual(await parent.ended, { code: 3, signal: null });
    assert.deepEqual(await parent.stop(), { code: 3, signal: null });
    assert.equal(parent.state, "ended");
    process.kill(Number(parent.lines[0]));
  });

  it("ends what a script started too, which does not pass on that it shall end", async () => {
    const source = `"${driverPath("tally")}"; echo over`;
    const script = await launch("sh", { args: ["-c", source], env: env(), name: "tally" });
    const folder = watch(dirname(runtime.socketOf("tally")));
    await script.stop();
    while (existsSync(runtime.socketOf("tally"))) await once(folder, "change"); // it takes its socket away when it ends
    folder.close();
  });

  it("leaves programs alone that hold a lock of the same number on another file system", async () => {
    const lock = join(runtime.path, "motor.lock");
    const list = join(runtime.path, "locks");
    const other = await launch("sleep", { args: ["60"], name: null });
    writeFileSync(lock, "");
    writeFileSync(list, `1: FLOCK  ADVISORY  WRITE ${String(other.pid)} 00:2a:${String(statSync(lock).ino)} 0 EOF\n`);
    await makeRoom("motor", lock, list);
    assert.equal(other.state, "running");
    await other.stop();
  });
});

describe("a bridge in this program", () => {
  // As it was built: the sources would need their loader in its thread too.
  const built = pathToFileURL(join(ROOT, "dist", "bridge", "console", "start-bridge.js")).href;
  let startBridge: (options: BridgeOptions) => Promise<LocalBridge>;
  const saved = { ...process.env };
  let runtime: RuntimeFolder;
  let bridge: LocalBridge | undefined;

  beforeEach(() => {
    runtime = new RuntimeFolder();
    Object.assign(process.env, bridgeEnv(runtime));
  });

  before(async () => {
    ({ startBridge } = (await import(built)) as typeof Sources);
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

  it("has a set carried out that was asked for when the driver only just listened, whatever it takes to say what it has", async () => {
    bridge = await startBridge({ name: "here", port: 0 });
    const client = await connect("here");
    const driver = await ForeignDriver.listen(runtime.socketOf("foreign"));
    try {
      const foreign = client.driver("foreign");
      const asked = Promise.all([foreign.set("gains", { kp: 3 }), foreign.get("gains")]);
      await client.status(); // the bridge has both
      const link = await driver.arrival();
      link.say(says.hello({ minor: 2, schema: schemaBlob() }));
      await client.status();
      link.say(says.parameter(1, "gains", "gains", new Uint8Array(24)), says.ready());
      const { id, value } = await link.next("set");
      link.say(says.value({ set: id, parameter: 1, value }));
      const [{ applied }, before] = await asked;
      assert.deepEqual(
        [applied, before],
        [
          { kp: 3, ki: 0, kd: 0 },
          { kp: 0, ki: 0, kd: 0 },
        ],
      );
      await assert.rejects(foreign.get("nothing"), { code: "unknown_parameter" });
    } finally {
      await client.close();
      await driver.die();
    }
  });

  it("serves while this program does not come to its event loop", async () => {
    bridge = await startBridge({ name: "here", port: 0 });
    const ask = `fetch("${bridge.url}/health").then((answer) => answer.json()).then(({ name }) => console.log(name))`;
    const { stdout } = spawnSync(process.execPath, ["-e", ask], { encoding: "utf8" });
    assert.equal(stdout, "here\n");
  });

  it("keeps no program alive that did not want it to", () => {
    const source = `import(${JSON.stringify(built)}).then(({ startBridge }) => startBridge({ port: 0, unref: true })).then(({ name }) => console.log(name))`;
    const { stdout, status } = spawnSync(process.execPath, ["-e", source], { encoding: "utf8" });
    assert.deepEqual([stdout, status], ["default\n", 0]);
  });

  it("is refused for a name that is taken", async () => {
    bridge = await startBridge({ name: "here", port: 0 });
    await assert.rejects(startBridge({ name: "here", port: 0 }), { code: "name_in_use" });
  });
});
