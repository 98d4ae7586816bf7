// SPDX-License-Identifier: MIT
// The page that a bridge serves, open in a browser, with all that the browser complained about.
import type { Diagnostics } from "../../bridge/pages/page/diagnostics.ts";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";

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

  /** Resolves once there are so many plots, and each shows more than so many pixels in the colours of its lines. */
  async untilDrawn(least: { readonly plots: number; readonly pixels: number }): Promise<void> {
    await this.page.waitForFunction(
      ({ plots, pixels }) => {
        const canvases = [...document.querySelectorAll<HTMLCanvasElement>(".plot-canvas canvas")];
        if (canvases.length < plots) return false;
        return canvases.every((canvas) => {
          const { width, height } = canvas;
          if (width === 0 || height === 0) return false;
          // A copy that is made to be read: Chromium complains of canvases that are read more than once.
          const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
          copy?.drawImage(canvas, 0, 0);
          const bytes = copy?.getImageData(0, 0, width, height).data ?? [];
          let coloured = 0;
          // Axes and grid are nearly grey; lines are not.
          for (let i = 0; i < bytes.length; i += 4) {
            const [r = 0, g = 0, b = 0, a = 0] = [bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]];
            if (a > 128 && Math.max(r, g, b) - Math.min(r, g, b) > 60) coloured++;
          }
          return coloured > pixels;
        });
      },
      least,
      { polling: 100 },
    );
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}

/** Resolves once an input shows `text`, also when it is made anew meanwhile. */
export async function shows(input: Locator, text: string): Promise<void> {
  while ((await input.inputValue()) !== text) {
    await input.page().evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

/** Resolves once a control can be used, or cannot be. */
export async function isUsable(control: Locator, usable: boolean): Promise<void> {
  await control.and(control.page().locator(usable ? ":enabled" : ":disabled")).waitFor();
}

/** Watches an element from now on. What this resolves with resolves once the element has shown `text`, however briefly. */
export async function watchFor(place: Locator, text: string): Promise<() => Promise<void>> {
  const seen = await place.evaluateHandle((element, wanted) => {
    const found = { isSeen: false };
    new MutationObserver(() => {
      found.isSeen ||= element.textContent.includes(wanted);
    }).observe(element, { subtree: true, childList: true, characterData: true });
    return found;
  }, text);
  return async () => {
    await place.page().waitForFunction(({ isSeen }) => isSeen, seen);
  };
}
