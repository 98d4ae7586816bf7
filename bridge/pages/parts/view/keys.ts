// SPDX-License-Identifier: MIT
// Keys and clicks beside what is open: Escape or a click elsewhere closes it; inside a text field keys are letters.

/** From now on: Escape and clicks elsewhere close what is open, and `pressed` hears of the keys that are nobody's. */
export function listenToKeys(pressed: (event: KeyboardEvent) => void): void {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeOpen(event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    pressed(event);
  });
  document.addEventListener("pointerdown", (event) => {
    for (const open of openPopovers()) if (!open.contains(event.target as Node)) open.open = false;
  });
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
