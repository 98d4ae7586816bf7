// SPDX-License-Identifier: MIT
// The page in a real Chromium, on a real bridge with the three real drivers.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import type { Browser } from "playwright-core";
import { type Client, connect } from "../../bridge/index.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import { type BridgeProgram, startBridgeProgram } from "../support/bridge-program.ts";
import { startBrowser } from "../support/browser.ts";
import { type DriverProgram, RuntimeFolder, startDriver } from "../support/driver-program.ts";
import { isUsable, OpenPage, shows, watchFor } from "../support/page.ts";
import { exposeEndless } from "../support/provide.ts";
import { Relay } from "../support/relay.ts";

const PICTURES = join(ROOT, "build", "pictures");
const STATE = "motor/state";

describe("the page", function () {
  this.timeout(180_000);
  let runtime: RuntimeFolder;
  const drivers = new Map<string, DriverProgram>();
  let bridge: BridgeProgram;
  let relay: Relay;
  let client: Client;
  let browser: Browser;
  let open: OpenPage;

  before(async () => {
    runtime = new RuntimeFolder();
    for (const name of ["motor", "host", "tally"]) drivers.set(name, await startDriver(runtime, name));
    bridge = await startBridgeProgram(runtime);
    client = await connect({ url: bridge.link });
    browser = await startBrowser();
    relay = new Relay(bridge.port);
    await relay.mend();
    open = await OpenPage.at(browser, link(), { colorScheme: "light" });
    mkdirSync(PICTURES, { recursive: true });
  });

  after(async () => {
    await browser.close();
    await relay.cut();
    await client.close();
    await bridge.stop();
    for (const driver of drivers.values()) await driver.stop();
    runtime.remove();
  });

  /** The bridge's link as it is seen through the relay. */
  const link = (): string => bridge.link.replace(`:${String(bridge.port)}/`, `:${String(relay.port)}/`);
  const parameter = (name: string) => open.page.getByRole("region", { name: `Parameter ${name}` });
  const service = (name: string) => open.page.getByRole("region", { name: `Service ${name}` });
  const number = (name: string) => open.page.getByRole("spinbutton", { name, exact: true });

  it("takes the token out of the address bar and keeps it for a reload", async () => {
    const live = open.page.getByRole("status").filter({ hasText: "live" });
    await live.waitFor();
    assert.equal(open.page.url(), `http://127.0.0.1:${String(relay.port)}/`);
    await open.page.reload();
    await live.waitFor();
    assert.equal(open.page.url(), `http://127.0.0.1:${String(relay.port)}/`);
  });

  it("lists the drivers' channels with their fields, units and values", async () => {
    for (const driver of drivers.keys()) await open.page.getByRole("region", { name: `Driver ${driver}` }).waitFor();
    await open.open(STATE);
    const angle = open.page.getByRole("button", { name: `Plot ${STATE} angle, in rad` });
    await angle.getByText(/^−?\d+\.\d+$/).waitFor();
  });

  it("plots the motor at 1 kHz for 10 s without a missed sample", async () => {
    await open.plot(STATE, "reference", "angle", "current", "voltage", "lateness");
    await open.until({ samples: 1 });
    const from = await open.counts();
    const fromMs = performance.now();
    const to = await open.until({ samples: from.samples + 10_000 });
    const seconds = (performance.now() - fromMs) / 1000;
    const frames = to.frames - from.frames;
    console.log(
      `      ${String(to.samples - from.samples)} samples in ${seconds.toFixed(1)} s, ${String(to.missed)} missed; ` +
        `${String(frames)} frames drawn, ${(frames / seconds).toFixed(1)} a second`,
    );
    assert.equal(to.missed, 0);
    assert.equal(to.lost, 0);
    assert.equal(to.channels[STATE]?.held, to.channels[STATE]?.samples, "every sample is kept");
    assert.ok(to.frames > from.frames);
    await open.untilDrawn({ plots: 4, pixels: 50 });
    await open.page.getByText("complete", { exact: true }).waitFor();
  });

  it("shows how long samples take to get here, and how well that is known", async () => {
    await open.page.locator("summary", { hasText: "Diagnostics" }).click();
    const row = open.page.locator(".delays tr").filter({ hasText: STATE });
    for (const cell of [0, 1, 2]) {
      await row
        .getByRole("cell")
        .nth(cell)
        .getByText(/^−?\d+(\.\d\d)? ms$/)
        .waitFor();
    }
    await open.page.screenshot({ path: join(PICTURES, "page-diagnostics.png") });
    await open.page.keyboard.press("Escape");
  });

  it("looks as it should in light and dark", async () => {
    await open.page.screenshot({ path: join(PICTURES, "page-light.png") });
    await open.page.emulateMedia({ colorScheme: "dark" });
    const ground = (): Promise<string> => open.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await ground();
    await open.page.screenshot({ path: join(PICTURES, "page-dark.png") });
    await open.page.emulateMedia({ colorScheme: "light" });
    assert.notEqual(await ground(), dark);
    await open.page.getByRole("button", { name: /^Colours: system/ }).click();
    await open.page.getByRole("button", { name: /^Colours: light/ }).click();
    assert.equal(await ground(), dark, "a choice by hand goes before the system's");
    await open.page.reload();
    await open.page.getByRole("button", { name: /^Colours: dark/ }).click();
    assert.notEqual(await ground(), dark);
    await open.until({ samples: 1 });
  });

  it("sets a parameter and shows what the driver applied, from which sample on", async () => {
    const before = (await client.get("motor/gains")).value as Record<string, number>;
    await number("motor/gains kp").fill("4.5");
    await number("motor/gains kp").press("Enter");
    await parameter("motor/gains")
      .getByText(/^Applied kp, from sample [\d,]+ on$/)
      .waitFor();
    assert.deepEqual((await client.get("motor/gains")).value, { ...before, kp: 4.5 });
    await open.page.getByRole("slider", { name: "motor/gains kp, slider" }).press("ArrowUp");
    await parameter("motor/gains")
      .getByText(/^Applied kp/)
      .waitFor();
    await number("motor/gains kp").and(open.page.locator("[aria-valuenow='4.6']")).waitFor();
  });

  it("snaps back when the driver refuses, and says why", async () => {
    const before = await client.get("motor/gains");
    await number("motor/gains kp").fill("5000");
    await number("motor/gains kp").press("Enter");
    await parameter("motor/gains").getByRole("alert").getByText("out_of_range").waitFor();
    await shows(number("motor/gains kp"), "4.6");
    assert.deepEqual(await client.get("motor/gains"), before);
  });

  it("shows at once what somebody else changed", async () => {
    // It is marked for a moment only.
    const seen = await watchFor(parameter("motor/gains"), "changed elsewhere");
    await client.set("motor/gains", { ki: 7.5 });
    await seen();
    await shows(number("motor/gains ki"), "7.5");
  });

  it("calls services from forms and shows reply and refusal", async () => {
    await number("tally/count value").fill("3");
    await service("tally/count").getByRole("button", { name: "Call" }).click();
    await service("tally/count")
      .getByText(/^Replied after/)
      .waitFor();
    await service("tally/count").getByRole("table").waitFor();
    await number("tally/count value").fill("11");
    await service("tally/count").getByRole("button", { name: "Call" }).click();
    await service("tally/count").getByRole("alert").getByText("out_of_range").waitFor();
    await number("motor/step_response duration_ms").fill("500");
    await service("motor/step_response").getByRole("button", { name: "Call" }).click();
    await service("motor/step_response")
      .getByText(/^Replied after/)
      .waitFor();
    await service("host/processes").getByRole("button", { name: "Call" }).click();
    await service("host/processes")
      .getByText(/^Replied after/)
      .waitFor();
  });

  it("calls what other programs provide, with JSON", async () => {
    const snap = (exposure: unknown, mode: unknown): unknown => ({ exposure, mode });
    const offered = client.expose("camera", { snap });
    await offered.ready;
    const card = service("camera/snap");
    await card.getByRole("textbox", { name: "camera/snap exposure", exact: true }).fill("0.5");
    await card.getByRole("textbox", { name: "camera/snap mode" }).fill("raw");
    await card.getByRole("button", { name: "Call" }).click();
    await card.getByText('"exposure": 0.5').waitFor();
    await card.getByText('"mode": "raw"').waitFor();
    await card.screenshot({ path: join(PICTURES, "service-of-a-program.png") });
    await offered.close();
    await card.waitFor({ state: "detached" });
  });

  it("gives up a call that runs, and its program hears of it", async () => {
    const givenUp = exposeEndless(client, "film");
    await service("film").getByRole("button", { name: "Call" }).click();
    await service("film").getByRole("button", { name: "Cancel" }).click();
    await service("film").getByRole("alert").getByText("cancelled").waitFor();
    await givenUp;
  });

  it("goes on by itself when a driver is killed and started anew, and shows both", async () => {
    const block = open.page.getByRole("region", { name: "Driver motor" });
    await drivers.get("motor")?.stop("SIGKILL");
    await block.getByText("down", { exact: true }).waitFor();
    await open.page.locator(".chip").filter({ hasText: "down" }).first().waitFor();
    await isUsable(number("motor/gains kp"), false);
    drivers.set("motor", await startDriver(runtime, "motor"));
    await block.getByText(/^process \d+$/).waitFor();
    // What the first life had on its way may come after the news that it is over.
    await open.page.waitForFunction((channel) => window.structwire.channels[channel]?.restarts === 1, STATE);
    const { samples } = await open.counts();
    const back = await open.until({ samples: samples + 1000 });
    assert.equal(back.channels[STATE]?.restarts, 1);
    assert.equal(back.missed, 0);
    await open.page.screenshot({ path: join(PICTURES, "page-restarted.png") });
    // The driver's own values, not the old ones.
    await shows(number("motor/gains ki"), "0.5");
  });

  it("says that the bridge is gone, greys what is old, and goes on by itself when it is back", async () => {
    await relay.cut();
    await open.page.getByRole("alert").filter({ hasText: "connection to the bridge is lost" }).waitFor();
    await open.page.getByRole("status").filter({ hasText: "connection lost" }).waitFor();
    await isUsable(number("motor/gains kp"), false);
    await open.page.waitForFunction(() => document.title.includes("connection lost"));
    await open.page.screenshot({ path: join(PICTURES, "page-lost.png") });
    const before = await open.counts();
    // What is published now is lost to the page.
    await client.channel(STATE).take(100, { timeoutMs: 120_000 });
    await relay.mend();
    await open.page.getByRole("status").filter({ hasText: "live" }).waitFor();
    const back = await open.until({ samples: before.samples + 1000 });
    assert.equal(back.missed, 0, "what was published meanwhile is reported, not found missing");
    assert.ok(back.lost > before.lost, "and it is shown as lost");
    await open.page.getByText(/^lost [\d,]+ of [\d,]+$/).waitFor();
  });

  it("goes on by itself when the bridge is started anew, by the link that it had", async () => {
    const { link: before } = bridge;
    await bridge.stop();
    await open.page.getByRole("alert").filter({ hasText: "connection to the bridge is lost" }).waitFor();
    const { samples } = await open.counts();
    bridge = await startBridgeProgram(runtime, ["--port", String(bridge.port)]);
    assert.equal(bridge.link, before);
    await open.until({ samples: samples + 1000 });
  });

  it("asks for the new link of a bridge that made a new token, and goes on with the same plots in the same tab", async () => {
    await client.close();
    await bridge.stop();
    bridge = await startBridgeProgram(runtime, ["--port", String(bridge.port), "--new-token"]);
    client = await connect({ url: bridge.link });
    await open.page.getByText("does not know this token").waitFor();
    const before = await open.counts();
    await open.page.goto(link());
    const back = await open.until({ samples: before.samples + 1000 });
    assert.equal(back.missed > 0, true, "the driver went on, and the page says what it did not get");
    await open.untilDrawn({ plots: 4, pixels: 50 });
  });

  it("has made the browser complain of nothing but closed doors", () => {
    assert.deepEqual(
      open.complaints.filter(
        (text) =>
          !/ERR_(CONNECTION_(REFUSED|RESET|CLOSED|ABORTED)|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)|closed before/.test(
            text,
          ),
      ),
      [],
    );
  });
});
