// SPDX-License-Identifier: MIT
// Outputs of cells in a tab of Chromium, and what drawing them takes of its main thread.
import { setTimeout } from "node:timers/promises";
import type { Browser, BrowserContext, CDPSession, Page } from "playwright-core";
import { OutputPage } from "../../test/support/notebook.ts";

/** What a tab drew for a while. */
export interface Drawing {
  readonly seconds: number;
  /** Frames of the page in which the output that was drawn least was drawn anew. */
  readonly frames: number;
  /** Seconds in which the main thread had something to do, also those in which another program had the processor. */
  readonly busy: number;
  /** Seconds of processor time of the main thread for each picture of an output. */
  readonly cpu: number;
  /** The same of all threads of the tab. */
  readonly allCpu: number;
}

interface Look {
  readonly seconds: number;
  readonly pictures: readonly number[];
  readonly busy: number;
  readonly cpu: number;
  readonly allCpu: number;
}

declare global {
  interface Window {
    /** Of each output, the frames of the page in which it was drawn anew. */
    readonly pictures: () => readonly number[];
  }
}

/** After an output came into view the first frames also draw what it missed. */
const SETTLE_MS = 500;

/** A tab in a process of its own, with the server of its page. */
export class Tab {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #served: OutputPage;
  readonly #devtools: CDPSession;

  private constructor(page: Page, served: OutputPage, devtools: CDPSession) {
    this.page = page;
    this.#context = page.context();
    this.#served = served;
    this.#devtools = devtools;
  }

  /** Opens outputs, all of them in view. */
  static async open(browser: Browser, outputs: readonly string[], heightPx: number): Promise<Tab> {
    const served = await OutputPage.serve(outputs);
    const context = await browser.newContext({ viewport: { width: 960, height: heightPx } });
    const page = await context.newPage();
    // The functions below are sent as the compiler of this program left them.
    await page.addInitScript("globalThis.__name = (target) => target;");
    await page.addInitScript(countPictures);
    await page.goto(served.url);
    const devtools = await context.newCDPSession(page);
    await devtools.send("Performance.enable");
    return new Tab(page, served, devtools);
  }

  /** Draws for so many ms, and rests out of sight afterwards: samples are kept there, but not drawn. */
  async draw(ms: number): Promise<Drawing> {
    await this.page.evaluate(showOutputs, true);
    await setTimeout(SETTLE_MS);
    const before = await this.#look();
    await setTimeout(ms);
    // However slow the machine is: what was not drawn at all would have no time.
    await this.page.waitForFunction(
      (pictures) => window.pictures().every((count, output) => count > (pictures[output] ?? 0)),
      before.pictures,
      { timeout: 0 },
    );
    const after = await this.#look();
    await this.page.evaluate(showOutputs, false);
    const pictures = after.pictures.map((count, output) => count - (before.pictures[output] ?? 0));
    const all = pictures.reduce((sum, count) => sum + count, 0);
    return {
      seconds: after.seconds - before.seconds,
      frames: Math.min(...pictures),
      busy: after.busy - before.busy,
      cpu: (after.cpu - before.cpu) / all,
      allCpu: (after.allCpu - before.allCpu) / all,
    };
  }

  async #look(): Promise<Look> {
    const pictures = await this.page.evaluate(() => window.pictures());
    const { metrics } = await this.#devtools.send("Performance.getMetrics");
    const metric = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? NaN;
    return {
      pictures,
      seconds: metric("Timestamp"),
      busy: metric("TaskDuration"),
      cpu: metric("ThreadTime"),
      allCpu: metric("ProcessTime"),
    };
  }

  async close(): Promise<void> {
    await this.#context.close();
    await this.#served.stop();
  }
}

/** In the page: puts the outputs into view or far above it. */
function showOutputs(shown: boolean): void {
  document.body.style.minHeight = "20000px";
  window.scrollTo(0, shown ? 0 : 10_000);
}

/** In the page: counts pictures, whatever draws them: strokes on a canvas, or paths of a drawing that get another shape. */
function countPictures(): void {
  const drawn = new Map<Element, { pictures: number; frame: CSSNumberish | null }>();
  const note = (element: Node): void => {
    const output = element instanceof Element ? element.closest("section.output") : null;
    if (output === null) return;
    const before = drawn.get(output) ?? { pictures: 0, frame: null };
    const frame = document.timeline.currentTime;
    if (frame !== before.frame) drawn.set(output, { pictures: before.pictures + 1, frame });
  };
  const { prototype } = CanvasRenderingContext2D;
  const stroke = Reflect.get(prototype, "stroke");
  Reflect.set(prototype, "stroke", function (this: CanvasRenderingContext2D, ...path: [Path2D]) {
    note(this.canvas);
    Reflect.apply(stroke, this, path);
  });
  new MutationObserver((changes) => {
    for (const { target } of changes) note(target);
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ["d"] });
  const pictures = (): number[] =>
    [...document.querySelectorAll("section.output")].map((output) => drawn.get(output)?.pictures ?? 0);
  Object.assign(window, { pictures });
}
