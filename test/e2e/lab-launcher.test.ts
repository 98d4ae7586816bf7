// SPDX-License-Identifier: MIT
// The entry in JupyterLab's launcher that starts a bridge: its page comes through the notebook server, at an address below its own.
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { startBrowser } from "../support/browser.ts";
import { type DriverProgram, RuntimeFolder, startDriver } from "../support/driver-program.ts";
import { LabServer, PATIENCE_MS } from "../support/lab.ts";
import { bridgeEnv } from "../support/bridge-program.ts";

/** A name of this machine that no page takes for it. */
const ELSEWHERE = "lab.example";

describe("a bridge that the launcher of JupyterLab starts", function () {
  this.timeout(600_000);
  let runtime: RuntimeFolder;
  let driver: DriverProgram;
  let server: LabServer;
  let browser: Browser;
  let context: BrowserContext;
  let bridgePage: Page;

  before(async () => {
    runtime = new RuntimeFolder();
    driver = await startDriver(runtime, "motor");
    server = await LabServer.start(bridgeEnv(runtime));
    browser = await startBrowser([`--host-resolver-rules=MAP ${ELSEWHERE} 127.0.0.1`]);
    context = await browser.newContext();
    context.setDefaultTimeout(PATIENCE_MS);
    const lab = await context.newPage();
    // The notebook's own login comes first.
    await lab.goto(server.address("lab?", ELSEWHERE));
    const opened = context.waitForEvent("page");
    await lab.locator(".jp-LauncherCard").filter({ hasText: "Structwire" }).click();
    bridgePage = await opened;
  });

  after(async () => {
    await browser.close();
    await server.stop();
    await driver.stop();
    runtime.remove();
  });

  it("shows the drivers that run there, below the address of the notebook server", async () => {
    await bridgePage.getByRole("region", { name: "Driver motor" }).waitFor();
    assert.equal(new URL(bridgePage.url()).pathname, "/structwire/");
  });

  it("takes the token out of the address", () => {
    assert.equal(new URL(bridgePage.url()).hash, "");
  });

  it("leads to its other pages there", async () => {
    await bridgePage.getByRole("link", { name: "Plot" }).click();
    await bridgePage.waitForURL((url) => url.pathname === "/structwire/plot");
  });
});
