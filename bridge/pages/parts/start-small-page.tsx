// SPDX-License-Identifier: MIT
// Starts a page with one purpose: the same connection, colours and keys as the page at /, and its own view.
import { effect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { connect } from "../../browser.ts";
import { loadSettings, saveSettings } from "./settings.ts";
import { Shell } from "./shell.ts";
import { startShell } from "./start-shell.tsx";
import { listenToKeys } from "./view/keys.ts";

/** What differs from page to page. */
export interface SmallPage {
  readonly view: ComponentChildren;
  /** Whenever the colours change, and once at first. */
  readonly themed?: () => void;
  /** Keys that are nobody's. */
  readonly pressed?: (event: KeyboardEvent) => void;
}

/** Starts the page in the element `#page`; `name` is how the bridge's status shows it. */
export function startSmallPage(name: string, make: (shell: Shell) => SmallPage): void {
  const root = document.getElementById("page");
  if (root === null) return;
  const saved = loadSettings(localStorage);
  const shell = new Shell(
    connect,
    { url: new URL(".", location.href).href, name, begin: (client) => client.watch() },
    saved.theme,
  );
  effect(() => {
    saveSettings(localStorage, { ...loadSettings(localStorage), theme: shell.theme.value });
  });
  const { view, themed, pressed } = make(shell);
  listenToKeys(pressed ?? (() => undefined));
  startShell(root, shell, view, themed);
}
