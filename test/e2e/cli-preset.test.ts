// SPDX-License-Identifier: MIT
// `preset` on the real motor.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { bridgeEnv, startBridgeProgram, type BridgeProgram } from "../support/bridge-program.ts";
import { jsonObjects, runCli, untilListed, type Ended } from "../support/cli.ts";
import { RuntimeFolder, startDriver, type DriverProgram } from "../support/driver-program.ts";

describe("preset", function () {
  this.timeout(400_000);
  const runtime = new RuntimeFolder();
  const env = bridgeEnv(runtime);
  let driver: DriverProgram;
  let bridge: BridgeProgram;

  const run = (...args: readonly string[]): Promise<Ended> => runCli("built", args, env);

  before(async () => {
    driver = await startDriver(runtime, "motor");
    bridge = await startBridgeProgram(runtime);
    await untilListed("motor/reset", env);
  });

  after(async () => {
    await bridge.stop();
    await driver.stop();
    runtime.remove();
  });

  it("keeps values, shows what differs, and brings them back", async () => {
    const saved = await run("preset", "save", "soft", "motor/gains");
    assert.deepEqual([saved.code, saved.stdout], [0, "soft keeps motor/gains\n"]);
    await run("set", "motor/gains", "kp=7");
    const diff = await run("preset", "diff", "soft");
    assert.deepEqual(
      diff.stdout.split("\n").map((line) => line.split(/ {2,}/)),
      [["PARAMETER", "FIELD", "soft", "now"], ["motor/gains", "kp", "2", "7"], [""]],
    );
    const loaded = await run("preset", "load", "soft");
    assert.match(loaded.stdout, /^motor\/gains is now from sample #\d+ of motor\/state on\n {2}kp +2\n/);
    const same = await run("preset", "diff", "soft");
    assert.deepEqual([same.stdout, /nothing differs/.test(same.stderr)], ["", true]);
    assert.match(
      (await run("preset", "ls")).stdout,
      /^PRESET +SAVED \(UTC\) +PARAMETERS\nsoft +\d{4}-.* motor\/gains\n$/,
    );
  });

  it("gives JSON, goes into a file and comes back from it", async () => {
    await run("preset", "save", "soft", "motor/gains");
    const [shown] = jsonObjects((await run("preset", "show", "soft", "--json")).stdout);
    assert.deepEqual(shown?.["values"], { "motor/gains": { kp: 2, ki: 0.5, kd: 0.1 } });
    const file = join(runtime.path, "hard.json");
    writeFileSync(file, JSON.stringify({ ...shown, values: { "motor/gains": { kp: 9, kq: 1 } } }));
    const differences = jsonObjects((await run("preset", "diff", "soft", file, "--json")).stdout);
    assert.deepEqual(differences[0], { parameter: "motor/gains", field: "kp", saved: 2, other: 9 });
    await run("preset", "save", "hard", "--from", file);
    const loaded = await run("preset", "load", "hard");
    assert.equal(loaded.code, 0);
    assert.match(loaded.stderr, /left out, as it is not there any more: motor\/gains: kq/);
    const [gains] = jsonObjects((await run("get", "motor/gains", "--json")).stdout);
    assert.deepEqual(gains?.["value"], { kp: 9, ki: 0.5, kd: 0.1 });
    assert.deepEqual(jsonObjects((await run("preset", "rm", "hard", "--json")).stdout), [{ preset: "hard" }]);
    assert.deepEqual(jsonObjects((await run("preset", "ls", "--json")).stdout).length, 1);
    await run("preset", "load", "soft");
  });

  for (const [args, code, message] of [
    [["load", "nothing"], 1, /unknown_preset: there is no preset "nothing"/],
    [["save", "soft"], 2, /usage: save needs the parameters/],
    [["save", "soft", "motor/gains", "--from", "x.json"], 2, /usage: save needs the parameters/],
    [["save", "../x", "motor/gains"], 1, /name_invalid/],
    [["save", "soft", "motor/gians"], 1, /unknown_parameter/],
    [["save", "soft", "--from", "/nowhere/x.json"], 2, /usage: \/nowhere\/x\.json: ENOENT/],
    [["save", "soft", "--from", "package.json"], 2, /usage: package\.json is no preset/],
    [["load"], 2, /usage: which preset/],
    [["ls", "soft"], 2, /usage: ls takes fewer names/],
    [["diff", "a", "b", "c"], 2, /usage: diff takes fewer names/],
    [["rm", "soft", "--from", "x"], 2, /usage: --from belongs to save/],
    [["keep", "soft"], 2, /usage/],
  ] as const) {
    it(`${args.join(" ")} is refused`, async () => {
      const refused = await run("preset", ...args);
      assert.equal(refused.code, code);
      assert.equal(refused.stdout, "");
      assert.match(refused.stderr, message);
    });
  }
});
