// SPDX-License-Identifier: MIT
// The built package on another version of Node: the bridge, the client with its addon, the command line.
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { NEEDS } from "../../scripts/tools/needs.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import { mustRun } from "../../scripts/tools/run.ts";
import { bridgeEnv, type BridgeProgram, CLI, startBridgeProgram } from "../support/bridge-program.ts";
import { untilListed } from "../support/cli.ts";
import { projectText } from "../support/docs.ts";
import { type DriverProgram, RuntimeFolder, startDriver } from "../support/driver-program.ts";

const PROGRAM = `
  import { connect } from "structwire";
  const client = await connect();
  const { count, columns, timesNs, lost } = await client.channel("motor/state").take(1000);
  const steps = new Set(Array.from(timesNs.subarray(1), (time, at) => String(time - timesNs[at])));
  const { applied } = await client.driver("motor").set("gains", { kp: 3 });
  console.log(JSON.stringify({ count, lost, steps: [...steps], angle: columns.angle.constructor.name, kp: applied.kp }));
  await client.close();
`;

describe("another version of Node", function () {
  this.timeout(400_000);
  let node = "";
  let runtime: RuntimeFolder;
  let driver: DriverProgram;
  let bridge: BridgeProgram;

  const runNode = async (...args: readonly string[]): Promise<string> =>
    (await mustRun(node, args, { cwd: ROOT, env: bridgeEnv(runtime), output: "keep", timeoutMs: 300_000 })).text;

  before(async () => {
    const found = NEEDS["other-node"].find();
    assert.ok(found, "another Node is missing: run the test by npm test, which brings it");
    node = found;
    runtime = new RuntimeFolder();
    driver = await startDriver(runtime, "motor");
    bridge = await startBridgeProgram(runtime, ["--port", "0"], node);
    await untilListed("motor/reset", bridgeEnv(runtime));
  });

  after(async () => {
    await bridge.stop();
    await driver.stop();
    runtime.remove();
  });

  it("is another one", async () => {
    const version = (await runNode("--version")).trim();
    console.log(`      ${version} beside ${process.version}`);
    assert.notEqual(version.split(".")[0], process.version.split(".")[0]);
  });

  it("prints the version of the package", async () => {
    const { version } = JSON.parse(projectText("package.json")) as { version: string };
    assert.equal((await runNode(CLI, "--version")).trim(), version);
  });

  it("imports the package, decodes by the addon and sets", async () => {
    const said = JSON.parse(await runNode("--input-type=module", "--eval", PROGRAM)) as unknown;
    assert.deepEqual(said, { count: 1000, lost: [], steps: ["1000000"], angle: "Float64Array", kp: 3 });
  });

  it("subscribes by the command line", async () => {
    const said = (await runNode(CLI, "sub", "motor/state", "--count", "100", "--json")).trim().split("\n");
    const lines = said.map((line) => JSON.parse(line) as { channel: string; seq: number } | { account: unknown });
    const samples = lines.flatMap((line) => ("account" in line ? [] : [line]));
    assert.equal(samples.length, 100);
    assert.equal(lines.length, 101, "and the account");
    samples.forEach(({ channel, seq }, at) => {
      assert.equal(channel, "motor/state");
      assert.equal(seq, (samples[0]?.seq ?? 0) + at);
    });
  });
});
