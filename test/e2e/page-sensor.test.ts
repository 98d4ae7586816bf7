// SPDX-License-Identifier: MIT
// The page /sensor in a real Chromium with emulated sensors, and a phone that comes in by the code of `serve --phone`.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import type { Browser, CDPSession, Page } from "playwright-core";
import { lanAddresses } from "../../bridge/daemon/tls/local-names.ts";
import { type Client, connect } from "../../bridge/index.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import { bridgeEnv, type BridgeProgram, startBridgeProgram } from "../support/bridge-program.ts";
import { startBrowser } from "../support/browser.ts";
import { CliRun } from "../support/cli.ts";
import { RuntimeFolder } from "../support/driver-program.ts";
import { OpenPage } from "../support/page.ts";

const PICTURES = join(ROOT, "build", "pictures");
const TILTED = { x: 0.5, y: -0.5, z: 0.5, w: 0.5 };

/** Browsers round what sensors say, so that they tell less of their owner. */
const ROUNDED = 0.02;

/** A name that is no loopback for the browser, so that a page there is not secure. */
const INSECURE = "insecure.test";

interface Sample {
  readonly t: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly w: number;
  readonly simulated?: boolean;
}

describe("the page of a phone's sensors", function () {
  this.timeout(180_000);
  const runtime = new RuntimeFolder();
  const folder = process.env["STRUCTWIRE_RUNTIME_DIR"];
  let bridge: BridgeProgram;
  let client: Client;
  let browser: Browser;

  before(async () => {
    // Where this program looks for the certificate of a bridge.
    process.env["STRUCTWIRE_RUNTIME_DIR"] = runtime.path;
    mkdirSync(PICTURES, { recursive: true });
    bridge = await startBridgeProgram(runtime);
    client = await connect({ url: bridge.link });
    browser = await startBrowser([`--host-resolver-rules=MAP ${INSECURE} 127.0.0.1`]);
  });

  after(async () => {
    await browser.close();
    await client.close();
    await bridge.stop();
    if (folder === undefined) delete process.env["STRUCTWIRE_RUNTIME_DIR"];
    else process.env["STRUCTWIRE_RUNTIME_DIR"] = folder;
    runtime.remove();
  });

  /** Resolves once whatever comes in `channel` is heard, with a function that gives it up to one sample of which `holds` is true. */
  const listen = async (from: Client, channel: string) => {
    const subscription = from.subscribe(channel, { wait: true });
    await subscription.ready;
    return async (holds: (sample: Sample) => boolean): Promise<Sample[]> => {
      const samples: Sample[] = [];
      for await (const batch of subscription) {
        if (batch.kind !== "batch") continue;
        const values = JSON.parse(batch.json()) as readonly { readonly value: Sample }[];
        for (const { value } of values) {
          samples.push(value);
          if (holds(value)) return samples;
        }
      }
      throw new Error("the subscription ended");
    };
  };

  /** Gives the page an orientation sensor, turned as `reading` says. */
  const emulate = async (page: Page, reading: typeof TILTED): Promise<CDPSession> => {
    const cdp = await page.context().newCDPSession(page);
    const type = "absolute-orientation";
    const metadata = { available: true, maximumFrequency: 60 };
    await cdp.send("Emulation.setSensorOverrideEnabled", { enabled: true, type, metadata });
    await cdp.send("Emulation.setSensorOverrideReadings", { type, reading: { quaternion: reading } });
    return cdp;
  };

  const start = (page: Page): Promise<void> => page.getByRole("button", { name: "Start the sensor" }).click();

  it("publishes the quaternion of the orientation sensor in the channel that it is told", async () => {
    const { page, complaints } = await OpenPage.at(browser, bridge.link.replace("/#", "/sensor?to=tilt#"));
    const cdp = await emulate(page, TILTED);
    const samplesUntil = await listen(client, "tilt");
    await start(page);
    await page.getByText("sending").waitFor();
    await page.screenshot({ path: join(PICTURES, "sensor-light.png") });
    await page.emulateMedia({ colorScheme: "dark" });
    await page.screenshot({ path: join(PICTURES, "sensor-dark.png") });
    await cdp.send("Emulation.setSensorOverrideReadings", {
      type: "absolute-orientation",
      reading: { quaternion: { x: 0.6, y: 0, z: 0, w: 0.8 } },
    });
    const samples = await samplesUntil(({ z }) => Math.abs(z) < 0.1);
    const [first] = samples;
    const last = samples.at(-1);
    assert.ok(first && last);
    for (const part of ["x", "y", "z", "w"] as const) assert.ok(Math.abs(first[part] - TILTED[part]) < ROUNDED, part);
    assert.ok(Math.abs(last.x - 0.6) < ROUNDED && Math.abs(last.w - 0.8) < ROUNDED);
    assert.ok(first.t > 1.6e12 && Math.abs(first.t - Date.now()) < 60_000, "ms since 1970");
    assert.equal(first.simulated, undefined);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Nothing is sent").waitFor();
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  it("makes a quaternion of orientation events where the browser has no such sensor", async () => {
    const { page } = await OpenPage.at(browser, bridge.link.replace("/#", "/sensor?to=events#"));
    await page.addInitScript(() => {
      for (const name of ["AbsoluteOrientationSensor", "RelativeOrientationSensor"])
        Reflect.deleteProperty(window, name);
    });
    await page.reload();
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("DeviceOrientation.setDeviceOrientationOverride", { alpha: 90, beta: 90, gamma: 0 });
    const samplesUntil = await listen(client, "events");
    await start(page);
    const [sample] = await samplesUntil(() => true);
    assert.ok(sample);
    for (const part of ["x", "y", "z", "w"] as const) assert.ok(Math.abs(sample[part] - 0.5) < 1e-6, part);
    await page.getByText("orientation events").waitFor();
    await page.context().close();
  });

  it("says when there is no sensor, and sends a simulated one that is marked", async () => {
    const { page } = await OpenPage.at(browser, bridge.link.replace("/#", "/sensor#"));
    await start(page);
    await page.getByRole("alert").getByText("orientation sensor").waitFor();
    await page.getByRole("button", { name: "Simulate" }).click();
    const samplesUntil = await listen(client, "data");
    const box = await page.locator(".device-stage").boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 90, box.y + box.height / 2, { steps: 6 });
    await page.mouse.up();
    const samples = await samplesUntil(({ y }) => y > 0.1);
    assert.ok(samples.every(({ simulated }) => simulated === true));
    await page.getByText("simulated", { exact: true }).waitFor();
    await page.context().close();
  });

  it("says when the browser wants https first", async () => {
    const { port } = bridge;
    const origin = `http://${INSECURE}:${String(port)}`;
    await client.close();
    await bridge.stop();
    bridge = await startBridgeProgram(runtime, ["--port", String(port), "--origin", origin]);
    client = await connect({ url: bridge.link });
    const { page } = await OpenPage.at(browser, bridge.link.replace(bridge.url, origin).replace("/#", "/sensor#"));
    await start(page);
    await page.getByRole("alert").getByText("https pages only").waitFor();
    await page.screenshot({ path: join(PICTURES, "sensor-insecure.png") });
    await page.context().close();
  });

  it("lets one phone in by the code of --phone, for as long as it stays, and nobody else by the same code", async () => {
    const run = new CliRun("built", ["serve", "--name", "phones", "--port", "0", "--phone"], bridgeEnv(runtime));
    if (lanAddresses().length === 0) {
      assert.match((await run.ended).stderr, /no address in a local network/);
      return;
    }
    const link = (await run.note(/(?<=one phone, within 10 minutes: )\S+(?=\s)/)).trim();
    const ready = await run.line((line) => line.startsWith("ready "));
    assert.match(link, /^https:\/\/[\d.]+:\d+\/sensor#token=t1\./);
    await run.note(/█/); // the code is drawn
    const here = await connect({ url: ready.slice(6) });
    const phone = await OpenPage.at(browser, "about:blank", {
      ignoreHTTPSErrors: true,
      viewport: { width: 390, height: 844 },
      deviceScaleFactor: 2,
      isMobile: true,
      hasTouch: true,
    });
    await phone.page.goto(link);
    await emulate(phone.page, TILTED);
    const samplesUntil = await listen(here, "data");
    await phone.page.getByRole("button", { name: "Start the sensor" }).tap();
    await samplesUntil(({ x }) => x > 0.4);
    await phone.page.screenshot({ path: join(PICTURES, "sensor-phone.png") });
    const other = await OpenPage.at(browser, "about:blank", { ignoreHTTPSErrors: true });
    await other.page.goto(link);
    await other.page.getByRole("alert").getByText("does not know this token").waitFor();
    await phone.page.reload();
    await phone.page.getByRole("button", { name: "Start the sensor" }).waitFor();
    await phone.page.goto(link.replace(/sensor#.*/, "sensor?to=elsewhere"));
    await phone.page.getByRole("alert").getByText("Nothing can be published in “elsewhere”").waitFor();
    await here.close();
    await run.stop();
  });
});
