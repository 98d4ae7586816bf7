// SPDX-License-Identifier: MIT
// Chooses which part is shown where the screen has no room for all.
import type { JSX } from "preact";
import type { Tab } from "../page.ts";
import { usePage } from "./page-context.ts";

const TABS: readonly (readonly [tab: Tab, label: string])[] = [
  ["channels", "Channels"],
  ["plots", "Plots"],
  ["knobs", "Knobs"],
  ["logs", "Logs"],
];

export function Tabs(): JSX.Element {
  const { tab, plots } = usePage();
  const count = plots.series.value.length;
  return (
    <nav class="tabs" aria-label="Parts of the page">
      {TABS.map(([name, label]) => (
        <button
          key={name}
          type="button"
          class={`tab tab-${name}`}
          aria-current={tab.value === name ? "true" : undefined}
          onClick={() => {
            tab.value = name;
          }}
        >
          {label}
          {name === "plots" && count > 0 && <span class="count">{count}</span>}
        </button>
      ))}
    </nav>
  );
}
