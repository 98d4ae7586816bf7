// SPDX-License-Identifier: MIT
// The views of plots in cells, by both engines, in a real browser; and what a reader and the notebook's program can do with them.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import type { Browser, Locator, Page, WebSocket } from "playwright-core";
import { outputHtml, PLACE_ATTRIBUTE, type PlotSpec } from "../../bridge/client/notebook/output.ts";
import { type Client, connect } from "../../bridge/index.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import { type BridgeProgram, startBridgeProgram } from "../support/bridge-program.ts";
import { startBrowser } from "../support/browser.ts";
import { type DriverProgram, RuntimeFolder, startDriver } from "../support/driver-program.ts";
import { OutputPage } from "../support/notebook.ts";

const PICTURES = join(ROOT, "build", "pictures");
const COUNTS = { "0": 3, "4": 12, "7": 5, "10": 9 };

type Part = Pick<PlotSpec, "title" | "view" | "series">;

interface Opened {
  readonly page: Page;
  readonly sockets: readonly WebSocket[];
  /** Closes it, and says what went wrong in it. */
  readonly end: () => Promise<void>;
}

const MOTOR: readonly Part[] = [
  { title: "Angle and speed", view: "lines", series: motor("angle", "reference", "speed", "mode") },
  { title: "Speed over angle", view: "xy", series: motor("angle", "speed") },
  { title: "What vibrates", view: "spectrum", series: motor("angle", "current") },
];
const BARS: Part = { title: "Counts", view: "bars", series: [{ channel: "tally/counts", fields: ["counts"] }] };

function motor(...fields: string[]): PlotSpec["series"] {
  return [{ channel: "motor/state", fields }];
}

