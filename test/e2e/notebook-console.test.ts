// SPDX-License-Identifier: MIT
// A whole project in one notebook, in a real kernel: bridge and driver are started, watched, measured and lost from its cells.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { ROOT } from "../../scripts/tools/paths.ts";
import { bridgeEnv } from "../support/bridge-program.ts";
import { driverPath, RuntimeFolder } from "../support/driver-program.ts";
import { completions, type ExecutedCell, executeCells } from "../support/notebook.ts";

const LAUNCH = `
const motor = await launch(${JSON.stringify(driverPath("motor"))});
console.log(motor.state, motor.pid);
const panel = motor.show(client, { title: "the motor" });
`;

/** Every await stands before a name, as the kernel wants it. */
const cellsOf = (exitFile: string): Record<string, string> => ({
  begin: `
import { connect, launch, startBridge, toObjects } from "structwire";
import * as tslab from "tslab";
import { writeFileSync } from "node:fs";
process.on("exit", () => writeFileSync(${JSON.stringify(exitFile)}, "by itself"));
`,
  nothing: `
try {
  await connect();
} catch (error) {
  console.log(error.code, "-", error.message);
}
`,
  bridge: `
const bridge = await startBridge({ port: 0 });
const client = await connect();
client.attach(tslab);
console.log(client.bridge.name, client.url === bridge.url);
`,
  several: `
const other = await startBridge({ name: "other", port: 0 });
try {
  await connect();
} catch (error) {
  console.log(error.code, "-", error.message);
}
await other.stop();
`,
  token: `
try {
  await connect(bridge.url + "/#token=wrong");
} catch (error) {
  console.log(error.code, "-", error.message);
}
`,
  missing: `
try {
  await launch("./no-such-driver");
} catch (error) {
  console.log(error.code, "-", error.message);
}
`,
  launch: LAUNCH,
  again: LAUNCH,
  logs: `
const logs = await client.driver("motor").showLogs();
`,
  values: `
const state = client.driver("motor").channel("state");
const sample = await state.latest({ timeoutMs: 60_000 });
console.log("latest", Object.keys(sample.value).includes("angle"));
const recent = state.keep({ ms: 2000 });
const some = await state.take(500);
`,
  recent: `
const { columns, count } = recent.last(100);
console.log(count, columns.angle.constructor.name, columns.angle.length);
console.log(Object.keys(toObjects(recent.last(1))[0]).slice(0, 3).join());
recent.close();
`,
  loop: `
let batches = 0;
for await (const batch of state) {
  if (++batches === 3) break;
}
const { streams } = await client.ledger();
console.log(batches, "batches, then", streams.length, "streams");
`,
  sweep: `
const { runs, failed } = await client.driver("motor").sweep("gains", { kp: [1, 2, 3, 4] }, {
  record: { ms: 100 },
  onStep: (done) => {
    if (done === 2) process.kill(motor.pid, "SIGKILL");
  },
});
console.log("measured", runs.map(({ set }) => set.kp).join(), "of", runs[0].columns.angle.constructor.name);
for (const { set, error } of failed) console.log(set.kp, error.code, "-", error.message);
`,
  ended: `
const ending = await motor.ended;
console.log(motor.state, motor.ending);
await motor.restart();
console.log(String(motor));
panel.close();
`,
  last: `
motor
`,
});

describe("a notebook that needs no other program", function () {
  this.timeout(600_000);
  let runtime: RuntimeFolder;
  let exitFile: string;
  let cells: ReadonlyMap<string, ExecutedCell>;

  before(async () => {
    runtime = new RuntimeFolder();
    exitFile = join(runtime.path, "exit.txt");
    cells = await executeCells(cellsOf(exitFile), bridgeEnv(runtime));
  });

  after(() => {
    runtime.remove();
  });

  const cell = (id: string): ExecutedCell => {
    const found = cells.get(id);
    assert.ok(found, `there is no cell ${id}`);
    return found;
  };

  it("runs without a complaint", () => {
    assert.equal([...cells.values()].map(({ complaints }) => complaints).join(""), "");
  });

  it("says in one sentence that no bridge runs, that several do, that a token is wrong, that a program is not there", () => {
    assert.match(cell("nothing").printed, /^no_bridge - .+\n$/);
    assert.match(cell("several").printed, /^several_bridges - .*default.*other.*\n$/);
    assert.match(cell("token").printed, /^unauthorized - .+\n$/);
    assert.match(cell("missing").printed, /^driver_failed - \.\/no-such-driver did not start: .*ENOENT.*\n$/);
  });

  it("starts its own bridge and finds it", () => {
    assert.equal(cell("bridge").printed, "default true\n");
  });

  it("launches a driver, and another one in its place when the cell is run again", () => {
    const [first, second] = ["launch", "again"].map((id) => /^running (\d+)$/m.exec(cell(id).printed)?.[1]);
    assert.ok(first !== undefined && second !== undefined && first !== second);
    assert.match(cell("launch").html, /the motor.*ended.*SIGTERM|the motor.*ended.*exit code 0/);
  });

  it("shows what became of the driver in the cell that launched it, and its log", () => {
    assert.match(cell("again").html, /the motor.*running.*pid \d+/);
    assert.match(cell("logs").html, /<b>motor<.*>info<.*the control loop runs at 1 kHz/);
  });

  it("has the newest sample, the last moments, and plain objects", () => {
    assert.equal(cell("values").printed, "latest true\n");
    assert.equal(cell("recent").printed, "100 Float64Array 100\ntime,seq,reference\n");
  });

  it("leaves nothing behind when a loop is left", () => {
    assert.equal(cell("loop").printed, "3 batches, then 0 streams\n");
  });

  it("keeps what a sweep has measured when the driver dies, and says why the rest is missing", () => {
    const [measured, ...missing] = cell("sweep").printed.trimEnd().split("\n");
    assert.equal(measured, "measured 1,2 of Float64Array");
    assert.deepEqual(
      missing.map((line) => line.split(" - ")[0]),
      ["3 disconnected", "4 disconnected"],
    );
    assert.match(cell("ended").printed, /^ended \{ code: null, signal: 'SIGKILL' \}\n.*: running, pid \d+\n$/);
    assert.match(cell("last").printed, /motor: running, pid \d+\n$/);
  });

  it("ends by itself although bridge, driver and panels were left as they are", () => {
    assert.equal(existsSync(exitFile), true, "the kernel had to be killed");
  });
});

describe("the kernel", function () {
  this.timeout(600_000);

  it("completes the names that a driver's types have", async () => {
    const first = `import { DriverHandle } from "structwire"; import type { Motor } from "./motor"; let motor: DriverHandle<Motor>;`;
    const completed = await completions(join(ROOT, "notebooks"), first, [
      'motor.channel("',
      'motor.channel("state").',
      'const taken = await motor.channel("state").take(1);\ntaken.columns.',
      'motor.set("',
      'motor.set("gains", { ',
      'motor.plot("state", ["',
      'motor.call("',
    ]);
    const expected = [
      ["state"],
      ["until", "keep", "trigger"],
      ["angle"],
      ["gains"],
      ["kp", "ki", "kd"],
      ["angle"],
      ["step_response"],
    ];
    for (const [i, names] of expected.entries()) {
      for (const name of names) assert.ok(completed[i]?.includes(name), `${name} among ${String(completed[i])}`);
    }
  });
});
