// SPDX-License-Identifier: MIT
// `structwire types` and `structwire compat` with a running driver.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { ROOT } from "../../scripts/tools/paths.ts";
import { jsonObjects, runCli, type Ended } from "../support/cli.ts";
import { temporaryFolders } from "../support/folder.ts";
import { Rig } from "../support/rig.ts";

const HEADER = join(ROOT, "native", "drivers", "motor", "motor.h");

describe("the schema of a running driver", function () {
  this.timeout(400_000);
  let rig: Rig;
  const newFolder = temporaryFolders();
  const run = (...args: readonly string[]): Promise<Ended> =>
    runCli("built", args, { STRUCTWIRE_URL: rig.bridge.link });

  before(async () => {
    rig = await Rig.start("motor");
  });
  after(() => rig.stop());

  /** What gen writes from the motor's header. */
  async function generated(): Promise<{ folder: string; types: string }> {
    const folder = newFolder();
    const { code, stderr } = await runCli("built", ["gen", HEADER, "--out", folder, "--quiet"]);
    assert.deepEqual([code, stderr], [0, ""]);
    return { folder, types: readFileSync(join(folder, "motor.d.ts"), "utf8") };
  }

  /** Without the line that says who wrote it. */
  const body = (types: string): string => types.slice(types.indexOf("\n"));

  it("gives the declarations that gen writes from the driver's header", async () => {
    const { types } = await generated();
    const { code, stdout, stderr } = await run("types", "motor");
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(
      stdout.split("\n", 1)[0],
      "// Written by structwire types from the driver motor; changes here are lost.",
    );
    assert.equal(body(stdout), body(types));
    assert.match((await run("types", "motor", "--name", "my-rig")).stdout, /^export interface MyRig \{/m);
    assert.deepEqual(jsonObjects((await run("types", "motor", "--json")).stdout), [{ driver: "motor", types: stdout }]);
  });

  it("lists the drivers there are when it is asked for another", async () => {
    const { code, stdout, stderr } = await run("types", "moto");
    assert.deepEqual([code, stdout], [1, ""]);
    assert.equal(stderr, 'structwire: unknown_driver: there is no driver "moto"; there are: motor\n');
  });

  it("is compared with the one that a program was built for", async () => {
    const { folder } = await generated();
    const file = join(folder, "motor.schema.json");
    const same = await run("compat", file, "driver:motor");
    assert.deepEqual([same.code, same.stderr], [0, ""]);
    assert.match(same.stdout, /^channel state \(motor_state\): nothing differs$/m);
    writeFileSync(file, readFileSync(file, "utf8").replaceAll('"u":"rad"', '"u":"deg"'));
    const other = await run("compat", file, "driver:motor", "--json");
    assert.equal(other.code, 1);
    const found = jsonObjects(other.stdout).map(({ name, field, why }) => [name, field, why]);
    assert.deepEqual(found[0], ["state", "reference", "is in rad, was in deg"]);
  });

  it("guards a program that was built for another one", async () => {
    const { folder } = await generated();
    const text = readFileSync(join(folder, "motor.schema.json"), "utf8");
    const older = text.replace('"n":"kp","t":"f64","o":0,"u":"V/rad"', '"n":"kp","t":"f64","o":0,"u":"V/deg"');
    assert.notEqual(older, text);
    const motor = rig.client.driver("motor", { schema: JSON.parse(older) as object });
    assert.equal((await motor.channel("state").take(100)).columns["angle"]?.length, 100);
    const gains = await motor.get("gains");
    assert.equal(typeof gains["ki"], "number");
    const breaks = { code: "schema_mismatch", message: /motor\/gains: kp is in V\/rad, was in V\/deg/ };
    assert.throws(() => gains["kp"], breaks);
    await assert.rejects(motor.set("gains", { kp: 3 }), breaks);
    const { applied } = await motor.set("gains", { ki: 1 });
    assert.equal(applied["ki"], 1);
  });
});
