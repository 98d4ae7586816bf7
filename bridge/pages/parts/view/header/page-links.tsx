// SPDX-License-Identifier: MIT
// The pages of this bridge, beside each other.
import type { JSX } from "preact";

const PAGES = [
  ["/", "All", "Channels, plots, knobs and logs"],
  ["/plot", "Plot", "One channel's lines, large"],
  ["/knob", "Knob", "One large knob"],
  ["/sensor", "Sensor", "Sends how this device is held"],
] as const;

/** The address of one of them. */
export type PagePath = (typeof PAGES)[number][0];

/** Links to the other pages; the token stays in the tab. */
export function PageLinks({ current }: { readonly current: PagePath }): JSX.Element {
  return (
    <nav class="page-links" aria-label="Pages of this bridge">
      {PAGES.map(([path, name, what]) => (
        <a key={path} href={`.${path}`} title={what} aria-current={path === current ? "page" : undefined}>
          {name}
        </a>
      ))}
    </nav>
  );
}