describe("a plot in a cell", function () {
  this.timeout(180_000);
  let runtime: RuntimeFolder;
  let driver: DriverProgram;
  let bridge: BridgeProgram;
  let client: Client;
  let browser: Browser;
  let ticket: string;

  before(async () => {
    mkdirSync(PICTURES, { recursive: true });
    runtime = new RuntimeFolder();
    driver = await startDriver(runtime, "motor");
    bridge = await startBridgeProgram(runtime);
    client = await connect(bridge.link);
    await client.channel("motor/state").latest({ timeoutMs: 120_000 });
    const publisher = client.publisher("tally/counts");
    publisher.publish({ counts: COUNTS });
    await publisher.opened;
    ({ ticket } = await client.ticket({ channels: ["motor/state", "tally/counts"] }));
    browser = await startBrowser();
  });

  after(async () => {
    await browser.close();
    await client.close();
    await bridge.stop();
    await driver.stop();
    runtime.remove();
  });

  const specOf = (part: Part, changes: Partial<PlotSpec> = {}): PlotSpec => ({
    ...{ kind: "plot", id: `${part.title} ${changes.engine ?? ""}`, url: bridge.url, ticket },
    ...{ engine: "auto", windowMs: 5000, heightPx: 260, isPaused: false, isClosed: false },
    ...part,
    ...changes,
  });

  /** Opens a page with these plots, and waits until each has got samples. */
  const open = async (specs: readonly PlotSpec[], background = "#fff"): Promise<Opened> => {
    const outputs = await OutputPage.serve(
      specs.map((spec) => outputHtml(spec, spec.title)),
      background,
    );
    const page = await browser.newPage({ viewport: { width: 960, height: specs.length * 380 } });
    const errors: Error[] = [];
    const sockets: WebSocket[] = [];
    page.on("pageerror", (error) => errors.push(error));
    page.on("websocket", (socket) => sockets.push(socket));
    await page.goto(outputs.url);
    for (const [at] of specs.entries()) await liveIn(page.locator(".output").nth(at));
    const end = async (): Promise<void> => {
      await page.close();
      await outputs.stop();
      assert.deepEqual(errors, []);
    };
    return { page, sockets, end };
  };
  const status = (text: RegExp, output: Locator): Promise<void> =>
    output.locator(".structwire-status").filter({ hasText: text }).waitFor();
  const liveIn = (output: Locator): Promise<void> => status(/^live · [\d,]+ samples?/, output);

  for (const [theme, background] of [
    ["light", "#fff"],
    ["dark", "#111"],
  ] as const) {
    it(`draws each view by each engine, on ${theme}`, async () => {
      const parts = [...MOTOR, BARS];
      const specs = parts.flatMap((part) => [specOf(part, { engine: "uplot" }), specOf(part, { engine: "plotly" })]);
      const { page, end } = await open(specs, background);
      for (const [at, { engine, title, view }] of specs.entries()) {
        const output = page.locator(".output").nth(at);
        await output.scrollIntoViewIfNeeded();
        if (engine === "plotly") {
          await output
            .locator(view === "bars" ? ".barlayer .point path" : ".scatterlayer .js-line")
            .first()
            .waitFor();
        } else {
          await output.locator("canvas").first().waitFor();
          await page.waitForFunction(hasColour, at);
        }
        await output.screenshot({ path: join(PICTURES, `plot-${view}-${engine}-${theme}.png`) });
        assert.equal(await output.locator(".structwire-title").textContent(), title);
      }
      await end();
    });
  }

  it("has one bar and one entry of the legend for each key of an object", async () => {
    const { page, end } = await open([specOf(BARS, { engine: "plotly" })]);
    await page.locator(".barlayer .point path").nth(3).waitFor();
    // The values come into the legend a moment after the bars.
    await page.waitForFunction(
      (wanted) =>
        [...document.querySelectorAll(".structwire-chip")].map(({ textContent }) => textContent).join() === wanted,
      Object.entries(COUNTS)
        .map(([key, count]) => key + String(count))
        .join(),
    );
    await end();
  });

  it("shows the values at the cursor, zooms and pauses by keys", async () => {
    const { page, end } = await open([specOf({ title: "Keys", view: "lines", series: motor("angle") })]);
    const plot = page.getByRole("group", { name: /^Plot Keys/ });
    const value = page.locator(".structwire-value");
    // So that there is something at the cursor when it has moved by half a second.
    await status(/^live · (?:[2-9]|\d\d+),\d+ samples/, page.locator(".output"));
    await plot.focus();
    await plot.press("Space");
    await status(/^paused/, page.locator(".output"));
    await value.filter({ hasText: /rad$/ }).waitFor();
    const now = (await value.textContent()) ?? "";
    for (let steps = 0; steps < 20; steps++) await plot.press("ArrowLeft");
    // Not by a part of the text: a sine is half a period before as much on the other side.
    await page.waitForFunction((was) => document.querySelector(".structwire-value")?.textContent !== was, now);
    assert.match((await value.textContent()) ?? "", /^−?[\d.]+ rad$/);
    const all = page.getByRole("button", { name: "Show all" });
    assert.equal(await all.isVisible(), false);
    await plot.press("+");
    await all.waitFor();
    await plot.press("Escape");
    await all.waitFor({ state: "hidden" });
    await plot.press("Space");
    await liveIn(page.locator(".output"));
    await end();
  });

  for (const engine of ["uplot", "plotly"] as const) {
    it(`shows a part that is drawn over with the pointer, by ${engine}`, async () => {
      const { page, end } = await open([specOf({ title: "Drag", view: "lines", series: motor("angle") }, { engine })]);
      const area = page.locator(engine === "uplot" ? ".u-over" : ".nsewdrag").first();
      await area.waitFor();
      const box = await area.boundingBox();
      assert.ok(box);
      await page.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2);
      await page.mouse.move(box.x + box.width * 0.8, box.y + box.height / 2);
      await page.mouse.up();
      await status(/^paused/, page.locator(".output"));
      await page.getByRole("button", { name: "Show all" }).click();
      await liveIn(page.locator(".output"));
      await end();
    });
  }

  it("hides a line and shows it again", async () => {
    const { page, end } = await open([specOf({ title: "Hide", view: "lines", series: motor("angle", "speed") })]);
    await page.locator("canvas").nth(1).waitFor();
    const chip = page.getByRole("button", { name: /speed/ });
    await chip.click();
    await page.locator("canvas").nth(1).waitFor({ state: "detached" });
    assert.equal(await chip.getAttribute("aria-pressed"), "false");
    await chip.click();
    await page.locator("canvas").nth(1).waitFor();
    await end();
  });

  for (const engine of ["uplot", "plotly"] as const) {
    it(`gives a picture to keep, drawn by ${engine}`, async () => {
      const { page, end } = await open([
        specOf({ title: "To keep", view: "lines", series: motor("angle") }, { engine }),
      ]);
      await page
        .locator(engine === "uplot" ? "canvas" : ".js-line")
        .first()
        .waitFor();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Save PNG" }).click(),
      ]);
      assert.equal(download.suggestedFilename(), "To-keep.png");
      const bytes = readFileSync(await download.path());
      assert.equal(bytes.subarray(1, 4).toString("latin1"), "PNG");
      assert.ok(bytes.readUInt32BE(16) >= 800 && bytes.readUInt32BE(20) >= 260);
      await end();
    });
  }

  it("takes what the notebook's program changes and keeps what it has recorded, and leaves nothing open once it is closed", async () => {
    const spec = specOf({ title: "Changed", view: "lines", series: motor("angle") });
    const { page, sockets, end } = await open([spec]);
    const output = page.locator(".output");
    const samples = async (): Promise<number> =>
      Number(/[\d,]+/.exec((await output.locator(".structwire-status").textContent()) ?? "")?.[0].replaceAll(",", ""));
    await output.locator("canvas").first().waitFor();
    const before = await samples();
    await showAgain(page, { ...spec, isPaused: true, windowMs: 2000, series: motor("angle", "speed") });
    await status(/^paused/, output);
    assert.ok((await samples()) >= before);
    assert.equal(await output.getByLabel("Window").inputValue(), "2000");
    await output.locator(".structwire-chip").nth(1).waitFor();
    await showAgain(page, { ...spec, windowMs: 2000, series: motor("angle", "speed") });
    await liveIn(output);
    assert.ok((await samples()) >= before);
    await output.locator("canvas").nth(1).waitFor();
    await showAgain(page, { ...spec, series: motor("angle", "speed"), isClosed: true });
    await status(/^closed · [\d,]+ samples?/, output);
    assert.equal(await output.getByRole("button", { name: "Pause" }).count(), 0);
    await output.locator(".structwire-canvas > canvas").waitFor();
    const [first, ...others] = sockets;
    assert.equal(others.length, 0, "the same connection brought all of it");
    if (first?.isClosed() === false) await first.waitForEvent("close");
    await end();
  });
});

/** Whether something stands out in colour on the first canvas of an output. */
function hasColour(at: number): boolean {
  const canvas = document.querySelectorAll(".output")[at]?.querySelector("canvas");
  const bytes = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
  for (let i = 0; i + 3 < bytes.length; i += 4) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = [bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]];
    if (alpha > 200 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60) return true;
  }
  return false;
}

/** Does what a notebook does when the program draws an output anew: another place in place of the one before, and the script again. */
async function showAgain(page: Page, spec: PlotSpec): Promise<void> {
  await page.evaluate(
    async ([attribute, changed]) => {
      const place = document.createElement("div");
      const name = crypto.randomUUID();
      place.setAttribute(attribute, name);
      document.querySelector(".output")?.replaceChildren(place);
      const cell = (await import(new URL("/cell.mjs", changed.url).href)) as {
        show(place: string, spec: PlotSpec): void;
      };
      cell.show(name, changed);
    },
    [PLACE_ATTRIBUTE, spec] as const,
  );
}
