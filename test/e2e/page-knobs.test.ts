// SPDX-License-Identifier: MIT
// The knobs of a notebook's cells in a real browser: two outputs, the page and a program turn one parameter.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import type { Browser, Locator, Page } from "playwright-core";
import { connect, type Client } from "../../bridge/index.ts";
import { outputHtml } from "../../bridge/client/notebook/output.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import { type BridgeProgram, startBridgeProgram } from "../support/bridge-program.ts";
import { startBrowser } from "../support/browser.ts";
import { type DriverProgram, RuntimeFolder, startDriver } from "../support/driver-program.ts";
import { OutputPage } from "../support/notebook.ts";
import { isUsable, shows } from "../support/page.ts";

const PICTURES = join(ROOT, "build", "pictures");
const DEFAULTS = { kp: 2, ki: 0.5, kd: 0.1 };

describe("knobs in a notebook", function () {
  this.timeout(180_000);
  const runtime = new RuntimeFolder();
  let driver: DriverProgram;
  let bridge: BridgeProgram;
  let browser: Browser;
  let client: Client;
  let outputs: OutputPage;
  let page: Page;
  const errors: Error[] = [];

  /** The output of a cell with the knobs of a parameter. */
  async function output(parameter: string): Promise<string> {
    const name = `motor/${parameter}`;
    const { ticket } = await client.ticket({ parameters: [name], channels: ["motor/state"] });
    const access = { id: crypto.randomUUID(), url: bridge.url, ticket };
    return outputHtml({ kind: "knobs", ...access, parameter: name, title: name }, name);
  }

  /** The knobs of the output at this place. */
  const at = (place: number): Locator => page.locator(".output").nth(place);
  const number = (place: number, field: string): Locator => at(place).getByLabel(field, { exact: true });
  const press = (place: number, name: string | RegExp): Promise<void> =>
    at(place).getByRole("button", { name, exact: true }).click();

  const gains = async (): Promise<unknown> => (await client.get("motor/gains")).value;

  before(async () => {
    mkdirSync(PICTURES, { recursive: true });
    driver = await startDriver(runtime, "motor");
    bridge = await startBridgeProgram(runtime);
    client = await connect(bridge.link);
    // What the driver has is known once its first sample came.
    await client.channel("motor/state").latest({ timeoutMs: 120_000 });
    await client.set("motor/gains", DEFAULTS);
    outputs = await OutputPage.serve([await output("gains"), await output("gains"), await output("reference")]);
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 960, height: 900 } });
    page.on("pageerror", (error) => errors.push(error));
  });

  after(async () => {
    await browser.close();
    await outputs.stop();
    await client.close();
    await bridge.stop();
    await driver.stop();
    runtime.remove();
  });

  beforeEach(async () => {
    await client.set("motor/gains", DEFAULTS);
    await page.goto(outputs.url);
    for (const place of [0, 1]) await shows(number(place, "kp"), "2");
    await shows(number(2, "mode"), "SINE");
  });

  afterEach(() => {
    assert.deepEqual(errors.splice(0), []);
  });

  it("show name, range, unit and what holds, and follow whoever turns one", async () => {
    assert.match((await at(0).textContent()) ?? "", /kp.*0 … 50 V\/rad.*ki.*0 … 100 V\/\(rad s\)/s);
    const slider = number(0, "kp, slider");
    await slider.focus();
    await slider.press("ArrowRight");
    await shows(number(1, "kp"), "2.1");
    assert.deepEqual(await gains(), { ...DEFAULTS, kp: 2.1 });
    await client.set("motor/gains", { ki: 3.5 });
    for (const place of [0, 1]) await shows(number(place, "ki"), "3.5");
  });

  it("snap back from what the driver refuses and from what is no number, with the reason", async () => {
    const kp = number(0, "kp");
    for (const [typed, reason] of [
      ["400", "kp"],
      ["fast", '"fast" is not a number'],
    ] as const) {
      await kp.fill(typed);
      await kp.press("Enter");
      await at(0).getByRole("alert").filter({ hasText: reason }).waitFor();
      await shows(kp, "2");
    }
    assert.deepEqual(await gains(), DEFAULTS);
  });

  it("go by steps of the arrow keys, and back to what holds by Escape", async () => {
    const kd = number(0, "kd");
    await kd.press("ArrowUp");
    await shows(kd, "0.11");
    await kd.press("PageUp");
    await shows(kd, "0.21");
    await kd.fill("1.5");
    await kd.press("Escape");
    await shows(kd, "0.21");
    await shows(number(1, "kd"), "0.21");
  });

  it("take back and do again what was changed, by others too", async () => {
    await client.set("motor/gains", { kp: 7, ki: 3 });
    await shows(number(0, "kp"), "7");
    await press(0, "take back: kp 2, ki 0.5");
    await shows(number(1, "kp"), "2");
    assert.deepEqual(await gains(), DEFAULTS);
    // From the list of one output by the keys of every editor.
    await at(0).getByRole("button", { name: "do again: kp 7, ki 3" }).press("Control+Shift+z");
    await shows(number(1, "ki"), "3");
    await number(0, "kp, slider").press("Control+z");
    await shows(number(1, "ki"), "0.5");
    assert.deepEqual(await gains(), DEFAULTS);
  });

  it("go back to the defaults of the header, one or all", async () => {
    await client.set("motor/gains", { kp: 7, ki: 3, kd: 1 });
    await shows(number(0, "kd"), "1");
    await press(0, "kp back to 2");
    await shows(number(1, "kp"), "2");
    assert.deepEqual(await gains(), { kp: 2, ki: 3, kd: 1 });
    await press(0, "Defaults");
    await shows(number(1, "kd"), "0.1");
    assert.deepEqual(await gains(), DEFAULTS);
    await at(0).getByRole("button", { name: "Defaults" }).and(page.locator(":disabled")).waitFor();
  });

  it("choose among the labels of an enum", async () => {
    await number(2, "mode").selectOption("STEP");
    await at(2)
      .getByText(/^applied from sample [\d,]+ on$/)
      .waitFor();
    const mode = async (): Promise<string> => ((await client.get("motor/reference")).value as { mode: string }).mode;
    assert.equal(await mode(), "STEP");
    await press(2, "mode back to SINE");
    await shows(number(2, "mode"), "SINE");
    // The list shows it before the driver has it, and the page must not go before.
    while ((await mode()) !== "SINE");
  });

  it("leave the keys of the notebook alone that are typed in them", async () => {
    await page.evaluate(() => {
      addEventListener("keydown", (event) => {
        document.title += event.key;
      });
    });
    await number(0, "kp, slider").press("b");
    assert.equal(await page.title(), "outputs");
  });

  it("save, compare, load and remove presets", async () => {
    await press(0, "Presets");
    await at(0).getByText("No preset yet").waitFor();
    await at(0).getByLabel("name of a preset").fill("soft");
    await press(0, "Save");
    await at(0).getByText('"soft" keeps what holds now').waitFor();
    await number(0, "kp").fill("7");
    await number(0, "kp").press("Enter");
    await shows(number(1, "kp"), "7");
    await press(0, "Compare");
    assert.equal(await at(0).locator("table").innerText(), "field\tsoft\tnow\nkp\t2\t7");
    await page.screenshot({ path: join(PICTURES, "knobs-light.png") });
    // Another output has it too, and what it loads can be taken back here.
    await press(1, "Presets");
    await press(1, "Load");
    await at(1).getByText('"soft" is loaded').waitFor();
    await shows(number(0, "kp"), "2");
    await press(0, "take back: kp 7");
    await shows(number(1, "kp"), "7");
    await press(1, "Remove");
    await press(1, "Sure?");
    await at(1).getByText('"soft" is removed').waitFor();
    assert.deepEqual(await client.presets.list(), []);
    await press(0, "Load");
    await at(0).getByText('there is no preset "soft"; none is kept').waitFor();
  });

  it("are in step with the page of the bridge, which goes back and has the presets of all parameters", async () => {
    const main = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await main.goto(bridge.link);
    const card = main.getByRole("region", { name: "Parameter motor/gains" });
    const kp = card.getByRole("spinbutton", { name: "motor/gains kp", exact: true });
    await kp.fill("6");
    await kp.press("Enter");
    await shows(number(0, "kp"), "6");
    await main.getByText("Presets", { exact: true }).click();
    await main.getByLabel("Name of a preset").fill("all");
    await main.getByRole("button", { name: "Save" }).click();
    await main.getByText('"all" keeps 3 parameters').waitFor();
    await card.getByRole("button", { name: "Take back: kp 2" }).click();
    await shows(number(0, "kp"), "2");
    await main.getByRole("button", { name: "Compare" }).click();
    await main.getByRole("row", { name: "motor/gains kp 6 2" }).waitFor();
    await main.screenshot({ path: join(PICTURES, "knobs-page.png") });
    await main.getByRole("button", { name: "Load" }).click();
    await shows(number(0, "kp"), "6");
    await card.getByRole("button", { name: "Defaults" }).click();
    await shows(number(0, "kp"), "2");
    await main.close();
    await client.presets.remove("all");
  });

  it("stand still while the driver is away, and go on when it is back", async () => {
    await driver.stop("SIGKILL");
    for (const place of [0, 1, 2])
      await at(place)
        .getByText(/^the driver is gone/)
        .waitFor();
    await isUsable(number(0, "kp"), false);
    driver = await startDriver(runtime, "motor");
    await at(0)
      .getByText(/^the driver is gone/)
      .waitFor({ state: "hidden" });
    await shows(number(0, "kp"), "2");
    await isUsable(number(0, "kp"), true);
  });
});
