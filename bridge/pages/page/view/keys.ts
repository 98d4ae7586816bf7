// SPDX-License-Identifier: MIT
// Keys that work everywhere on the page; inside a text field they are letters.
import type { Page } from "../page.ts";

/** Where `/` goes. */
export const FILTER_ID = "filter";

/** `/` filter, `p` pause, Escape closes what is open. */
export function listenToKeys(page: Page): void {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeOpen(event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "/") {
      event.preventDefault();
      page.tab.value = "channels";
      focusFilter();
    } else if (event.key === "p") {
      page.plots.togglePause();
    }
  });
  document.addEventListener("pointerdown", (event) => {
    for (const open of openPopovers()) if (!open.contains(event.target as Node)) open.open = false;
  });
}

/** At once where it can be seen, so that the next key is its own; else when its tab has been drawn. */
function focusFilter(): void {
  const filter = document.getElementById(FILTER_ID);
  filter?.focus();
  if (document.activeElement !== filter) requestAnimationFrame(() => filter?.focus());
}

function openPopovers(): Iterable<HTMLDetailsElement> {
  return document.querySelectorAll<HTMLDetailsElement>("details.popover[open]");
}

/** Closes popovers; the focus goes back to what opened them. */
function closeOpen(target: EventTarget | null): void {
  for (const open of openPopovers()) {
    open.open = false;
    if (target instanceof Node && open.contains(target)) open.querySelector("summary")?.focus();
  }
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !["range", "radio", "checkbox"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
