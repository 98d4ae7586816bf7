// SPDX-License-Identifier: MIT
// The machine's own Chromium, driven by Playwright.
import { type Browser, chromium } from "playwright-core";
import { NEEDS } from "../../scripts/tools/needs.ts";

/** Starts Chromium without a window. Throws when the machine has none: `npm test` brings it where it may. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = NEEDS.chromium.find();
  if (executablePath === undefined)
    throw new Error("Chromium is missing: run the test by npm test, which brings it where it may");
  // Root has no sandbox to give, and machines for tests have no GPU.
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}
