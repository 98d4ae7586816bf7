// SPDX-License-Identifier: MIT
// The same client in the kernel of Deno: it reads structs, draws outputs with their pictures, and says what is wrong.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { connect } from "../../bridge/index.ts";
import { denoKernelEnv } from "../../scripts/tools/deno.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import { bridgeEnv, type BridgeProgram, startBridgeProgram } from "../support/bridge-program.ts";
import { type DriverProgram, RuntimeFolder, startDriver } from "../support/driver-program.ts";
import { executeNotebook, notebookOf } from "../support/notebook.ts";

const ENTRY = new URL("../../dist/bridge/index.js", import.meta.url).href;

// What a cell prints reaches the notebook by a pipe of the kernel, at times only after the cell has ended; what it displays is there before.
const SAY =
  'const say = (what) => Deno.jupyter.broadcast("display_data", ' +
  '{ data: { "text/html": `<p>${String(what)}</p>` }, metadata: {}, transient: {} });';

describe("the kernel of Deno", function () {
  this.timeout(180_000);
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
    await client.channel("motor/state").latest({ timeoutMs: 10_000 });
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
    const cells = [
      `import { connect } from "${ENTRY}";\nconst client = await connect();\nclient.attach(Deno.jupyter);\n${SAY}`,
      `const { columns } = await client.channel("motor/state").take(1000);\nawait say(columns.angle.length);`,
      `const plot = await client.plot("motor/state", ["angle"]);\nconst shot = await plot.snapshot();\nawait say(shot.png.length > 1000);\nawait say(plot);`,
      `const knobs = await client.knobs("motor/gains");\nawait say(knobs);`,
      `try { await client.plot("motor/state", "angel"); } catch (error) { await say(error); }`,
      `await plot.close();\nawait client.close();\nawait say(plot.closed && knobs.closed);`,
    ];
    writeFileSync(path, notebookOf("deno", cells));
    const [, read, plot, knobs, mistake, end] = await executeNotebook(path, {
      ...bridgeEnv(runtime),
      ...denoKernelEnv(),
    });
    assert.match(read?.html ?? "", /^<p>1000<\/p>$/m);
    assert.ok(plot?.html.includes("data-structwire"));
    assert.match(plot.html, /^<p>true<\/p>\n<p>plot of motor\/state: angle \(lines\)<\/p>$/m);
    assert.ok(knobs?.html.includes("data-structwire"));
    assert.match(knobs.html, /^<p>knobs of motor\/gains<\/p>$/m);
    assert.match(
      mistake?.html ?? "",
      /^<p>BridgeError: "motor\/state" has no field "angel" to plot; there are: reference/m,
    );
    assert.match(end?.html ?? "", /^<p>true<\/p>$/m);
  });
});
