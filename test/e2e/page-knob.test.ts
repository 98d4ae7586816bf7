// SPDX-License-Identifier: MIT
// The pages /knob and /plot in a real Chromium: pointer, wheel, keyboard and touch, channels of JSON and parameters of a real driver.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import type { Browser, BrowserContextOptions, Locator } from "playwright-core";
import { type Client, connect } from "../../bridge/index.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import { type BridgeProgram, startBridgeProgram } from "../support/bridge-program.ts";
import { startBrowser } from "../support/browser.ts";
import { type DriverProgram, RuntimeFolder, startDriver } from "../support/driver-program.ts";
import { OpenPage } from "../support/page.ts";

const PICTURES = join(ROOT, "build", "pictures");
const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};

describe("the pages of one knob and one plot", function () {
  this.timeout(180_000);
  const runtime = new RuntimeFolder();
  let driver: DriverProgram;
  let bridge: BridgeProgram;
  let client: Client;
  let browser: Browser;

  before(async () => {
    mkdirSync(PICTURES, { recursive: true });
    driver = await startDriver(runtime, "motor");
    bridge = await startBridgeProgram(runtime);
    client = await connect({ url: bridge.link });
    browser = await startBrowser();
  });

  after(async () => {
    await browser.close();
    await client.close();
    await bridge.stop();
    await driver.stop();
    runtime.remove();
  });

  const open = (path: string, options?: BrowserContextOptions): Promise<OpenPage> =>
    OpenPage.at(browser, bridge.link.replace("/#", `${path}#`), options);
  const stands = async (knob: Locator, value: number): Promise<void> => {
    await knob.and(knob.page().locator(`[aria-valuenow="${String(value)}"]`)).waitFor();
  };

  it("turns by the actions of its channel, only while they enable it", async () => {
    const { page, complaints } = await open("/knob?channel=action");
    const knob = page.getByRole("slider", { name: "action" });
    await stands(knob, 75);
    assert.equal(await knob.getAttribute("aria-disabled"), "true");
    const table = [
      ["right", 75, "true"],
      ["enable", 75, "false"],
      ["right", 76, "false"],
      ["left", 75, "false"],
      ["left", 74, "false"],
      ["disable", 74, "true"],
      ["left", 74, "true"],
      ["enable", 74, "false"],
    ] as const;
    // One after the other through the bridge: the last is there when the knob says so.
    for (const [action, value, isDisabled] of table) {
      await client.publish("action", { t: Date.now(), action });
      await knob.and(page.locator(`[aria-valuenow="${String(value)}"][aria-disabled="${isDisabled}"]`)).waitFor();
    }
    await page.screenshot({ path: join(PICTURES, "knob-light.png") });
    await page.emulateMedia({ colorScheme: "dark" });
    await page.screenshot({ path: join(PICTURES, "knob-dark.png") });
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  it("turns by pointer, wheel and keys once it is switched on, and publishes its value", async () => {
    const values = client.subscribe("turned", { wait: true });
    await values.ready;
    const { page, complaints } = await open("/knob?channel=nobody&to=turned");
    const knob = page.getByRole("slider", { name: "nobody" });
    await knob.press("ArrowUp");
    await stands(knob, 75);
    await page.getByRole("switch", { name: "Disabled" }).click();
    const steps: [string, number][] = [
      ["ArrowUp", 76],
      ["ArrowLeft", 75],
      ["PageDown", 65],
      ["Shift+ArrowRight", 75],
      ["Home", 0],
      ["End", 100],
    ];
    for (const [key, value] of steps) {
      await knob.press(key);
      await stands(knob, value);
    }
    await knob.hover();
    await page.mouse.wheel(0, 120);
    await stands(knob, 97);
    const box = await knob.boundingBox();
    assert.ok(box);
    const [x, y, r] = [box.x + box.width / 2, box.y + box.height / 2, Math.min(box.width, box.height) * 0.3];
    await page.mouse.move(x + r, y);
    await page.mouse.down();
    await page.mouse.move(x, y - r, { steps: 10 });
    await page.mouse.up();
    await stands(knob, 64); // a quarter to the left is a third of 270°
    const seen: number[] = [];
    for await (const batch of values) {
      if (batch.kind !== "batch") continue;
      for (const value of batch.values()) seen.push((value as { readonly value: number }).value);
      if (seen.at(-1) === 64) break;
    }
    assert.deepEqual(
      seen.slice(0, 6),
      steps.map(([, value]) => value),
    );
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  it("turns under a finger", async () => {
    const { page } = await open("/knob?channel=nobody", PHONE);
    await page.getByRole("switch").tap();
    // The browser makes a click of it when it knows that it was no swipe.
    await page.getByRole("switch", { checked: true }).waitFor();
    const knob = page.getByRole("slider");
    const box = await knob.boundingBox();
    assert.ok(box && box.width <= 390, "it fits the screen");
    const [x, y, r] = [box.x + box.width / 2, box.y + box.height / 2, box.width * 0.3];
    const touch = await page.context().newCDPSession(page);
    const finger = (type: "touchStart" | "touchMove" | "touchEnd", points: { x: number; y: number }[]) =>
      touch.send("Input.dispatchTouchEvent", { type, touchPoints: points });
    await finger("touchStart", [{ x, y: y - r }]);
    for (let i = 1; i <= 10; i++) {
      const turn = (i * Math.PI) / 20;
      await finger("touchMove", [{ x: x - r * Math.sin(turn), y: y - r * Math.cos(turn) }]);
    }
    await finger("touchEnd", []);
    await stands(knob, 42);
    await page.screenshot({ path: join(PICTURES, "knob-phone.png") });
    await page.context().close();
  });

  it("turns a field of a parameter by its limits, and goes back with the reason when the driver is away", async () => {
    const { page } = await open("/knob?parameter=motor/gains&field=kp");
    const knob = page.getByRole("slider", { name: "motor/gains kp" });
    await client.set("motor/gains", { kp: 4 });
    await stands(knob, 4);
    assert.deepEqual(
      [await knob.getAttribute("aria-valuemax"), await knob.getAttribute("aria-valuetext")],
      ["50", "4 V/rad"],
    );
    await knob.press("ArrowUp");
    await page.getByText(/^Applied, from sample [\d,]+ on$/).waitFor();
    const { value } = await client.get("motor/gains");
    assert.equal((value as { readonly kp: number }).kp, 4.1);
    await page.screenshot({ path: join(PICTURES, "knob-parameter.png") });
    await driver.stop();
    await page.getByText("The driver “motor” is down.").waitFor();
    await knob.and(page.locator('[aria-disabled="true"]')).waitFor();
    driver = await startDriver(runtime, "motor");
    await knob.and(page.locator('[aria-disabled="false"]')).waitFor();
    await page.context().close();
  });

  it("plots the numbers of a JSON channel and of a driver, together, with legend, pause and window", async () => {
    const wave = client.publisher("wave");
    let turn = 0;
    let more = {};
    const timer = setInterval(() => {
      turn += 0.05;
      wave.publish({ t: Date.now(), x: Math.sin(turn), pose: { y: Math.cos(turn) }, name: "no number", ...more });
    }, 10);
    const shown = await open("/plot?channel=wave,motor/state&fields=x,pose.y,angle");
    const { page, complaints } = shown;
    const chips = page.locator(".chip");
    await chips.nth(2).waitFor();
    assert.deepEqual((await page.locator(".chip-name").allTextContents()).sort(), [
      "motor/state angle",
      "wave pose.y",
      "wave x",
    ]);
    await page.waitForFunction(() =>
      [...document.querySelectorAll(".chip .value")].every((value) => /\d/.test(value.textContent)),
    );
    await page.getByText("complete", { exact: true }).waitFor();
    await page.locator(".segments").getByText("30 s").click();
    await page.waitForURL(/window=30/);
    await page.locator(".segments").getByText("5 s").click();
    await page.keyboard.press("p");
    await page.getByRole("button", { name: "Go on" }).waitFor();
    await page.locator(".panel-plots[data-paused]").waitFor();
    more = { more: 3 };
    await page.keyboard.press("p");
    await page.locator("summary", { hasText: "fields" }).click();
    await page.getByLabel("more", { exact: true }).check();
    await chips.nth(3).waitFor();
    await page.waitForURL(/fields=[^&]*more/);
    await shown.untilDrawn({ plots: 2, pixels: 50 });
    await page.keyboard.press("Escape");
    await page.screenshot({ path: join(PICTURES, "plot-light.png") });
    await page.emulateMedia({ colorScheme: "dark" });
    await page.screenshot({ path: join(PICTURES, "plot-dark.png") });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.screenshot({ path: join(PICTURES, "plot-phone.png") });
    // Nothing stands beside a phone's screen.
    await page.waitForFunction(() => document.documentElement.scrollWidth <= innerWidth);
    assert.deepEqual(complaints, []);
    clearInterval(timer);
    await wave.flush();
    await wave.close();
    await page.context().close();
  });

  it("offers the channels that there are, and waits for one that is not there yet", async () => {
    const { page } = await open("/plot");
    await page.getByRole("button", { name: /^wave/ }).waitFor();
    await page.goto(bridge.link.replace("/#", "/plot?channel=later#"));
    await page.getByText("Nobody publishes later yet", { exact: false }).waitFor();
    await client.publish("later", { level: 3 });
    await page.locator(".chip", { hasText: "level" }).waitFor();
    await page.context().close();
  });

  it("asks for a link where it has none, and is linked from the first page", async () => {
    const { page } = await OpenPage.at(browser, `${bridge.url}/knob`);
    await page.getByText("Paste the link").waitFor();
    await page.goto(bridge.link);
    await page.getByRole("link", { name: "Knob" }).click();
    await page.getByRole("slider", { name: "action" }).waitFor();
    await page.context().close();
  });
});
