// SPDX-License-Identifier: MIT
// What a real kernel prints when a cell asks for what is not there: one sentence each, and no stack.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { connect } from "../../bridge/index.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import { bridgeEnv, type BridgeProgram, startBridgeProgram } from "../support/bridge-program.ts";
import { type DriverProgram, RuntimeFolder, startDriver } from "../support/driver-program.ts";
import { executeNotebook, notebookOf } from "../support/notebook.ts";

const CONNECT = `import * as tslab from "tslab";\nimport { connect } from "structwire";\n`;

describe("a mistake in a cell", function () {
  this.timeout(600_000);
  let runtime: RuntimeFolder;
  let driver: DriverProgram;
  let bridge: BridgeProgram;
  let folder: string;

  before(async () => {
    runtime = new RuntimeFolder();
    // Below the checkout: its packages are found from there.
    folder = mkdtempSync(join(ROOT, "notebooks", ".mistakes-"));
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

  /** What each cell printed as its complaint; a cell that fails ends the notebook. */
  const complaints = async (cells: readonly string[], env: Record<string, string>): Promise<string[]> => {
    const path = join(folder, "mistakes.ipynb");
    writeFileSync(path, notebookOf("tslab", cells));
    return (await executeNotebook(path, env)).map((cell) => cell.complaints);
  };

  it("is told in one sentence that says what there is", async () => {
    const tried = [
      `bridge.plot("motor/state", "angel")`,
      `bridge.plot("motor/stat", "angle")`,
      `bridge.plot("motor/state", "angle", { view: "xy" })`,
      `bridge.knobs("motor/gain")`,
      `connect({ bridge: "other" })`,
      `connect({ url: bridge.url, token: "wrong" })`,
    ].map((call) => `await ${call}.catch((error) => console.error(error));`);
    const early = `await bridge.plot("motor/state", "angle").catch((error) => console.error(error));`;
    const start = `${CONNECT}const bridge = await connect();`;
    const [, tooEarly, , field, channel, xy, parameter, name, token] = await complaints(
      [start, early, `bridge.attach(tslab);`, ...tried],
      bridgeEnv(runtime),
    );
    const says = (text: string | undefined, sentence: RegExp): void => {
      assert.match(text ?? "", sentence);
      assert.equal(text?.trim().includes("\n"), false, text);
    };
    says(tooEarly, /nothing to draw in: call client\.attach\(tslab\) first \(invalid_argument\)$/m);
    says(
      field,
      /"motor\/state" has no field "angel" to plot; there are: reference, angle, speed, .* \(unknown_field\)$/m,
    );
    says(channel, /no channel "motor\/stat" to plot; there are: .*motor\/state/);
    says(xy, /the view xy needs two fields or more/);
    says(parameter, /no parameter "motor\/gain"; there are: motor\/gains/);
    says(name, /no bridge called "other" runs \(these run: default .*\); start it with: structwire serve --name other/);
    says(token, /the token is wrong/);
  });

  it("of a bridge that does not run says how to start one, and ends the cell", async () => {
    const empty = new RuntimeFolder();
    try {
      await assert.rejects(complaints([`${CONNECT}await connect();`], bridgeEnv(empty)), (error: Error) => {
        assert.match(error.message, /BridgeError: no bridge runs; start one with: structwire serve .*\(no_bridge\)/);
        assert.doesNotMatch(error.message, /^\s+at /m);
        return true;
      });
    } finally {
      empty.remove();
    }
  });
});
