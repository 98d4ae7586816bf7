// SPDX-License-Identifier: MIT
// Starts the page in an element: the token, the connection, the views, the animation loop.
import { effect } from "@preact/signals";
import { render } from "preact";
import type { Diagnostics } from "./diagnostics.ts";
import type { Connect } from "./link/client-port.ts";
import { forgetToken, takeToken } from "./link/token.ts";
import { Page } from "./page.ts";
import { App } from "./view/app.tsx";
import { PageContext } from "./view/page-context.ts";
import { listenToKeys } from "./view/keys.ts";

declare global {
  interface Window {
    /** What the page can prove about itself, for a person at the console and for tests. */
    readonly structwire: Diagnostics;
  }
}

/** Draws the page into `root` and connects with `connect`. */
export function startPage(root: HTMLElement, connect: Connect): void {
  const page = new Page(connect, location.origin, getComputedStyle(document.body).fontFamily);
  Object.defineProperty(window, "structwire", { get: () => page.diagnostics() });
  followTheme(page);
  listenToKeys(page);
  render(
    <PageContext.Provider value={page}>
      <App />
    </PageContext.Provider>,
    root,
  );
  page.frames.start();
  const token = takeToken(window);
  if (token === null) page.session.askToken(null);
  else void page.session.start(token);
  page.session.phase.subscribe((phase) => {
    // Refused: a reload should ask, not knock with it again.
    if (phase.kind === "token" && phase.reason !== null) forgetToken(window);
  });
  // A new link of a bridge that was started anew, opened in the tab that is here already.
  addEventListener("hashchange", () => {
    const newer = location.hash === "" ? null : takeToken(window);
    if (newer !== null) void page.session.start(newer);
  });
}

function followTheme(page: Page): void {
  effect(() => {
    if (page.theme.value === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = page.theme.value;
    page.ink.refresh();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    page.ink.refresh();
  });
}
