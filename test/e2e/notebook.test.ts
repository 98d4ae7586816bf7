// SPDX-License-Identifier: MIT
// The first lesson in a real kernel, and its outputs in a real browser: the plot moves, the knobs reach the driver.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import type { Browser, Locator, Page } from "playwright-core";
import { type Client, connect } from "../../bridge/index.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import { bridgeEnv, type BridgeProgram, startBridgeProgram } from "../support/bridge-program.ts";
import { startBrowser } from "../support/browser.ts";
import { type DriverProgram, RuntimeFolder, startDriver } from "../support/driver-program.ts";
import { type ExecutedCell, executeNotebook, OutputPage } from "../support/notebook.ts";

const PICTURES = join(ROOT, "build", "pictures");

describe("the notebook 01-first-plot", function () {
  this.timeout(600_000);
  let runtime: RuntimeFolder;
  let driver: DriverProgram;
  let bridge: BridgeProgram;
  let client: Client;
  let cells: ReadonlyMap<string, ExecutedCell>;

  before(async () => {
    runtime = new RuntimeFolder();
    driver = await startDriver(runtime, "motor");
    bridge = await startBridgeProgram(runtime);
    client = await connect({ url: bridge.link });
    await client.channel("motor/state").latest({ timeoutMs: 60_000 });
    const executed = await executeNotebook(join(ROOT, "notebooks", "01-first-plot.ipynb"), bridgeEnv(runtime));
    cells = new Map(executed.map((cell) => [cell.id, cell]));
  });

  after(async () => {
    await client.close();
    await bridge.stop();
    await driver.stop();
    runtime.remove();
  });

  const cell = (id: string): ExecutedCell => {
    const found = cells.get(id);
    assert.ok(found, `there is no cell ${id}`);
    return found;
  };

  describe("in the kernel", () => {
    it("runs without a complaint", () => {
      assert.deepEqual([...cells.values()].map(({ complaints }) => complaints).join(""), "");
    });

    it("connects without being told where", () => {
      assert.equal(cell("connect").printed, `connected to the bridge "default"\n`);
    });

    it("lists what there is", () => {
      assert.match(cell("list").printed, /^motor\/state struct 14 fields$/m);
      assert.match(cell("list").printed, /^parameters: .*motor\/gains/m);
      assert.match(cell("list").printed, /^services: .*motor\/step_response/m);
    });

    it("sets a parameter and is told what was applied from which sample on", () => {
      assert.match(cell("set").printed, /kp: 4, ki: 0\.5, kd: 0\.1/);
      assert.match(cell("set").printed, /^the first sample after it is number \d+ of motor\/state$/m);
    });

    it("is told why a set is refused, which changes nothing", () => {
      assert.match(cell("refuse").printed, /^out_of_range - .*kp/);
      assert.match(cell("refuse").printed, /kp: 4, ki: 0\.5, kd: 0\.1/);
    });

    it("reads typed arrays with every sample, a millisecond apart", () => {
      const { printed } = cell("columns");
      const [, first, last] = /^2000 samples, 0 gaps, numbers (\d+) to (\d+)$/m.exec(printed) ?? [];
      assert.equal(Number(last) - Number(first), 1999);
      assert.match(printed, /^steps in ns: 1000000$/m);
      assert.match(printed, /^angle: Float64Array 2000 lateness: Float32Array 2000$/m);
      const worst = Number(/error is at most (\S+)/.exec(printed)?.[1]);
      assert.ok(worst <= 1e-9, printed);
    });

    it("calls a service", () => {
      assert.match(cell("call").printed, /^rise \d+ ms, overshoot [\d.]+ %, settled after (?:\d+|NaN) ms$/m);
    });

    it("puts no token into its outputs", () => {
      const outputs = JSON.stringify([...cells.values()]);
      assert.ok(bridge.token.length > 10);
      assert.equal(outputs.includes(bridge.token), false);
    });
  });

  describe("in the browser", () => {
    let browser: Browser;
    let page: Page;
    let outputs: OutputPage;
    let plot: Locator;
    let knobs: Locator;

    before(async () => {
      mkdirSync(PICTURES, { recursive: true });
      browser = await startBrowser();
      outputs = await OutputPage.serve([cell("plot").html, cell("knobs").html]);
      page = await browser.newPage({ viewport: { width: 960, height: 500 } });
      await page.goto(outputs.url);
      plot = page.locator(".output").nth(0);
      knobs = page.locator(".output").nth(1);
      await plot.locator("canvas").first().waitFor();
      await knobs.getByLabel("kp", { exact: true }).waitFor();
    });

    after(async () => {
      await browser.close();
      await outputs.stop();
    });

    /** How many samples the plot says that it has, once it does. */
    const samplesSeen = async (): Promise<number> => {
      const seen = await page.waitForFunction(
        () => /([\d,]+) samples/.exec(document.querySelector(".output .structwire-status")?.textContent ?? "")?.[1],
      );
      return Number((await seen.jsonValue())?.replaceAll(",", ""));
    };
    const samplesReach = async (count: number): Promise<void> => {
      await page.waitForFunction(
        ([selector, wanted]) => {
          const status = document.querySelector(selector)?.textContent ?? "";
          return Number(/([\d,]+) samples/.exec(status)?.[1]?.replaceAll(",", "")) >= wanted;
        },
        [".output .structwire-status", count] as const,
      );
    };
    /** The points of the lines as plotly holds them. */
    const lines = (): Promise<{ name: string; x: number[]; y: number[] }[]> =>
      page.evaluate(() => {
        const drawn = document.querySelector<
          HTMLElement & { data: { name: string; x: Float64Array; y: Float64Array }[] }
        >(".js-plotly-plot");
        return (drawn?.data ?? []).map(({ name, x, y }) => ({ name, x: [...x], y: [...y] }));
      });
    /** The same as soon as it is as wanted. */
    const linesWhen = async (
      holds: (drawn: Awaited<ReturnType<typeof lines>>) => boolean,
    ): ReturnType<typeof lines> => {
      for (;;) {
        const drawn = await lines();
        if (holds(drawn)) return drawn;
        await page.evaluate(() => new Promise(requestAnimationFrame));
      }
    };

    it("draws a fast channel by the fast engine, and by the other one when the reader wants", async () => {
      const engine = plot.getByLabel("Drawn by");
      assert.equal(await engine.inputValue(), "uplot");
      await engine.selectOption("plotly");
      await plot.locator(".main-svg").first().waitFor();
      assert.equal(await plot.locator("canvas").count(), 0);
    });

    it("draws the samples of the motor, live, with units on the axis", async () => {
      // What a page that was held up has lost stands behind it.
      await plot
        .locator(".structwire-status")
        .filter({ hasText: /^live · [\d,]+ samples/ })
        .waitFor();
      await plot
        .locator(".structwire-canvas")
        .filter({ hasText: /\[rad\]/ })
        .waitFor();
      // The newest point of each line is at the right edge, and the window is full.
      const drawn = await linesWhen(
        (all) =>
          all.length > 0 &&
          all.every(({ x }) => {
            const times = x.filter((time) => !Number.isNaN(time));
            return Math.max(...times) > -1 && Math.min(...times) < -4.5;
          }),
      );
      assert.deepEqual(
        drawn.map(({ name }) => name),
        ["angle", "reference"],
      );
      for (const { y } of drawn) {
        const values = y.filter((value) => !Number.isNaN(value));
        assert.ok(values.length > 0 && values.every((value) => Math.abs(value) < 10));
      }
      await page.screenshot({ path: join(PICTURES, "notebook-light.png") });
    });

    it("moves while it is looked at, and stands still while it is paused", async () => {
      const [first] = await lines();
      await linesWhen(([line]) => String(line?.y) !== String(first?.y));
      await plot.getByRole("button", { name: "Pause" }).click();
      await plot.getByText(/^paused/).waitFor();
      const paused = await lines();
      await samplesReach((await samplesSeen()) + 500);
      assert.deepEqual(await lines(), paused);
      await plot.getByRole("button", { name: "Go on" }).click();
    });

    it("sets a gain by a slider, and shows what the driver applied", async () => {
      const slider = knobs.getByLabel("kp, slider");
      await slider.focus();
      await slider.press("ArrowRight");
      await knobs.getByText(/^applied from sample [\d,]+ on$/).waitFor();
      const shown = Number(await knobs.getByLabel("kp", { exact: true }).inputValue());
      assert.notEqual(shown, 2);
      assert.deepEqual((await client.get("motor/gains")).value, { kp: shown, ki: 0.5, kd: 0.1 });
    });

    it("snaps back from a value that the driver refuses, with the reason", async () => {
      const input = knobs.getByLabel("kp", { exact: true });
      const shown = await input.inputValue();
      await input.fill("400");
      await input.press("Enter");
      await knobs.getByRole("alert").filter({ hasText: "kp" }).waitFor();
      assert.equal(await input.inputValue(), shown);
      assert.deepEqual((await client.get("motor/gains")).value, { kp: Number(shown), ki: 0.5, kd: 0.1 });
    });

    it("follows when somebody else sets the parameter", async () => {
      await client.set("motor/gains", { ki: 3.5 });
      await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[aria-label="ki"]')?.value === "3.5");
    });

    it("goes on after the notebook took it out of the page and put it back", async () => {
      await page.evaluate(() => {
        const output = document.querySelector(".output");
        const parent = output?.parentElement;
        const next = output?.nextSibling ?? null;
        if (output === null || parent === null || parent === undefined) throw new Error("no output");
        output.remove();
        return new Promise<void>((resolve) => {
          requestAnimationFrame(() => {
            parent.insertBefore(output, next);
            resolve();
          });
        });
      });
      await samplesReach((await samplesSeen()) + 500);
    });

    it("takes dark colours on a dark background", async () => {
      const dark = await OutputPage.serve([cell("plot").html, cell("knobs").html], "#111");
      const other = await browser.newPage({ viewport: { width: 960, height: 500 } });
      await other.goto(dark.url);
      await other.locator("canvas").first().waitFor();
      await other.getByText(/^live · (?:[3-9]|\d\d+),\d+ samples/).waitFor();
      const color = await other
        .locator(".structwire-title")
        .first()
        .evaluate((title) => getComputedStyle(title).color);
      assert.equal(color, "rgb(228, 231, 235)");
      await other.screenshot({ path: join(PICTURES, "notebook-dark.png") });
      await other.close();
      await dark.stop();
    });

    it("shows a restart of the driver and goes on by itself", async () => {
      await driver.stop("SIGKILL");
      await plot.getByText(/^the driver is gone/).waitFor();
      await knobs.getByText(/^the driver is gone/).waitFor();
      driver = await startDriver(runtime, "motor");
      await plot.getByText(/restarted 1×/).waitFor();
      await knobs.getByText(/^the driver is gone/).waitFor({ state: "hidden" });
      assert.equal(await knobs.getByLabel("kp", { exact: true }).inputValue(), "2");
    });

    it("says quietly that the cell must be run again once its bridge is another one", async () => {
      const errors: Error[] = [];
      page.on("pageerror", (error) => errors.push(error));
      const { port } = bridge;
      await bridge.stop();
      bridge = await startBridgeProgram(runtime, ["--port", String(port)]);
      await plot.getByText(/earlier run of the bridge.*run the cell again/).waitFor();
      await knobs.getByText(/earlier run of the bridge.*run the cell again/).waitFor();
      assert.deepEqual(errors, []);
    });

    it("says so when no bridge is there any more", async () => {
      await bridge.stop();
      const late = await browser.newPage();
      await late.goto(outputs.url);
      await late
        .getByText(/no bridge answers at .*run this cell again/)
        .first()
        .waitFor();
      await late.close();
      bridge = await startBridgeProgram(runtime);
    });
  });
});
