// SPDX-License-Identifier: MIT
// The page without a mouse, and on a small screen.
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import type { Browser, Page } from "playwright-core";
import { startBrowser } from "../support/browser.ts";
import { isUsable, OpenPage } from "../support/page.ts";
import { Rig } from "../support/rig.ts";

describe("the page without a mouse", function () {
  this.timeout(180_000);
  let rig: Rig;
  let browser: Browser;

  before(async () => {
    rig = await Rig.start("motor");
    browser = await startBrowser();
  });

  after(async () => {
    await browser.close();
    await rig.stop();
  });

  /** What a person who hears the page would be told the focus is on. */
  const focused = (page: Page): Promise<string> =>
    page.evaluate(() => {
      const { activeElement: element } = document;
      return element?.getAttribute("aria-label") ?? element?.textContent ?? "";
    });

  it("finds a field, plots it, pauses, reads the cursor, turns a knob", async () => {
    const open = await OpenPage.at(browser, rig.bridge.link);
    const { page, complaints } = open;
    const press = async (...keys: readonly string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await page.getByRole("status").filter({ hasText: "live" }).waitFor();
    await press("/");
    await page.waitForFunction(() => document.activeElement?.id === "filter");
    await page.keyboard.type("angle");
    const angle = page.getByRole("button", { name: "Plot motor/state angle, in rad" });
    await angle.waitFor();
    await press("Tab", "ArrowDown");
    await angle.and(page.locator(":focus")).waitFor();
    await press("Enter");
    const plot = page.getByRole("region", { name: "Plot of motor/state angle" });
    await plot.waitFor();
    await open.until({ samples: 1, frames: 1 });
    await press("/", "Escape");
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>("#filter")?.value === "");
    await press("p");
    const pause = page.getByRole("button", { name: "Go on" });
    await pause.waitFor();
    await plot.getByRole("img").focus();
    await press("ArrowLeft", "Shift+ArrowLeft");
    await page
      .locator(".cursor-time")
      .getByText(/^\d\d:\d\d:\d\d\.\d{3}$/)
      .waitFor();
    await press("Escape", "p");
    await page.getByRole("button", { name: "Pause" }).waitFor();

    await page.getByRole("spinbutton", { name: "motor/gains kp", exact: true }).focus();
    await press("Shift+ArrowUp");
    await page
      .getByRole("region", { name: "Parameter motor/gains" })
      .getByText(/^Applied kp/)
      .waitFor();
    assert.deepEqual((await rig.client.get("motor/gains")).value, { kp: 3, ki: 0.5, kd: 0.1 });

    await page.locator("summary", { hasText: "Diagnostics" }).focus();
    await press("Enter");
    await page.getByText("frames drawn").waitFor();
    await press("Escape");
    await page.getByText("frames drawn").waitFor({ state: "hidden" });
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  it("reaches everything by Tab, with a focus that can be seen", async () => {
    const { page } = await OpenPage.at(browser, rig.bridge.link);
    // The last parts to be drawn: nothing may appear while Tab goes round.
    await page.getByRole("region", { name: "Service motor/step_response" }).getByRole("button").first().waitFor();
    await page.getByRole("button", { name: /^Plot motor\/state angle/ }).waitFor();
    await isUsable(page.getByRole("spinbutton", { name: "motor/gains kp", exact: true }), true);
    const wanted = await page.evaluate(() => {
      const selector = "button, input, select, summary, [tabindex='0']";
      const all = [...document.querySelectorAll<HTMLElement>(selector)].filter((element) => element.checkVisibility());
      // Of a group of radio buttons Tab reaches the chosen one; arrows reach the others.
      return all.filter(
        (element) => !(element instanceof HTMLInputElement && element.type === "radio" && !element.checked),
      ).length;
    });
    const seen = new Set<string>();
    for (let step = 0; step < wanted; step++) {
      await page.keyboard.press("Tab");
      const [mark, isVisible] = await page.evaluate((number) => {
        const element = document.activeElement;
        if (!(element instanceof HTMLElement)) return ["", false] as const;
        element.dataset["seen"] ??= String(number);
        // A slider shows the focus on its thumb, which a script cannot read.
        const isSlider = element instanceof HTMLInputElement && element.type === "range";
        return [element.dataset["seen"], isSlider || getComputedStyle(element).outlineStyle !== "none"] as const;
      }, step);
      seen.add(mark);
      assert.ok(isVisible, `no visible focus on ${await focused(page)}`);
    }
    assert.equal(seen.size, wanted);
    await page.context().close();
  });

  it("asks for the token when the link brought none, and takes a pasted link", async () => {
    const { page } = await OpenPage.at(browser, rig.bridge.url);
    const input = page.getByLabel("Link or token");
    await input.and(page.locator(":focus")).waitFor();
    await page.keyboard.type("wrong-token");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").filter({ hasText: "does not know this token" }).waitFor();
    await input.fill(rig.bridge.link);
    await page.keyboard.press("Enter");
    await page.getByRole("status").filter({ hasText: "live" }).waitFor();
    await page.context().close();
  });

  it("fits a screen of 360 pixels, one part at a time", async () => {
    const open = await OpenPage.at(browser, rig.bridge.link, { viewport: { width: 360, height: 640 } });
    const { page } = open;
    await open.plot("motor/state", "angle", "current");
    const tabs = page.getByRole("navigation", { name: "Parts of the page" });
    for (const [tab, part] of [
      ["Channels", "Channels"],
      ["Plots", "Plots"],
      ["Knobs", "Knobs and services"],
      ["Logs", "Driver logs"],
    ] as const) {
      await tabs.getByRole("button", { name: tab }).click();
      await page.getByRole("region", { name: part, exact: true }).waitFor();
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.equal(width, 360, `${tab} is ${String(width)} wide`);
    }
    await tabs.getByRole("button", { name: "Plots" }).click();
    await open.until({ frames: 10 });
    await open.untilDrawn({ plots: 2, pixels: 20 });
    await open.close();
  });

  it("stands still for people who want it to", async () => {
    const { page } = await OpenPage.at(browser, rig.bridge.link, { reducedMotion: "reduce" });
    await page.getByRole("region", { name: "Parameter motor/gains" }).waitFor();
    const moving = await page.evaluate(() => document.getAnimations().length);
    assert.equal(moving, 0);
    await page.context().close();
  });
});
