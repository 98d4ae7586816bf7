// SPDX-License-Identifier: MIT
// The page that a bridge serves, open in a browser, with all that the browser complained about.
import type { Diagnostics } from "../../bridge/pages/page/diagnostics.ts";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

declare global {
  interface Window {
    readonly structwire: Diagnostics;
  }
}

/** A page in a profile of its own. */
export class OpenPage {
  readonly page: Page;
  /** Errors and warnings of the console, and exceptions that nobody caught. */
  readonly complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(error.message));
  }

  static async at(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    const open = new OpenPage(await context.newPage());
    await open.page.goto(url);
    return open;
  }

  /** What the page can prove about itself. */
  counts(): Promise<Diagnostics> {
    return this.page.evaluate(() => window.structwire);
  }

  /** Resolves with the page's counts once it has so many samples and frames. */
  async until(least: { readonly samples?: number; readonly frames?: number }): Promise<Diagnostics> {
    await this.page.waitForFunction(
      ({ samples, frames }) => window.structwire.samples >= samples && window.structwire.frames >= frames,
      { samples: least.samples ?? 0, frames: least.frames ?? 0 },
      { timeout: 0 },
    );
    return this.counts();
  }

  /** Plots fields by pressing them in the list, opening the channel first where it is closed. */
  async plot(channel: string, ...fields: readonly string[]): Promise<void> {
    for (const field of fields) {
      await this.open(channel);
      await this.page.getByRole("button", { name: new RegExp(`^Plot ${channel} ${field}(,|$)`) }).click();
    }
  }

  /** Lists a channel's fields. */
  async open(channel: string): Promise<void> {
    const [driver = "", ...rest] = channel.split("/");
    const block = this.page.getByRole("region", { name: `Driver ${driver}` });
    const name = this.page.locator(".channel-name").filter({ hasText: new RegExp(`^${rest.join("/")}$`) });
    const row = block.locator(".channel-row").filter({ has: name });
    if ((await row.getAttribute("aria-expanded")) === "false") await row.click();
  }

  /** Whether each plot has drawn something in the colour of one of its lines. */
  coloursDrawn(): Promise<number[]> {
    return this.page.locator(".plot-canvas canvas").evaluateAll((canvases) =>
      canvases.map((canvas) => {
        const { width, height } = canvas as HTMLCanvasElement;
        const pixels = (canvas as HTMLCanvasElement).getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
        let coloured = 0;
        // Axes and grid are nearly grey; lines are not.
        for (let i = 0; i < pixels.length; i += 4) {
          const [r = 0, g = 0, b = 0, a = 0] = [pixels[i], pixels[i + 1], pixels[i + 2], pixels[i + 3]];
          if (a > 128 && Math.max(r, g, b) - Math.min(r, g, b) > 60) coloured++;
        }
        return coloured;
      }),
    );
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}
