// SPDX-License-Identifier: MIT
// The machine's own Chromium, driven by Playwright.
import { type Browser, chromium } from "playwright-core";
import { NEEDS } from "../../scripts/tools/needs.ts";

/** Root has no sandbox to give, and machines for tests have no GPU; and a test's browser calls nobody but the bridge, whatever proxy the machine has. */
const ARGUMENTS: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--no-proxy-server",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** How long Playwright waits for anything, in ms: no machine is so slow, and it ends before the test does, to say what it waited for. */
const PATIENCE_MS = 150_000;

/** Starts Chromium without a window, with more of its flags if wanted. Throws when the machine has none: `npm test` brings it where it may. */
export async function startBrowser(flags: readonly string[] = []): Promise<Browser> {
  const executablePath = NEEDS.chromium.find();
  if (executablePath === undefined)
    throw new Error("Chromium is missing: run the test by npm test, which brings it where it may");
  const browser = await chromium.launch({ executablePath, args: [...ARGUMENTS, ...flags], timeout: PATIENCE_MS });
  browser.on("context", (context) => {
    context.setDefaultTimeout(PATIENCE_MS);
  });
  return browser;
}
