// SPDX-License-Identifier: MIT
// Starts the page in an element.
import type { Connect } from "../parts/link/client-port.ts";
import { startShell } from "../parts/start-shell.tsx";
import { ScopeContext } from "../parts/view/plots/scope-context.ts";
import type { Diagnostics } from "./diagnostics.ts";
import { Page } from "./page.ts";
import { App } from "./view/app.tsx";
import { listenToPageKeys } from "./view/keys.ts";
import { PageContext } from "./view/page-context.ts";

declare global {
  interface Window {
    /** What the page can prove about itself, for a person at the console and for tests. */
    readonly structwire: Diagnostics;
  }
}

/** Draws the page into `root` and connects with `connect`. */
export function startPage(root: HTMLElement, connect: Connect): void {
  const page = new Page(connect, new URL(".", location.href).href, getComputedStyle(document.body).fontFamily);
  Object.defineProperty(window, "structwire", { get: () => page.diagnostics() });
  listenToPageKeys(page);
  const view = (
    <PageContext.Provider value={page}>
      <ScopeContext.Provider value={page.scope}>
        <App />
      </ScopeContext.Provider>
    </PageContext.Provider>
  );
  startShell(root, page.shell, view, () => {
    page.scope.ink.refresh();
  });
}
