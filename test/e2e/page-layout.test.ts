// SPDX-License-Identifier: MIT
// The page while a driver is killed in the middle of a record and comes back with another layout of the same size.
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import type { Browser } from "playwright-core";
import { bridgeEnv, type BridgeProgram, startBridgeProgram } from "../support/bridge-program.ts";
import { startBrowser } from "../support/browser.ts";
import { RuntimeFolder } from "../support/driver-program.ts";
import { OpenPage } from "../support/page.ts";
import { ShiftingDriver } from "../support/shifting-driver.ts";

const FLOW = "shifting/flow";

describe("the page and a driver that comes back with another layout", function () {
  this.timeout(180_000);
  const runtime = new RuntimeFolder();
  const driver = new ShiftingDriver(bridgeEnv(runtime));
  let bridge: BridgeProgram;
  let browser: Browser;

  before(async () => {
    bridge = await startBridgeProgram(runtime);
    browser = await startBrowser();
  });

  after(async () => {
    await browser.close();
    driver.remove();
    await bridge.stop();
    runtime.remove();
  });

  /**
   * Resolves once the legend says of `field` what is `factor` times what it says of `number`. The legend follows the plot a moment later and
   * rounds to whole numbers here; bytes read by the other layout are off by far more, for ever.
   */
  const agrees = async (open: OpenPage, field: string, factor: number): Promise<void> => {
    await open.page.waitForFunction(
      ({ names, times }) => {
        const chips = [...document.querySelectorAll(".chip")];
        const [number = NaN, other = NaN] = names.map((name) => {
          const chip = chips.find((each) => each.querySelector(".chip-name")?.textContent === name);
          return Number(chip?.querySelector(".value")?.textContent.replaceAll(",", ""));
        });
        return number > 1 && Math.abs(other - number * times) <= 0.5;
      },
      { names: [`${FLOW} number`, `${FLOW} ${field}`], times: factor },
    );
  };

  it("goes on by itself, shows restart and loss, and reads no byte by the old layout", async () => {
    const programs = [await driver.build("first"), await driver.build("second", ["-DSECOND_LAYOUT"])];
    const first = driver.start(programs[0] ?? "");
    const open = await OpenPage.at(browser, bridge.link);
    // So fast that only the extremes come, in both lives: of the fields that there are.
    const thinned = open.page.getByText(`${FLOW} thinned`);
    await open.plot(FLOW, "number", "half");
    await thinned.waitFor();
    const began = await open.counts();
    await open.until({ samples: began.samples + 2000 });
    await open.page.keyboard.press("p");
    await open.page.getByRole("button", { name: "Go on" }).waitFor();
    await agrees(open, "half", 0.5);
    await open.page.keyboard.press("p");

    await driver.killInRecord(first, bridge.pid);
    await open.page.getByRole("region", { name: "Driver shifting" }).getByText("down", { exact: true }).waitFor();
    driver.start(programs[1] ?? "");
    await open.plot(FLOW, "twice");
    // What the first life had on its way may come after the news that it is over.
    await open.page.waitForFunction((channel) => window.structwire.channels[channel]?.restarts === 1, FLOW);
    await thinned.waitFor();
    const { samples } = await open.counts();
    const counts = await open.until({ samples: samples + 2000 });
    assert.equal(counts.channels[FLOW]?.restarts, 1);
    assert.equal(counts.missed, 0);
    // What the second life published before any bridge could have it.
    assert.ok(counts.lost >= 20);
    await open.page.getByText(/^lost [\d,]+ of [\d,]+$/).waitFor();

    await open.page.keyboard.press("p");
    await open.page.getByRole("button", { name: "Go on" }).waitFor();
    await open.page.locator(".chip").filter({ hasText: "half" }).locator(".value").getByText("–").waitFor();
    await agrees(open, "twice", 2);
    assert.deepEqual(open.complaints, []);
    await open.close();
  });
});
