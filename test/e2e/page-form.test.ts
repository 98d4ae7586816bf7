// SPDX-License-Identifier: MIT
// A service as a form of a notebook's output, in a real browser, with real drivers behind it.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import type { Browser, Locator, Page } from "playwright-core";
import { type Client, connect } from "../../bridge/index.ts";
import { outputHtml } from "../../bridge/client/notebook/output.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import { type BridgeProgram, startBridgeProgram } from "../support/bridge-program.ts";
import { startBrowser } from "../support/browser.ts";
import { type DriverProgram, RuntimeFolder, startDriver } from "../support/driver-program.ts";
import { OutputPage } from "../support/notebook.ts";
import { isUsable, shows } from "../support/page.ts";
import { exposeEndless } from "../support/provide.ts";

const PICTURES = join(ROOT, "build", "pictures");

describe("the form of a service in a notebook", function () {
  this.timeout(180_000);
  let runtime: RuntimeFolder;
  let tally: DriverProgram;
  let motor: DriverProgram;
  let bridge: BridgeProgram;
  let client: Client;
  let browser: Browser;
  let outputs: OutputPage;
  let page: Page;
  const errors: Error[] = [];
  /** Ends when a call of the service `film` is given up; it runs until then. */
  let givenUp: Promise<unknown>;

  before(async () => {
    mkdirSync(PICTURES, { recursive: true });
    runtime = new RuntimeFolder();
    tally = await startDriver(runtime, "tally");
    motor = await startDriver(runtime, "motor");
    bridge = await startBridgeProgram(runtime);
    client = await connect({ url: bridge.link });
    await client.expose("halve", (number: number) => ({ half: number / 2 })).ready;
    givenUp = exposeEndless(client, "film");
    outputs = await OutputPage.serve(
      await Promise.all(["tally/count", "motor/step_response", "halve", "film"].map((service) => formOf(service))),
    );
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 960, height: 700 } });
    page.on("pageerror", (error) => errors.push(error));
    await page.goto(outputs.url);
  });

  after(async () => {
    await browser.close();
    await outputs.stop();
    await client.close();
    await bridge.stop();
    await tally.stop();
    await motor.stop();
    runtime.remove();
  });

  /** A form as a notebook's cell would hold it. */
  const formOf = async (service: string): Promise<string> => {
    const { ticket } = await client.ticket({ services: [service] });
    const access = { id: crypto.randomUUID(), url: bridge.url, ticket };
    return outputHtml({ ...access, kind: "call", service, title: service, button: "Send" }, service);
  };
  const form = (service: string): Locator => page.locator("form").filter({ has: page.getByText(service) });

  it("has a slider from the least to the greatest value, and calls the C program with it", async () => {
    const count = form("tally/count");
    const slider = count.getByLabel("value, slider");
    await slider.waitFor();
    assert.deepEqual([await slider.getAttribute("min"), await slider.getAttribute("max")], ["0", "10"]);
    await slider.fill("7");
    await shows(count.getByLabel("value", { exact: true }), "7");
    await count.getByRole("button", { name: "Send" }).click();
    await count.getByText(/^replied after /).waitFor();
    await count.getByText("0 0 0 0 0 0 0 1 0 0 0", { exact: true }).waitFor();
    await page.screenshot({ path: join(PICTURES, "form-light.png") });
    const latest = await client.channel<{ total: bigint }>("tally/counts").latest({ timeoutMs: 120_000 });
    assert.equal(Number(latest?.value.total), 1);
  });

  it("calls by Enter in a number", async () => {
    const count = form("tally/count");
    await count.getByLabel("value", { exact: true }).fill("3");
    await count.getByLabel("value", { exact: true }).press("Enter");
    await count.getByText("0 0 0 1 0 0 0 1 0 0 0", { exact: true }).waitFor();
  });

  it("does not send what is no number, and shows why the driver refused one", async () => {
    const count = form("tally/count");
    const value = count.getByLabel("value", { exact: true });
    await value.fill("many");
    await count.getByRole("button", { name: "Send" }).click();
    await count.getByRole("alert").filter({ hasText: "not a number" }).waitFor();
    await value.fill("77");
    await count.getByRole("button", { name: "Send" }).click();
    await count.getByText(/value.*10.*\(out_of_range\)$/).waitFor();
    assert.equal(await count.getByRole("alert").textContent(), "");
    const { total } = (await client.call("tally/count", { value: 0 })) as { total: number };
    assert.equal(total, 3);
  });

  it("can give up a call that runs", async () => {
    const film = form("film");
    await film.getByRole("button", { name: "Send" }).click();
    await film.getByRole("button", { name: "Cancel" }).click();
    await film.getByText(/\(cancelled\)$/).waitFor();
    await givenUp;
  });

  it("shows a long list of a reply by its extremes, with the unit", async () => {
    const step = form("motor/step_response");
    await step.getByLabel("duration_ms", { exact: true }).fill("200");
    await step.getByRole("button", { name: "Send" }).click();
    await step.getByText(/^200 values, \S+ … \S+ rad$/).waitFor();
  });

  it("calls a service of another program, whose reply is JSON", async () => {
    const halve = form("halve");
    await halve.getByLabel("number", { exact: true }).fill("9");
    await halve.getByRole("button", { name: "Send" }).click();
    await halve.getByText(/"half": 4\.5/).waitFor();
  });

  it("keeps what was chosen while the driver is gone, and works again when it is back", async () => {
    const count = form("tally/count");
    await count.getByLabel("value, slider").fill("4");
    await tally.stop();
    await count.getByText(/^the driver is gone/).waitFor();
    await isUsable(count.getByRole("button", { name: "Send" }), false);
    tally = await startDriver(runtime, "tally");
    await count.getByText(/^the driver is gone/).waitFor({ state: "hidden" });
    await count.getByRole("button", { name: "Send" }).click();
    await count.getByText("0 0 0 0 1 0 0 0 0 0 0", { exact: true }).waitFor();
    assert.deepEqual(errors, []);
  });
});
