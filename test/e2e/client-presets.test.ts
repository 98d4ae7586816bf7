// SPDX-License-Identifier: MIT
// Presets through a real bridge: saved, loaded and compared by one client, seen by another, there after a restart.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { connect, type Client } from "../../bridge/index.ts";
import { startTestBridge, type TestBridge } from "../support/bridge.ts";
import { RuntimeFolder, startDriver, type DriverProgram } from "../support/driver-program.ts";

const DEFAULTS = { kp: 2, ki: 0.5, kd: 0.1 };

/** Resolves once the bridge has the driver's parameters. */
async function parametersOf(client: Client): Promise<void> {
  await client.watch();
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (client.directory.parameters.length === 3) resolve();
    };
    client.on("directory", look);
    look();
  });
}

describe("client.presets", () => {
  const runtime = new RuntimeFolder();
  let driver: DriverProgram;
  let test: TestBridge;
  let client: Client;

  before(async () => {
    driver = await startDriver(runtime, "motor");
  });

  after(async () => {
    await driver.stop();
    runtime.remove();
  });

  beforeEach(async () => {
    test = await startTestBridge(runtime.path);
    client = await connect({ url: test.bridge.pageUrl });
    await parametersOf(client);
    await client.set("motor/gains", DEFAULTS);
  });

  afterEach(async () => {
    for (const { preset } of await client.presets.list()) await client.presets.remove(preset);
    await client.close();
    await test.bridge.stop();
  });

  it("brings back what was saved, and says which fields differ until then", async () => {
    await client.presets.save("soft", ["motor/gains"]);
    await client.set("motor/gains", { kp: 7 });
    assert.deepEqual(await client.presets.compare("soft"), [
      { parameter: "motor/gains", field: "kp", saved: 2, other: 7 },
    ]);
    const { applied, leftOut } = await client.presets.load("soft");
    assert.deepEqual(
      applied.map((each) => [each.applied, each.channel]),
      [[DEFAULTS, "motor/state"]],
    );
    assert.deepEqual(leftOut, []);
    assert.deepEqual((await client.get("motor/gains")).value, DEFAULTS);
    assert.deepEqual(await client.presets.compare("soft"), []);
  });

  it("is there after a restart of the bridge", async () => {
    await client.presets.save("soft", ["motor/*"]);
    const kept = await client.presets.get("soft");
    assert.deepEqual(Object.keys(kept.values).sort(), ["motor/gains", "motor/load", "motor/reference"]);
    await client.close();
    await test.bridge.stop();
    test = await startTestBridge(runtime.path);
    client = await connect({ url: test.bridge.pageUrl });
    assert.deepEqual(await client.presets.get("soft"), kept);
  });

  it("compares two presets", async () => {
    await client.presets.save("soft", ["motor/gains"]);
    await client.presets.put("hard", { "motor/gains": { kp: 9, ki: 0.5 } });
    assert.deepEqual(await client.presets.compare("soft", "hard"), [
      { parameter: "motor/gains", field: "kp", saved: 2, other: 9 },
      { parameter: "motor/gains", field: "kd", saved: 0.1, other: undefined },
    ]);
  });

  it("sets what a parameter still has, and names what it does not have any more", async () => {
    await client.presets.put("old", { "motor/gains": { kp: 4, kq: 1 } });
    const { applied, leftOut } = await client.presets.load("old");
    assert.deepEqual(applied[0]?.applied, { ...DEFAULTS, kp: 4 });
    assert.deepEqual(leftOut, ["motor/gains: kq"]);
  });

  it("changes nothing of a parameter whose values the driver refuses, and says what it did set", async () => {
    await client.presets.put("wild", { "motor/gains": { kp: 400, ki: 3 }, "motor/load": { torque: 0.1 } });
    await assert.rejects(client.presets.load("wild"), {
      code: "out_of_range",
      message: /^the preset "wild" was not loaded as a whole: motor\/gains is as it was \(.*\); motor\/load is set$/,
    });
    assert.deepEqual((await client.get("motor/gains")).value, DEFAULTS);
    await client.presets.load("wild", { parameters: ["*/load"] });
  });

  it("changes nothing when a parameter is not there", async () => {
    await client.presets.put("both", { "motor/gains": { kp: 4 }, "arm/limits": { max: 1 } });
    await assert.rejects(client.presets.load("both"), {
      code: "unknown_parameter",
      message: 'the preset "both" was not loaded: arm/limits of it is not there; nothing was changed',
    });
    assert.deepEqual((await client.get("motor/gains")).value, DEFAULTS);
    await client.presets.load("both", { parameters: ["motor/gains"] });
    assert.deepEqual((await client.get("motor/gains")).value, { ...DEFAULTS, kp: 4 });
  });

  it("refuses what is no preset", async () => {
    await assert.rejects(client.presets.load("nothing"), { code: "unknown_preset" });
    await assert.rejects(client.presets.remove("nothing"), { code: "unknown_preset" });
    await assert.rejects(client.presets.save("a/b", ["motor/gains"]), { code: "name_invalid" });
    await assert.rejects(client.presets.save("soft", ["motor/gians"]), { code: "unknown_parameter" });
  });
});
