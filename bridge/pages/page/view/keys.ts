// SPDX-License-Identifier: MIT
// Keys that work everywhere on the page.
import { listenToKeys } from "../../parts/view/keys.ts";
import type { Page } from "../page.ts";

/** Where `/` goes. */
export const FILTER_ID = "filter";

/** `/` filter, `p` pause, Escape closes what is open. */
export function listenToPageKeys(page: Page): void {
  listenToKeys((event) => {
    if (event.key === "/") {
      event.preventDefault();
      page.tab.value = "channels";
      focusFilter();
    } else if (event.key === "p") {
      page.plots.togglePause();
    }
  });
}

/** At once where it can be seen, so that the next key is its own; else when its tab has been drawn. */
function focusFilter(): void {
  const filter = document.getElementById(FILTER_ID);
  filter?.focus();
  if (document.activeElement !== filter) requestAnimationFrame(() => filter?.focus());
}
