// SPDX-License-Identifier: MIT
// Plots that come and go in the outputs of a notebook: the page is afterwards as it was.
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import type { Browser, CDPSession, Page, WebSocket } from "playwright-core";
import { type Client, connect } from "../../bridge/index.ts";
import { type CellSpec, PLACE_ATTRIBUTE, type PlotSpec } from "../../bridge/client/notebook/output.ts";
import { type BridgeProgram, startBridgeProgram } from "../support/bridge-program.ts";
import { startBrowser } from "../support/browser.ts";
import { type DriverProgram, RuntimeFolder, startDriver } from "../support/driver-program.ts";
import { OutputPage } from "../support/notebook.ts";

declare global {
  interface Window {
    /** Frames that the page asked for. */
    asked: number;
  }
}

/** What a page holds. */
interface Held {
  readonly sockets: number;
  /** In the document. */
  readonly elements: number;
  /** In the document or kept by something. */
  readonly nodes: number;
  readonly listeners: number;
}

/** Until here the engines and the browser fill what they keep for ever. */
const WARM = 3;
/** Enough of them that one listener that each leaves would show; plotly takes four times as long as uPlot. */
const CYCLES = { uplot: 40, plotly: 12 } as const;
/** More than two plots have: the browser may keep the last ones until something else needs their place. */
const SLACK = { nodes: 300, listeners: 32 };
/** A page that is looked at so often and still holds something will hold it. */
const LOOKS = 400;

describe("plots that are opened and closed in a notebook again and again", function () {
  this.timeout(240_000);
  let runtime: RuntimeFolder;
  let bridge: BridgeProgram;
  let driver: DriverProgram;
  let client: Client;
  let ticket: string;
  let browser: Browser;
  let outputs: OutputPage;

  before(async () => {
    runtime = new RuntimeFolder();
    bridge = await startBridgeProgram(runtime);
    driver = await startDriver(runtime, "motor");
    client = await connect(bridge.link);
    ({ ticket } = await client.ticket({ channels: ["motor/state"] }));
    outputs = await OutputPage.serve([]);
    browser = await startBrowser();
  });

  after(async () => {
    await browser.close();
    await outputs.stop();
    await client.close();
    await driver.stop();
    await bridge.stop();
    runtime.remove();
  });

  for (const engine of ["uplot", "plotly"] as const) {
    it(`leave no socket, listener or element in the page, and no frame to draw, by ${engine}`, async () => {
      const page = await browser.newPage({ viewport: { width: 960, height: 500 } });
      const sockets = openSockets(page);
      await page.addInitScript(() => {
        const request = window.requestAnimationFrame.bind(window);
        window.asked = 0;
        window.requestAnimationFrame = (callback) => {
          window.asked++;
          return request(callback);
        };
      });
      await page.goto(outputs.url);
      const devtools = await page.context().newCDPSession(page);
      await devtools.send("Performance.enable");
      const look = async (): Promise<Held> => ({
        sockets: sockets.size,
        elements: await page.locator("*").count(),
        ...(await counts(devtools)),
      });
      for (let cycle = 0; cycle < WARM; cycle++) await openAndClose(page, engine, cycle);
      const warm = await look();
      for (let cycle = WARM; cycle < WARM + CYCLES[engine]; cycle++) await openAndClose(page, engine, cycle);
      // The bridge has to answer that it closes too, which takes as long as it takes.
      for (const socket of [...sockets]) if (!socket.isClosed()) await socket.waitForEvent("close");
      const most = {
        ...{ sockets: 0, elements: warm.elements },
        ...{ nodes: warm.nodes + SLACK.nodes, listeners: warm.listeners + SLACK.listeners },
      };
      let now = await look();
      for (let looks = 0; looks < LOOKS && exceeds(now, most); looks++) now = await look();
      assert.ok(!exceeds(now, most), `${JSON.stringify(warm)} became ${JSON.stringify(now)}`);
      // The last picture of a plot may be on its way into the page still.
      let frames = await framesAsked(page);
      for (let looks = 0; looks < LOOKS && frames > 0; looks++) frames = await framesAsked(page);
      assert.equal(frames, 0);
      await page.close();
    });
  }

  /** Shows a plot until it is drawn, closes it, and takes its output out of the page. */
  async function openAndClose(page: Page, engine: PlotSpec["engine"], cycle: number): Promise<void> {
    const id = `${engine}-${String(cycle)}`;
    const spec: PlotSpec = {
      ...{
        kind: "plot",
        id,
        url: bridge.url,
        ticket,
        title: id,
        series: [{ channel: "motor/state", fields: ["angle"] }],
      },
      ...{ view: "lines", engine, windowMs: 2000, heightPx: 200, isPaused: false, isClosed: false },
    };
    await show(page, spec);
    const drawn = engine === "uplot" ? ".uplot canvas" : ".main-svg";
    await page.locator(drawn).first().waitFor();
    await show(page, { ...spec, isClosed: true });
    await page.getByText(/^closed/).waitFor();
    await page.evaluate(() => {
      document.body.replaceChildren();
    });
  }

  function show(page: Page, spec: CellSpec): Promise<void> {
    const module = new URL("/cell.mjs", bridge.url).href;
    return page.evaluate(
      async ([from, attribute, wanted]) => {
        const cell = (await import(from)) as { show(place: string, spec: CellSpec): void };
        const place = document.createElement("div");
        place.setAttribute(attribute, wanted.id);
        document.body.replaceChildren(place);
        cell.show(wanted.id, wanted);
      },
      [module, PLACE_ATTRIBUTE, spec] as const,
    );
  }
});

/** The sockets of a page that are open. */
function openSockets(page: Page): ReadonlySet<WebSocket> {
  const open = new Set<WebSocket>();
  page.on("websocket", (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  return open;
}

/** What the page holds once the collector of garbage was there, and what waited for that is done. */
async function counts(devtools: CDPSession): Promise<Pick<Held, "nodes" | "listeners">> {
  await devtools.send("HeapProfiler.collectGarbage");
  const { metrics } = await devtools.send("Performance.getMetrics");
  const metric = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? NaN;
  return { nodes: metric("Nodes"), listeners: metric("JSEventListeners") };
}

function exceeds(now: Held, most: Held): boolean {
  return (["sockets", "elements", "nodes", "listeners"] as const).some((each) => now[each] > most[each]);
}

/** Frames that the page asks for within some frames. */
function framesAsked(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const before = window.asked;
    const ours = 3;
    for (let frame = 0; frame < ours; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
    return window.asked - before - ours;
  });
}
