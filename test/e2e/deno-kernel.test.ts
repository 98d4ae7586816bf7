// SPDX-License-Identifier: MIT
// The same client in the kernel of Deno: it reads structs, draws outputs with their pictures, and says what is wrong.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { connect } from "../../bridge/index.ts";
import { denoKernelEnv } from "../../scripts/tools/deno.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import { bridgeEnv, type BridgeProgram, startBridgeProgram } from "../support/bridge-program.ts";
import { type DriverProgram, RuntimeFolder, startDriver } from "../support/driver-program.ts";
import { executeNotebook, notebookOf } from "../support/notebook.ts";

const ENTRY = new URL("../../dist/bridge/index.js", import.meta.url).href;

/** A message to the front end: its type and what it shows. */
type Shown = readonly [type: string, content: { readonly data: Readonly<Record<string, string>> }];

describe("the kernel of Deno", function () {
  this.timeout(600_000);
  let runtime: RuntimeFolder;
  let driver: DriverProgram;
  let bridge: BridgeProgram;
  let folder: string;

  before(async () => {
    runtime = new RuntimeFolder();
    // Below the checkout: its packages are found from there.
    folder = mkdtempSync(join(ROOT, "notebooks", ".deno-"));
    driver = await startDriver(runtime, "motor");
    bridge = await startBridgeProgram(runtime);
    const client = await connect({ url: bridge.link });
    await client.channel("motor/state").latest({ timeoutMs: 60_000 });
    await client.close();
  });

  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await bridge.stop();
    await driver.stop();
    runtime.remove();
  });

  it("connects, reads columns, draws a plot with its picture and knobs, and ends", async () => {
    const path = join(folder, "deno.ipynb");
    const told = join(folder, "told.json");
    // By a file: this kernel may say that a cell has ended before it has sent all that the cell printed or displayed, and lose some of it. What counts is what it has taken.
    const kernel = `{ broadcast: (...message) => taken.push(Promise.resolve(Deno.jupyter.broadcast(...message)).then(() => message)) }`;
    const cells = [
      `import { connect } from "${ENTRY}";\nconst told = [];\nconst taken = [];\nconst client = await connect();\nclient.attach(${kernel});`,
      `const { columns } = await client.channel("motor/state").take(1000);\ntold.push(columns.angle.length);`,
      `const plot = await client.plot("motor/state", ["angle"]);\nconst shot = await plot.snapshot();\ntold.push(shot.png.length > 1000, String(plot));`,
      `const knobs = await client.knobs("motor/gains");\ntold.push(String(knobs));`,
      `try { await client.plot("motor/state", "angel"); } catch (error) { told.push(String(error)); }`,
      `await plot.close();\nawait client.close();\ntold.push(plot.closed, knobs.closed);`,
      `Deno.writeTextFileSync(${JSON.stringify(told)}, JSON.stringify([await Promise.all(taken), ...told]));`,
    ];
    writeFileSync(path, notebookOf("deno", cells));
    await executeNotebook(path, { ...bridgeEnv(runtime), ...denoKernelEnv() });
    const [shown, count, hasPicture, ofPlot, ofKnobs, mistake, ...closed] = JSON.parse(readFileSync(told, "utf8")) as [
      readonly Shown[],
      ...unknown[],
    ];
    const html = shown.map(([, { data }]) => data["text/html"] ?? "");
    for (const kind of ["plot", "knobs"]) {
      assert.ok(html.some((each) => each.includes("data-structwire") && each.includes(`"kind":"${kind}"`)));
    }
    assert.ok(shown.some(([, { data }]) => (data["image/png"] ?? "").length > 1000));
    assert.deepEqual([...new Set(shown.map(([type]) => type))], ["display_data", "update_display_data"]);
    assert.equal(count, 1000);
    assert.equal(hasPicture, true);
    assert.equal(ofPlot, "plot of motor/state: angle (lines)");
    assert.equal(ofKnobs, "knobs of motor/gains");
    assert.match(String(mistake), /^BridgeError: "motor\/state" has no field "angel" to plot; there are: reference/);
    assert.deepEqual(closed, [true, true]);
  });
});
