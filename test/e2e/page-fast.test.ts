// SPDX-License-Identifier: MIT
// A channel that is too fast for a browser, in a real one: only the extremes come, and the page says so.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import type { Browser } from "playwright-core";
import { ROOT } from "../../scripts/tools/paths.ts";
import { type BridgeProgram, bridgeEnv, startBridgeProgram } from "../support/bridge-program.ts";
import { startBrowser } from "../support/browser.ts";
import { RuntimeFolder } from "../support/driver-program.ts";
import { OpenPage } from "../support/page.ts";
import { ShiftingDriver } from "../support/shifting-driver.ts";

const PICTURES = join(ROOT, "build", "pictures");

describe("the page with a channel of 20 kHz", function () {
  this.timeout(180_000);
  const runtime = new RuntimeFolder();
  const driver = new ShiftingDriver(bridgeEnv(runtime));
  let bridge: BridgeProgram;
  let browser: Browser;

  before(async () => {
    mkdirSync(PICTURES, { recursive: true });
    bridge = await startBridgeProgram(runtime);
    driver.start(await driver.build("fast"));
    browser = await startBrowser();
  });

  after(async () => {
    await browser.close();
    driver.remove();
    await bridge.stop();
    runtime.remove();
  });

  it("plots the extremes of each column, says so, and misses nothing", async () => {
    const open = await OpenPage.at(browser, bridge.link);
    await open.plot("shifting/flow", "half");
    await open.page.getByText("shifting/flow thinned: lowest and highest of each 2 ms").waitFor();
    const began = await open.counts();
    const { missed } = await open.until({ samples: began.samples + 2000 });
    assert.equal(missed, 0);
    assert.match((await open.page.locator(".losses").textContent()) ?? "", /complete|lost/);
    await open.page.screenshot({ path: join(PICTURES, "page-fast.png") });
    assert.deepEqual(open.complaints, []);
  });
});
