// SPDX-License-Identifier: MIT
// Starts a page in an element: its token, its connection, its views, its animation loop.
import { effect } from "@preact/signals";
import { render, type ComponentChildren } from "preact";
import { forgetToken, keepToken, takeToken } from "./link/token.ts";
import type { Shell } from "./shell.ts";
import { ShellContext } from "./view/shell-context.ts";

/** Draws `view` into `root` and connects. `themed` is called whenever the colours change, and once at first. */
export function startShell(
  root: HTMLElement,
  shell: Shell,
  view: ComponentChildren,
  themed: () => void = () => undefined,
): void {
  followTheme(shell, themed);
  render(<ShellContext.Provider value={shell}>{view}</ShellContext.Provider>, root);
  shell.frames.start();
  const token = takeToken(window);
  if (token === null) shell.session.askToken(null);
  else void shell.session.start(token);
  shell.session.phase.subscribe((phase) => {
    // A one-time ticket is used up: a reload comes in by what the bridge gave for it.
    const ticket = phase.kind === "open" ? shell.session.client.peek()?.successor : undefined;
    if (ticket !== undefined) keepToken(window, ticket);
    // Refused: a reload should ask, not knock with it again.
    if (phase.kind === "token" && phase.reason !== null) forgetToken(window);
  });
  // A new link of a bridge that was started anew, opened in the tab that is here already.
  addEventListener("hashchange", () => {
    const newer = location.hash === "" ? null : takeToken(window);
    if (newer !== null) void shell.session.start(newer);
  });
}

function followTheme({ theme }: Shell, themed: () => void): void {
  effect(() => {
    if (theme.value === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme.value;
    themed();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", themed);
}
