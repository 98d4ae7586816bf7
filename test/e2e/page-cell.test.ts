// SPDX-License-Identifier: MIT
// A notebook's plot in a real browser, of a driver that is not there yet.
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import type { Browser } from "playwright-core";
import { connect } from "../../bridge/index.ts";
import { outputHtml } from "../../bridge/client/notebook/output.ts";
import { type BridgeProgram, startBridgeProgram } from "../support/bridge-program.ts";
import { startBrowser } from "../support/browser.ts";
import { RuntimeFolder, startDriver } from "../support/driver-program.ts";
import { OutputPage } from "../support/notebook.ts";

describe("a plot in a notebook that was opened before its driver runs", function () {
  this.timeout(180_000);
  let runtime: RuntimeFolder;
  let bridge: BridgeProgram;
  let browser: Browser;
  let outputs: OutputPage;

  before(async () => {
    runtime = new RuntimeFolder();
    bridge = await startBridgeProgram(runtime);
    const client = await connect(bridge.link);
    const { ticket } = await client.ticket({ channels: ["motor/state"] });
    await client.close();
    const series = [{ channel: "motor/state", fields: ["angle"] }];
    const shown = { title: "motor", view: "lines", engine: "auto", windowMs: 2000, heightPx: 200 } as const;
    const access = { id: crypto.randomUUID(), url: bridge.url, ticket };
    const spec = { kind: "plot", ...access, series, ...shown, isPaused: false, isClosed: false } as const;
    outputs = await OutputPage.serve([outputHtml(spec, "motor/state")]);
    browser = await startBrowser();
  });

  after(async () => {
    await browser.close();
    await outputs.stop();
    await bridge.stop();
    runtime.remove();
  });

  it("says that it waits, and draws as soon as the driver is there", async () => {
    const page = await browser.newPage({ viewport: { width: 960, height: 300 } });
    const errors: Error[] = [];
    page.on("pageerror", (error) => errors.push(error));
    await page.goto(outputs.url);
    await page.getByText("waits for the driver", { exact: true }).waitFor();
    const driver = await startDriver(runtime, "motor");
    await page.getByText(/^live · \d+,\d+ samples/).waitFor();
    await page.locator(".structwire-canvas canvas").first().waitFor();
    await page
      .locator(".structwire-legend")
      .filter({ hasText: /^angle.*rad$/ })
      .waitFor();
    assert.deepEqual(errors, []);
    await driver.stop();
  });
});
