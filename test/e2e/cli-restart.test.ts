// SPDX-License-Identifier: MIT
// A driver that is killed in the middle of a record and comes back with another layout of the same size, while `sub` goes on.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { connect } from "../../bridge/index.ts";
import { bridgeEnv, startBridgeProgram, type BridgeProgram } from "../support/bridge-program.ts";
import { CliRun, jsonObjects } from "../support/cli.ts";
import { RuntimeFolder } from "../support/driver-program.ts";
import { ShiftingDriver } from "../support/shifting-driver.ts";

type Sample = {
  readonly seq: number;
  readonly value: Readonly<Record<string, number | string>>;
};

interface Life {
  readonly samples: Sample[];
  lost: number;
}

/** Splits what `sub` printed into the lives of the driver. */
function lives(stdout: string): Life[] {
  const all: Life[] = [{ samples: [], lost: 0 }];
  for (const line of jsonObjects(stdout)) {
    assert.equal(line["channel"], "shifting/flow");
    const life = all.at(-1)!;
    if ("restart" in line) all.push({ samples: [], lost: 0 });
    else if ("lost" in line) life.lost += (line["lost"] as { count: number }).count;
    else life.samples.push(line as Sample);
  }
  return all;
}

describe("a driver that is killed in the middle of a record", function () {
  this.timeout(400_000);
  const runtime = new RuntimeFolder();
  const env = bridgeEnv(runtime);
  const driver = new ShiftingDriver(env);
  let bridge: BridgeProgram;
  let programs: readonly string[] = [];

  before(async () => {
    programs = [await driver.build("first"), await driver.build("second", ["-DSECOND_LAYOUT"])];
    bridge = await startBridgeProgram(runtime);
  });

  after(async () => {
    driver.remove();
    await bridge.stop();
    runtime.remove();
  });

  it("comes back with another layout, and sub shows the restart and the loss and reads no byte by the old layout", async () => {
    const watching = new CliRun("built", ["sub", "shifting/flow", "--wait", "--json"], env);
    const first = driver.start(programs[0]!);
    await watching.line((line) => line.includes('"half"'));

    await driver.killInRecord(first, bridge.pid);
    await watching.note(/shifting\/flow is gone/);
    driver.start(programs[1]!);
    await watching.line((line) => line.includes('"restart"'));
    await watching.line((line) => line.includes('"twice"'));
    const { code, stdout } = await watching.stop("SIGINT");
    assert.equal(code, 0);

    const [before, after, ...more] = lives(stdout);
    assert.deepEqual(more, []);
    for (const { seq, value } of before!.samples) {
      const { number, half, ...rest } = value;
      assert.deepEqual([number, half, Object.keys(rest)], [seq, seq / 2, ["fill"]]);
    }
    for (const { seq, value } of after!.samples) {
      const { number, twice, ...rest } = value;
      assert.deepEqual([number, twice, Object.keys(rest)], [seq, seq * 2, ["fill"]]);
    }
    for (const { samples, lost } of [before!, after!]) {
      const last = samples.at(-1)!.seq;
      const rising = samples.every(({ seq }, i) => i === 0 || seq > samples[i - 1]!.seq);
      assert.ok(rising, "no sample came twice or out of order");
      // Of the second life also what was published before the bridge had it is told as lost.
      const published = samples === after!.samples ? last + 1 : last + 1 - samples[0]!.seq;
      assert.ok(samples.length + lost >= published, "each sample came or was told as lost");
    }
    assert.ok(after!.lost >= 20, "what the second life published before the bridge had it is told as lost");
  });

  it("is read by a program that was built for the first layout, but for the field that is gone", async () => {
    const schema = join(programs[0]!.replace(/\.program$/, ""), "shifting.schema.json");
    const client = await connect(bridge.link);
    try {
      const notices: string[] = [];
      client.on("notice", ({ message }) => notices.push(message));
      const built = JSON.parse(readFileSync(schema, "utf8")) as object;
      const { columns, sequences } = await client.driver("shifting", { schema: built }).channel("flow").take(200);
      assert.deepEqual([...(columns["number"] ?? [])], [...sequences].map(BigInt));
      assert.throws(() => columns["half"], { code: "schema_mismatch", message: /half is gone/ });
      assert.deepEqual(notices, ["shifting/flow is not what this program was built for: half is gone (break)"]);
    } finally {
      await client.close();
    }
  });
});
